import BanksiaCore
import BanksiaFiles
import BanksiaSQL

/// How often an original was removed, and whether it is being removed now.
struct OriginalRemoval: Equatable {
    /// Goes up with each removal, before it begins.
    var count: Int64 = 0
    var isUnderWay = false
    /// When it began or ended last; `nil` when nothing is known of any.
    var changedAt: Instant?
}

/// SQL of the removal of originals. What it is for stands in `Originals`.
enum OriginalStore {
    /// What is known of the removals of an original.
    static func removal(of digest: ContentDigest, _ tx: borrowing Transaction) throws -> OriginalRemoval {
        try tx.row("SELECT count, is_under_way, changed_at FROM original_removal WHERE checksum = \(digest)") { row in
            OriginalRemoval(count: try row.value(0), isUnderWay: try row.value(1), changedAt: try row.value(2))
        } ?? OriginalRemoval()
    }

    /// Counts one more removal, under way or, when an upload takes over an interrupted one, over.
    ///
    /// - Returns: its number.
    static func count(of digest: ContentDigest, isUnderWay: Bool, at now: Instant, _ tx: borrowing Transaction) throws -> Int64 {
        let number = try tx.value(
            """
            INSERT INTO original_removal (checksum, count, is_under_way, changed_at)
            VALUES (\(digest), 1, \(isUnderWay), \(now))
            ON CONFLICT (checksum) DO UPDATE SET
                count = original_removal.count + 1, is_under_way = excluded.is_under_way, changed_at = excluded.changed_at
            RETURNING count
            """, as: Int64.self)
        guard let number else { preconditionFailure("an insert that updates on conflict returns a row") }
        return number
    }

    /// Ends the removal with this number, unless someone has taken over.
    static func end(_ digest: ContentDigest, number: Int64, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE original_removal SET is_under_way = FALSE, changed_at = \(now)
            WHERE checksum = \(digest) AND count = \(number)
            """)
    }

    /// Forgets removals that ended before an instant.
    static func prune(endedBefore instant: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM original_removal WHERE NOT is_under_way AND changed_at < \(instant)")
    }
}
