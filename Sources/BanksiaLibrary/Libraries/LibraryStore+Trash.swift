import BanksiaCore
import BanksiaSQL

// The way of a library out: into the trash and back, and its end.
extension LibraryStore {
    /// How many libraries outside the trash someone owns.
    static func liveCount(of owner: UserID, _ tx: borrowing Transaction) throws -> Int {
        try tx.value("SELECT COUNT(*) FROM library WHERE owner_id = \(owner) AND trashed_at IS NULL") ?? 0
    }

    static func trash(_ id: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE library SET trashed_at = \(now), updated_at = \(now) WHERE id = \(id)")
    }

    static func restore(_ id: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE library SET trashed_at = NULL, purging_since = NULL, updated_at = \(now) WHERE id = \(id)")
    }

    /// Notes that a trashed library is to be purged; one that is being purged already stays as it is.
    static func beginPurge(of id: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE library SET purging_since = COALESCE(purging_since, \(now)) WHERE id = \(id)")
    }

    /// Notes for those that were trashed before an instant that they are to be purged.
    static func beginPurges(trashedBefore instant: Instant, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE library SET purging_since = \(now) WHERE trashed_at < \(instant) AND purging_since IS NULL")
    }

    /// Libraries whose purge has not come to its end.
    static func purging(_ tx: borrowing Transaction) throws -> [LibraryID] {
        try tx.rows("SELECT id FROM library WHERE trashed_at IS NOT NULL AND purging_since IS NOT NULL ORDER BY id") {
            try $0.value(0)
        }
    }

    /// How far a purge has come.
    enum PurgeState { case notWanted, underWay, empty, gone }

    static func purgeState(of id: LibraryID, _ tx: borrowing Transaction) throws -> PurgeState {
        let state: PurgeState? = try tx.row(
            "SELECT purged_at IS NOT NULL, trashed_at IS NOT NULL AND purging_since IS NOT NULL FROM library WHERE id = \(id)"
        ) { row in
            if try row.value(0, as: Bool.self) { return .empty }
            return try row.value(1, as: Bool.self) ? .underWay : .notWanted
        }
        return state ?? .gone
    }

    /// Some of the assets of a library, live and trashed.
    static func someAssets(of id: LibraryID, atMost limit: Int, _ tx: borrowing Transaction) throws -> [AssetID] {
        try tx.rows("SELECT id FROM asset WHERE library_id = \(id) ORDER BY local_wall, id LIMIT \(limit)") { try $0.value(0) }
    }

    /// Deletes some of the things that group a library's assets.
    ///
    /// - Parameter table: where they stand, with `id` and `library_id`.
    /// - Returns: which.
    static func deleteSome<Subject>(
        _ table: SQL, of id: LibraryID, atMost limit: Int, _ tx: borrowing Transaction
    ) throws -> [Identifier<Subject>] {
        try tx.rows(
            "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) WHERE library_id = \(id) LIMIT \(limit)) RETURNING id"
        ) { try $0.value(0) }
    }

    /// Notes that nothing is in it any more: from here on nobody sees it.
    static func endPurge(of id: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE library SET purged_at = \(now) WHERE id = \(id)")
    }

    /// Forgets the oldest part of a purged library's feed.
    ///
    /// - Returns: how many events.
    static func deleteEvents(of id: LibraryID, atMost limit: Int, _ tx: borrowing Transaction) throws -> Int {
        try tx.execute(
            """
            DELETE FROM event WHERE library_id = \(id)
                AND sequence IN (SELECT sequence FROM event WHERE library_id = \(id) ORDER BY sequence LIMIT \(limit))
            """)
    }

    /// Removes the row; its members, invitations and counters go with it.
    static func delete(_ id: LibraryID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM library WHERE id = \(id)")
    }
}
