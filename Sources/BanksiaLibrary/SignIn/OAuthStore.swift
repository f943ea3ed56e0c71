import BanksiaCore
import BanksiaIdentity
import BanksiaSQL

/// All SQL of sign-ins at a provider, and of the identities they bring.
enum OAuthStore {
    /// A sign-in under way.
    struct State {
        var nonce: String
        var redirectURI: String
        /// The client's own, to which it shows the verifier in the end.
        var challenge: String?
        /// Ours, where the client has no challenge of its own.
        var verifier: String?
    }

    static func insert(_ state: State, hash: [UInt8], until expiry: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO oauth_state (hash, nonce, redirect_uri, challenge, verifier, expires_at)
            VALUES (\(hash), \(state.nonce), \(state.redirectURI), \(state.challenge), \(state.verifier), \(expiry))
            """)
    }

    /// Uses a state up; `nil` when it is unknown, used or too old.
    static func take(_ hash: [UInt8], at now: Instant, _ tx: borrowing Transaction) throws -> State? {
        try tx.row(
            """
            DELETE FROM oauth_state WHERE hash = \(hash) AND expires_at > \(now)
            RETURNING nonce, redirect_uri, challenge, verifier
            """
        ) {
            State(
                nonce: try $0.value(0), redirectURI: try $0.value(1), challenge: try $0.value(2), verifier: try $0.value(3))
        }
    }

    /// Whose identity this is: `nil` when it is new, an empty answer when its account is gone.
    static func owner(of identity: Identity, _ tx: borrowing Transaction) throws -> (user: UserID?, isKnown: Bool) {
        let row = try tx.row(
            "SELECT user_id FROM identity WHERE issuer = \(identity.issuer) AND subject = \(identity.subject)"
        ) { try $0.value(0, as: UserID?.self) }
        guard let row else { return (nil, false) }
        return (row, true)
    }

    static func hasIdentity(_ user: UserID, at issuer: String, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value("SELECT EXISTS (SELECT 1 FROM identity WHERE user_id = \(user) AND issuer = \(issuer))") ?? false
    }

    static func bind(_ identity: Identity, to user: UserID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO identity (issuer, subject, user_id, created_at)
            VALUES (\(identity.issuer), \(identity.subject), \(user), \(now))
            """)
    }
}
