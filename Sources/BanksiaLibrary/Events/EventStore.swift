import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of the feeds.
enum EventStore {
    /// Appends what happened to a library's feed.
    ///
    /// The numbers come from a counter of the library. Whoever counts it up holds it until the commit, so numbers become
    /// visible in their order and none is missing; the transaction holds the library's lock before that (`Database.change`),
    /// or it might have to wait here with what it read before. Times never run backwards within a feed.
    static func record(_ changes: [Change], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        guard !changes.isEmpty else { return }
        let counted = try tx.row(
            """
            UPDATE event_counter SET last = last + \(changes.count),
                last_at = CASE WHEN last_at < \(now) THEN \(now) ELSE last_at END
            WHERE library_id = \(library) RETURNING last, last_at
            """
        ) { (last: try $0.value(0, as: Int64.self), at: try $0.value(1, as: Instant.self)) }
        guard let counted else { throw LibraryProblem.notFound }
        let first = counted.last - Int64(changes.count) + 1
        for (place, change) in changes.enumerated() {
            try tx.execute(
                """
                INSERT INTO event (library_id, sequence, entity_type, event_type, entity_id, payload, created_at)
                VALUES (\(library), \(first + Int64(place)), \(change.entity.rawValue), \(change.type), \(change.entityID),
                    \(try change.payload.map(Self.json)), \(counted.at))
                """)
        }
    }

    private static func json(_ payload: [String: String?]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(payload), as: UTF8.self)
    }
}
