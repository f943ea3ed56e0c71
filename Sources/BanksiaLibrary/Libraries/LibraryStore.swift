import BanksiaCore
import BanksiaSQL

/// All SQL of libraries.
enum LibraryStore {
    private static let columns: SQL = """
        library.id, library.owner_id, owner.first_name, owner.last_name, library.name, library.description, library_usage.live_assets,
        library_usage.stored_bytes, library.storage_limit_bytes, library.created_at, library.updated_at, library.trashed_at
        """
    private static let source: SQL = """
        library JOIN library_usage ON library_usage.library_id = library.id JOIN "user" AS owner ON owner.id = library.owner_id
        """

    private static func decode(_ row: Row) throws -> Library {
        let names: [String?] = [try row.value(2), try row.value(3)]
        return Library(
            id: try row.value(0), ownerID: try row.value(1), ownerName: names.compactMap(\.self).joined(separator: " ").nonBlank,
            name: try row.value(4), description: try row.value(5), role: .owner, assetCount: try row.value(6),
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
    }

    static func libraries(_ state: Library.State, by viewer: Viewer, _ tx: borrowing Transaction) throws -> [Library] {
        let condition: SQL =
            switch state {
            case .live: "library.trashed_at IS NULL"
            case .trashed: "library.trashed_at IS NOT NULL"
            case .all: "TRUE"
            }
        let order: SQL = state == .trashed ? "library.trashed_at DESC, library.id DESC" : "library.created_at, library.id"
        return try tx.rows(
            "SELECT \(columns) FROM \(source) WHERE \(viewer.seesLibrary) AND \(condition) ORDER BY \(order)", decode)
    }

    /// The live library the viewer sees; `nil` when there are several or none.
    static func onlyLibrary(of viewer: Viewer, _ tx: borrowing Transaction) throws -> LibraryID? {
        let first = try tx.rows(
            "SELECT library.id FROM library WHERE library.trashed_at IS NULL AND \(viewer.seesLibrary) LIMIT 2"
        ) {
            try $0.value(0, as: LibraryID.self)
        }
        return first.count == 1 ? first[0] : nil
    }

    /// A library by id, trashed ones included.
    static func library(_ id: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library? {
        try tx.row("SELECT \(columns) FROM \(source) WHERE library.id = \(id) AND \(viewer.seesLibrary)", decode)
    }

    static func library(named name: Name, of owner: UserID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library? {
        try tx.row(
            "SELECT \(columns) FROM \(source) WHERE library.owner_id = \(owner) AND library.name_folded = \(name.folded)", decode)
    }

    static func update(_ library: Library, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE library SET name = \(library.name), name_folded = \(library.name.lowercased()), description = \(library.description),
                updated_at = \(library.updatedAt)
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
