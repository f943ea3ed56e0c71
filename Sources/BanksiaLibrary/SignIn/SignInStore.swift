import BanksiaCore
import BanksiaIdentity
import BanksiaSQL

/// All SQL of signing in with a password.
enum SignInStore {
    struct Credential {
        var user: UserID
        var isActive: Bool
        var hash: String?
        var wantsCode: Bool
    }

    private static let source: SQL = """
        SELECT "user".id, "user".is_active, password.hash, COALESCE(one_time_code.is_confirmed, FALSE) FROM "user"
        LEFT JOIN password ON password.user_id = "user".id LEFT JOIN one_time_code ON one_time_code.user_id = "user".id
        """

    private static func decode(_ row: Row) throws -> Credential {
        Credential(user: try row.value(0), isActive: try row.value(1), hash: try row.value(2), wantsCode: try row.value(3))
    }

    static func credential(email folded: String, _ tx: borrowing Transaction) throws -> Credential? {
        try tx.row("\(source) WHERE \"user\".email_folded = \(folded)", decode)
    }

    static func credential(of user: UserID, _ tx: borrowing Transaction) throws -> Credential? {
        try tx.row("\(source) WHERE \"user\".id = \(user)", decode)
    }

    static func setPassword(_ hash: String, of user: UserID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO password (user_id, hash, changed_at) VALUES (\(user), \(hash), \(now))
            ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at
            """)
    }

    /// Puts another hash of the same password in the place of one, unless the password was changed meanwhile.
    static func replacePassword(_ old: String, by fresh: String, of user: UserID, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE password SET hash = \(fresh) WHERE user_id = \(user) AND hash = \(old)")
    }

    // Attempts

    static func attempts(_ subject: String, _ tx: borrowing Transaction) throws -> (failures: Int, lastAt: Instant)? {
        try tx.row("SELECT failures, last_at FROM sign_in_attempt WHERE subject = \(subject)") {
            (try $0.value(0), try $0.value(1))
        }
    }

    static func setAttempts(_ subject: String, _ failures: Int, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO sign_in_attempt (subject, failures, last_at) VALUES (\(subject), \(failures), \(now))
            ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
            """)
    }

    static func forgetAttempts(_ subject: String, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM sign_in_attempt WHERE subject = \(subject)")
    }

    /// Takes one attempt back.
    static func forgiveAttempt(_ subject: String, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE sign_in_attempt SET failures = failures - 1 WHERE subject = \(subject) AND failures > 0")
    }

    // Set-up links

    /// Makes a link the only one of a user.
    static func setLink(_ hash: [UInt8], of user: UserID, until expiry: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM setup_link WHERE user_id = \(user)")
        try tx.execute("INSERT INTO setup_link (hash, user_id, expires_at) VALUES (\(hash), \(user), \(expiry))")
    }

    static func linkOwner(_ hash: [UInt8], at now: Instant, _ tx: borrowing Transaction) throws -> UserID? {
        try tx.value("SELECT user_id FROM setup_link WHERE hash = \(hash) AND expires_at > \(now)")
    }

    /// Uses a link up.
    static func takeLink(_ hash: [UInt8], at now: Instant, _ tx: borrowing Transaction) throws -> UserID? {
        try tx.value("DELETE FROM setup_link WHERE hash = \(hash) AND expires_at > \(now) RETURNING user_id")
    }

    // One-time codes

    static func code(of user: UserID, _ tx: borrowing Transaction) throws -> (
        secret: OneTimeSecret, isConfirmed: Bool, lastStep: Int64
    )? {
        try tx.row("SELECT secret, is_confirmed, last_step FROM one_time_code WHERE user_id = \(user)") {
            (OneTimeSecret(bytes: try $0.value(0)), try $0.value(1), try $0.value(2))
        }
    }

    /// Keeps a secret that is not used before it is confirmed; one that is in use stays.
    static func prepareCode(_ secret: OneTimeSecret, of user: UserID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO one_time_code (user_id, secret) VALUES (\(user), \(secret.bytes))
            ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE NOT one_time_code.is_confirmed
            """)
    }

    static func confirmCode(of user: UserID, lastStep: Int64, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE one_time_code SET is_confirmed = TRUE, last_step = \(lastStep) WHERE user_id = \(user)")
    }

    static func removeCode(of user: UserID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM one_time_code WHERE user_id = \(user)")
    }

    // Sessions

    static func removeSession(_ id: SessionID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM session WHERE id = \(id)")
    }

    /// Ends every sign-in of a user but one, those under way, and the tokens that were made for them before.
    static func endSignIns(of user: UserID, but kept: SessionID? = nil, at now: Instant, _ tx: borrowing Transaction) throws {
        let others: SQL = kept.map { "AND id <> \($0)" } ?? .empty
        try tx.execute("DELETE FROM session WHERE user_id = \(user) \(others)")
        try OwnProviderStore.forgetCodes(of: user, tx)
        try tx.execute(
            """
            INSERT INTO token_floor (user_id, issued_from) VALUES (\(user), \(now))
            ON CONFLICT (user_id) DO UPDATE SET issued_from = excluded.issued_from
            """)
    }

    /// Forgets what has run out.
    static func prune(at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM sign_in_attempt WHERE last_at < \(now.adding(.zero - SignInThrottle.memory))")
        try tx.execute("DELETE FROM setup_link WHERE expires_at < \(now)")
        try tx.execute("DELETE FROM oauth_state WHERE expires_at < \(now)")
        try tx.execute("DELETE FROM openid_code WHERE expires_at < \(now)")
        try tx.execute("DELETE FROM session WHERE expires_at < \(now)")
    }
}
