import BanksiaCore
import BanksiaSQL

/// All SQL of API keys.
enum APIKeyStore {
    struct CredentialRow {
        var user: UserID
        var hash: [UInt8]
        var actions: Set<Action>
        var allLibraries: Bool
        var isActive: Bool
        var lastUsedAt: Instant?
        var isUserActive: Bool
    }

    static func credential(_ id: APIKeyID, _ tx: borrowing Transaction) throws -> CredentialRow? {
        try tx.row(
            """
            SELECT api_key.user_id, api_key.secret_hash, api_key.actions, api_key.all_libraries, api_key.is_active, api_key.last_used_at,
                   "user".is_active
            FROM api_key JOIN "user" ON "user".id = api_key.user_id WHERE api_key.id = \(id)
            """
        ) {
            CredentialRow(
                user: try $0.value(0), hash: try $0.value(1), actions: decodeActions(try $0.value(2)),
                allLibraries: try $0.value(3),
                isActive: try $0.value(4), lastUsedAt: try $0.value(5), isUserActive: try $0.value(6))
        }
    }

    static func touch(_ id: APIKeyID, at now: Instant, unlessSince recent: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            "UPDATE api_key SET last_used_at = \(now) WHERE id = \(id) AND (last_used_at IS NULL OR last_used_at < \(recent))")
    }

    static func insert(
        _ secret: Secret<APIKey>, name: String, of user: UserID, actions: Set<Action>, libraries: [LibraryID]?, at now: Instant,
        _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO api_key (id, user_id, name, secret_hash, actions, all_libraries, created_at)
            VALUES (\(secret.id), \(user), \(name), \(secret.hash), \(encode(actions)), \(libraries == nil), \(now))
            """)
        for library in libraries ?? [] {
            try tx.execute(
                "INSERT INTO api_key_library (api_key_id, library_id) VALUES (\(secret.id), \(library)) ON CONFLICT DO NOTHING")
        }
    }

    static func keys(of user: UserID, _ tx: borrowing Transaction) throws -> [APIKey] {
        try tx.rows(
            "SELECT \(columns) FROM api_key WHERE api_key.user_id = \(user) ORDER BY api_key.created_at DESC, api_key.id DESC",
            decode)
    }

    static func key(_ id: APIKeyID, of user: UserID, _ tx: borrowing Transaction) throws -> APIKey? {
        try tx.row("SELECT \(columns) FROM api_key WHERE api_key.id = \(id) AND api_key.user_id = \(user)", decode)
    }

    static func rename(_ id: APIKeyID, to name: String, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE api_key SET name = \(name) WHERE id = \(id)")
    }

    /// - Returns: whether there was such a key.
    static func delete(_ id: APIKeyID, of user: UserID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.execute("DELETE FROM api_key WHERE id = \(id) AND user_id = \(user)") > 0
    }

    private static let columns: SQL = """
        api_key.id, api_key.name, api_key.actions, api_key.all_libraries,
        (SELECT COUNT(*) FROM api_key_library WHERE api_key_library.api_key_id = api_key.id), api_key.is_active, api_key.created_at,
        api_key.last_used_at
        """

    private static func decode(_ row: Row) throws -> APIKey {
        APIKey(
            id: try row.value(0), name: try row.value(1), actions: decodeActions(try row.value(2)),
            selectedLibraryCount: try row.value(3, as: Bool.self) ? nil : try row.value(4), isActive: try row.value(5),
            createdAt: try row.value(6), lastUsedAt: try row.value(7))
    }

    private static func encode(_ actions: Set<Action>) -> String {
        Action.allCases.filter(actions.contains).map(\.rawValue).joined(separator: ",")
    }
    private static func decodeActions(_ text: String) -> Set<Action> {
        Set(text.split(separator: ",").compactMap { Action(rawValue: String($0)) })
    }
}
