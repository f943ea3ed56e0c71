import BanksiaCore
import BanksiaIdentity
import BanksiaSQL
import Foundation
import Synchronization

/// The token endpoint, and the programs that may call it.
extension OwnProvider {
    /// What a program gets for a code.
    public struct Tokens: Sendable {
        public let idToken: String
        /// Good for asking about the person once more, and for nothing else.
        public let accessToken: String
        /// Seconds that both are good.
        public let life: Int
    }

    private static let tokenLife = Duration.seconds(600)
    private static let userInfoAudience = "userinfo"

    /// Exchanges a code.
    ///
    /// - Parameter origin: where this server is reached, which is the issuer's name.
    /// - Throws: `OwnProviderProblem`.
    public func tokens(
        for code: String, redirectURI: String, verifier: String?, clientID: String, clientSecret: String, origin: String
    ) async throws -> Tokens {
        try await authenticate(clientID, clientSecret)
        let grant = try await take(code, client: clientID, redirectURI: redirectURI, verifier: verifier)
        guard let user = try await database.read({ tx in try AccountStore.user(grant.user, tx) }), user.isActive else {
            throw OwnProviderProblem.invalidGrant
        }
        let now = clock.now
        let end = now.adding(Self.tokenLife)
        var token = IDToken(
            iss: origin, sub: user.id.description, aud: clientID, exp: Double(end.microseconds / 1_000_000),
            iat: Double(now.microseconds / 1_000_000))
        token.authTime = Double(grant.signedInAt.microseconds / 1_000_000)
        token.nonce = grant.nonce
        token.email = user.email
        token.emailVerified = IDToken.Truth(user.isVerified)
        token.givenName = user.firstName
        token.familyName = user.lastName
        token.name = [user.firstName, user.lastName].compactMap(\.self).joined(separator: " ").nonBlank
        let access = TokenClaims(
            subject: user.id.description, audience: Self.userInfoAudience, id: ProofKey.makeVerifier(), issuedAt: now,
            expiresAt: end)
        return Tokens(
            idToken: try await keys.signingKey().sign(token), accessToken: try await keys.codec().token(access),
            life: Int(Self.tokenLife.components.seconds))
    }

    /// Whom an access token of this provider tells about.
    ///
    /// - Throws: `AccountProblem`.
    public func user(ofAccessToken text: String) async throws -> User {
        guard let claims = try await keys.codec().claims(of: text, for: Self.userInfoAudience), let id = UserID(claims.subject)
        else { throw AccountProblem.invalidCredential }
        guard claims.expiresAt > clock.now else { throw AccountProblem.expiredCredential }
        guard let user = try await database.read({ tx in try AccountStore.user(id, tx) }), user.isActive else {
            throw AccountProblem.inactiveAccount
        }
        return user
    }

    /// The public half of the key that tokens are signed with, as JSON (RFC 7517).
    public func publishedKeys() async throws -> String { try await keys.signingKey().publishedSet }

    private func authenticate(_ id: String, _ secret: String) async throws {
        let client = try await database.read { tx in try OwnProviderStore.client(id, tx) }
        let given = Self.hash(secret)
        guard let client, zip(given, client.secretHash).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0 else {
            throw OwnProviderProblem.invalidClient
        }
    }

    /// Registers a program.
    ///
    /// - Returns: its id and its secret, which is shown this once.
    /// - Throws: `OwnProviderProblem.unusableRedirect`.
    public func addClient(named name: Name, redirectURIs: [String]) async throws -> (id: String, secret: String) {
        if let unusable = redirectURIs.first(where: { !RedirectList.isPlain($0) }) {
            throw OwnProviderProblem.unusableRedirect(unusable)
        }
        let secret = ProofKey.makeVerifier()
        let id = String(ProofKey.makeVerifier().prefix(16))
        try await database.write { [now = clock.now] tx in
            let client = Client(id: id, name: name.text, secretHash: Self.hash(secret), redirectURIs: redirectURIs)
            try OwnProviderStore.insert(client, at: now, tx)
        }
        return (id, secret)
    }
}

/// The keys of this server as a provider; made when they are first needed, then kept.
final class OwnProviderKeys: Sendable {
    private let database: Database
    private let clock: any WallClock
    /// Making an RSA key blocks for seconds, once in the life of an installation.
    private let pool = BlockingPool(width: 1, capacity: 64)
    private let known = Mutex<(signing: SigningKey?, codec: TokenCodec?)>((nil, nil))

    init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    func signingKey() async throws -> SigningKey {
        if let key = known.withLock({ $0.signing }) { return key }
        var stored = try await database.read { tx in try AccountStore.serverKey(for: "openid-signing", tx) }
        if stored == nil {
            let fresh = try await pool.run { try SigningKey.make() }
            stored = try await database.write { [now = clock.now] tx in
                try AccountStore.serverKey(for: "openid-signing", orKeep: fresh, at: now, tx)
            }
        }
        let key = try SigningKey(stored: stored ?? [])
        known.withLock { $0.signing = key }
        return key
    }

    func codec() async throws -> TokenCodec {
        if let codec = known.withLock({ $0.codec }) { return codec }
        let key = try await database.write { [now = clock.now] tx in
            try AccountStore.serverKey(for: "openid-access", orKeep: .random(count: 32), at: now, tx)
        }
        let codec = await TokenCodec(key: key, issuer: OwnProvider.issuer)
        known.withLock { $0.codec = codec }
        return codec
    }
}

extension [UInt8] {
    /// Bytes that nobody can guess.
    fileprivate static func random(count: Int) -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &source) }
    }
}
