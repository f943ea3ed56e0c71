import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of this server as an identity provider.
enum OwnProviderStore {
    static func client(_ id: String, _ tx: borrowing Transaction) throws -> OwnProvider.Client? {
        try tx.row("SELECT id, name, secret_hash, redirect_uris FROM openid_client WHERE id = \(id)") {
            OwnProvider.Client(
                id: try $0.value(0), name: try $0.value(1), secretHash: try $0.value(2),
                redirectURIs: try JSONDecoder().decode([String].self, from: Data(try $0.value(3, as: String.self).utf8)))
        }
    }

    static func insert(_ client: OwnProvider.Client, at now: Instant, _ tx: borrowing Transaction) throws {
        let uris = String(decoding: try JSONEncoder().encode(client.redirectURIs), as: UTF8.self)
        try tx.execute(
            """
            INSERT INTO openid_client (id, name, secret_hash, redirect_uris, created_at)
            VALUES (\(client.id), \(client.name), \(client.secretHash), \(uris), \(now))
            """)
    }

    /// What a code stands for.
    struct Grant {
        var clientID: String
        var user: UserID
        var redirectURI: String
        var nonce: String?
        var challenge: String?
        var signedInAt: Instant
    }

    static func insert(_ grant: Grant, hash: [UInt8], until expiry: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO openid_code (hash, client_id, user_id, redirect_uri, nonce, challenge, signed_in_at, expires_at)
            VALUES (\(hash), \(grant.clientID), \(grant.user), \(grant.redirectURI), \(grant.nonce), \(grant.challenge),
                \(grant.signedInAt), \(expiry))
            """)
    }

    /// Uses a code up; `nil` when it is unknown, used or too old.
    static func take(_ hash: [UInt8], at now: Instant, _ tx: borrowing Transaction) throws -> Grant? {
        try tx.row(
            """
            DELETE FROM openid_code WHERE hash = \(hash) AND expires_at > \(now)
            RETURNING client_id, user_id, redirect_uri, nonce, challenge, signed_in_at
            """
        ) {
            Grant(
                clientID: try $0.value(0), user: try $0.value(1), redirectURI: try $0.value(2), nonce: try $0.value(3),
                challenge: try $0.value(4), signedInAt: try $0.value(5))
        }
    }

    /// Makes the codes void that were made for a user and not redeemed yet.
    static func forgetCodes(of user: UserID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM openid_code WHERE user_id = \(user)")
    }

    /// Since when a session is.
    static func sessionStart(_ id: SessionID, _ tx: borrowing Transaction) throws -> Instant? {
        try tx.value("SELECT created_at FROM session WHERE id = \(id)")
    }
}
