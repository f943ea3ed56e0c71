import BanksiaCore
import BanksiaSQL

/// All SQL of libraries.
enum LibraryStore {
    private static let columns: SQL = """
        library.id, library.owner_id, owner.first_name, owner.last_name, library.name, library.description, library_usage.live_assets,
        library_usage.stored_bytes, library.storage_limit_bytes, library.created_at, library.updated_at, library.trashed_at
        """

    /// Libraries with what the viewer is in each: the last column of a row that `decode` reads.
    private static func select(by viewer: Viewer, where condition: SQL, order: SQL = .empty) -> SQL {
        """
        SELECT \(columns), CASE WHEN library.owner_id = \(viewer.user) THEN 'owner' ELSE COALESCE(mine.role, 'viewer') END
        FROM library JOIN library_usage ON library_usage.library_id = library.id JOIN "user" AS owner ON owner.id = library.owner_id
            LEFT JOIN library_member AS mine
                ON mine.library_id = library.id AND mine.user_id = \(viewer.user) AND mine.state = 'active'
        WHERE \(condition) \(order)
        """
    }

    private static func decode(_ row: Row) throws -> Library {
        Library(
            id: try row.value(0), ownerID: try row.value(1), ownerName: User.displayName(try row.value(2), try row.value(3)),
            name: try row.value(4), description: try row.value(5), role: try row.value(12), assetCount: try row.value(6),
            storageUsedBytes: try row.value(7), storageLimitBytes: try row.value(8), createdAt: try row.value(9),
            updatedAt: try row.value(10), trashedAt: try row.value(11))
    }

    static func insert(
        _ id: LibraryID, owner: UserID, _ name: Name, description: String?, at now: Instant, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO library (id, owner_id, name, name_folded, description, created_at, updated_at)
            VALUES (\(id), \(owner), \(name.text), \(name.folded), \(description), \(now), \(now))
            """)
        try tx.execute("INSERT INTO library_usage (library_id) VALUES (\(id))")
        try tx.execute("INSERT INTO event_counter (library_id) VALUES (\(id))")
    }

    /// The viewer's libraries: their own first, oldest first; the trashed by time of trashing, newest first.
    static func libraries(_ state: Library.State, by viewer: Viewer, _ tx: borrowing Transaction) throws -> [Library] {
        let condition: SQL =
            switch state {
            case .live: "library.trashed_at IS NULL"
            case .trashed: "library.trashed_at IS NOT NULL"
            case .all: "TRUE"
            }
        let order: SQL =
            state == .trashed
            ? "ORDER BY library.trashed_at DESC, library.id DESC"
            : "ORDER BY CASE WHEN library.owner_id = \(viewer.user) THEN 0 ELSE 1 END, library.created_at, library.id"
        return try tx.rows(select(by: viewer, where: "\(viewer.seesLibrary) AND \(condition)", order: order), decode)
    }

    /// The library that is meant without a name, as far as that follows from which ones there are (contract §6): the only one
    /// they own, or the only one they have joined if they own none. Those the credential does not cover do not count.
    static func onlyLibrary(of viewer: Viewer, _ tx: borrowing Transaction) throws -> LibraryID? {
        let first = try tx.rows(
            """
            SELECT library.id, library.owner_id = \(viewer.user) FROM library
            WHERE library.trashed_at IS NULL AND \(viewer.seesLibrary)
            ORDER BY CASE WHEN library.owner_id = \(viewer.user) THEN 0 ELSE 1 END LIMIT 2
            """
        ) { (id: try $0.value(0, as: LibraryID.self), isOwned: try $0.value(1, as: Bool.self)) }
        switch first.count {
        case 1: return first[0].id
        case 2 where first[0].isOwned && !first[1].isOwned: return first[0].id
        default: return nil
        }
    }

    /// A library by id, trashed ones included.
    static func library(_ id: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library? {
        try tx.row(select(by: viewer, where: "library.id = \(id) AND \(viewer.seesLibrary)"), decode)
    }

    /// An owner's library of a name, trashed ones included, whether or not the viewer's credential covers it.
    static func library(named name: Name, of owner: UserID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library? {
        try tx.row(
            select(by: viewer, where: "library.owner_id = \(owner) AND library.name_folded = \(name.folded)"), decode)
    }

    /// Whose library it is, whatever its state.
    static func owner(of library: LibraryID, _ tx: borrowing Transaction) throws -> UserID? {
        try tx.value("SELECT owner_id FROM library WHERE id = \(library)")
    }

    static func update(_ library: Library, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE library SET name = \(library.name), name_folded = \(library.name.lowercased()), description = \(library.description),
                storage_limit_bytes = \(library.storageLimitBytes), updated_at = \(library.updatedAt)
            WHERE id = \(library.id)
            """)
    }

    /// Adds to a library's counters; negative values take away.
    static func count(assets: Int = 0, bytes: Int64 = 0, in library: LibraryID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE library_usage SET live_assets = live_assets + \(assets), stored_bytes = stored_bytes + \(bytes)
            WHERE library_id = \(library)
            """)
    }
}
