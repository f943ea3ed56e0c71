import BanksiaCore
import BanksiaSQL

/// All SQL of accounts and credentials.
enum AccountStore {
    private static let columns: SQL = """
        "user".id, "user".email, "user".first_name, "user".last_name, "user".is_active, "user".is_superuser, "user".is_verified,
        "user".demo_mode_enabled, "user".face_detection_preference, "user".favorite_display_mode, "user".home_country,
        "user".home_subdivision, "user".immich_library_id, "user".timezone, "user".storage_limit_bytes,
        (SELECT COALESCE(SUM(library_usage.stored_bytes), 0) FROM library_usage JOIN library ON library.id = library_usage.library_id
         WHERE library.owner_id = "user".id),
        "user".created_at, "user".updated_at
        """

    private static func decode(_ row: Row) throws -> User {
        User(
            id: try row.value(0), email: try row.value(1), firstName: try row.value(2), lastName: try row.value(3),
            isActive: try row.value(4), isSuperuser: try row.value(5), isVerified: try row.value(6),
            demoModeEnabled: try row.value(7),
            faceDetectionPreference: try row.value(8), favoriteDisplayMode: try row.value(9), homeCountry: try row.value(10),
            homeSubdivision: try row.value(11), immichLibraryID: try row.value(12), timezone: try row.value(13),
            storageLimitBytes: try row.value(14), storageUsedBytes: try row.value(15), createdAt: try row.value(16),
            updatedAt: try row.value(17))
    }

    static func user(_ id: UserID, _ tx: borrowing Transaction) throws -> User? {
        try tx.row("SELECT \(columns) FROM \"user\" WHERE \"user\".id = \(id)", decode)
    }

    static func user(_ email: User.Email, _ tx: borrowing Transaction) throws -> User? {
        try tx.row("SELECT \(columns) FROM \"user\" WHERE \"user\".email_folded = \(email.folded)", decode)
    }

    /// One more than `limit` accounts, in the order in which they were made.
    static func users(after id: UserID?, limit: Int, _ tx: borrowing Transaction) throws -> [User] {
        let start: SQL = id.map { "\"user\".id > \($0)" } ?? "TRUE"
        return try tx.rows("SELECT \(columns) FROM \"user\" WHERE \(start) ORDER BY \"user\".id LIMIT \(limit + 1)", decode)
    }

    static func update(_ user: User, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE "user" SET email = \(user.email), email_folded = \(user.email.lowercased()), first_name = \(user.firstName),
                last_name = \(user.lastName), is_active = \(user.isActive), is_superuser = \(user.isSuperuser),
                demo_mode_enabled = \(user.demoModeEnabled), face_detection_preference = \(user.faceDetectionPreference),
                favorite_display_mode = \(user.favoriteDisplayMode), home_country = \(user.homeCountry),
                home_subdivision = \(user.homeSubdivision), immich_library_id = \(user.immichLibraryID),
                timezone = \(user.timezone), storage_limit_bytes = \(user.storageLimitBytes), updated_at = \(user.updatedAt)
            WHERE id = \(user.id)
            """)
    }

    static func hasUsers(_ tx: borrowing Transaction) throws -> Bool {
        try tx.value("SELECT EXISTS (SELECT 1 FROM \"user\")") ?? false
    }

    static func insert(_ id: UserID, _ email: User.Email, isSuperuser: Bool, at now: Instant, _ tx: borrowing Transaction) throws
    {
        try tx.execute(
            """
            INSERT INTO "user" (id, email, email_folded, is_superuser, is_verified, created_at, updated_at)
            VALUES (\(id), \(email.address), \(email.folded), \(isSuperuser), TRUE, \(now), \(now))
            """)
    }

    /// What a provider said about somebody at their first sign-in.
    static func introduce(
        _ user: UserID, firstName: String?, lastName: String?, isVerified: Bool, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE "user" SET first_name = \(firstName), last_name = \(lastName), is_verified = \(isVerified) WHERE id = \(user)
            """)
    }

    struct SessionRow {
        var user: UserID
        var hash: [UInt8]
        var expiresAt: Instant
        var isUserActive: Bool
    }

    static func session(_ id: SessionID, _ tx: borrowing Transaction) throws -> SessionRow? {
        try tx.row(
            """
            SELECT session.user_id, session.secret_hash, session.expires_at, "user".is_active
            FROM session JOIN "user" ON "user".id = session.user_id WHERE session.id = \(id)
            """
        ) { SessionRow(user: try $0.value(0), hash: try $0.value(1), expiresAt: try $0.value(2), isUserActive: try $0.value(3)) }
    }

    /// Whether an account is active, and since when its tokens are good; `nil` when there is no such account.
    static func token(of user: UserID, _ tx: borrowing Transaction) throws -> (isUserActive: Bool, validFrom: Instant?)? {
        try tx.row(
            """
            SELECT "user".is_active, token_floor.issued_from FROM "user"
            LEFT JOIN token_floor ON token_floor.user_id = "user".id WHERE "user".id = \(user)
            """
        ) { (try $0.value(0), try $0.value(1)) }
    }

    static func insertSession(
        _ secret: Secret<Session>, of user: UserID, at now: Instant, until expiry: Instant, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO session (id, user_id, secret_hash, created_at, expires_at)
            VALUES (\(secret.id), \(user), \(secret.hash), \(now), \(expiry))
            """)
    }

    /// The server's own key for a purpose; `nil` before its first use.
    static func serverKey(for purpose: String, _ tx: borrowing Transaction) throws -> [UInt8]? {
        try tx.value("SELECT bytes FROM server_key WHERE purpose = \(purpose)")
    }

    /// The server's own key for a purpose, made on first use.
    static func serverKey(for purpose: String, orKeep fresh: [UInt8], at now: Instant, _ tx: borrowing Transaction) throws
        -> [UInt8]
    {
        try tx.execute(
            "INSERT INTO server_key (purpose, bytes, created_at) VALUES (\(purpose), \(fresh), \(now)) ON CONFLICT (purpose) DO NOTHING"
        )
        return try tx.value("SELECT bytes FROM server_key WHERE purpose = \(purpose)") ?? fresh
    }
}
