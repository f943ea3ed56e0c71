public import BanksiaCore
import BanksiaIdentity
import BanksiaSQL
import Crypto
import Synchronization

/// The tokens that other programs get for a user by OAuth, and use as their bearer credential (contract §5).
///
/// A token slides: long before it runs out an answer carries a fresh one. The old one stays good until its own end, because
/// clients work in parallel and may lose a fresh one.
public final class AccessTokens: Sendable {
    /// How long a token is good.
    public static let life = Duration.seconds(30 * 86_400)
    /// A token older than this is due for a fresh one.
    static let renewalAge = life / 3

    private static let issuer = "banksia"
    private static let audience = "api"

    private let database: Database
    private let clock: any WallClock
    private let ids: IdentifierSource
    private let known = Mutex<TokenCodec?>(nil)

    /// Nothing but an id of its own tells two tokens of one instant apart.
    private enum Token: IdentifierSubject { static let idPrefix = "token_" }

    init(database: Database, clock: any WallClock, ids: IdentifierSource) {
        self.database = database
        self.clock = clock
        self.ids = ids
    }

    /// A new token for a user.
    public func make(for user: UserID) async throws -> String {
        let now = clock.now
        return try await codec().token(
            TokenClaims(
                subject: user.description, audience: Self.audience, id: ids.make(Identifier<Token>.self).description,
                issuedAt: now, expiresAt: now.adding(Self.life)))
    }

    /// A fresh token for who came with one that has grown old; `nil` where none is due, or the old one holds no more: its request
    /// may have taken hours.
    public func renewal(for viewer: Viewer) async throws -> String? {
        guard case .token(let issuedAt) = viewer.credential, clock.now.since(issuedAt) > Self.renewalAge else { return nil }
        // Made first: a token that is taken back after the look is older than what takes it back.
        let fresh = try await make(for: viewer.user)
        let token = try await database.read { tx in try AccountStore.token(of: viewer.user, tx) }
        guard let token, token.isUserActive, token.validFrom.map({ $0 <= issuedAt }) ?? true else { return nil }
        return fresh
    }

    /// Whose token this is, and since when.
    ///
    /// - Returns: nil for anything but a token of ours.
    /// - Throws: `AccountProblem.expiredCredential`.
    func bearer(_ text: String) async throws -> (user: UserID, issuedAt: Instant)? {
        guard let claims = try await codec().claims(of: text, for: Self.audience), let user = UserID(claims.subject) else {
            return nil
        }
        guard claims.expiresAt > clock.now else { throw AccountProblem.expiredCredential }
        return (user, claims.issuedAt)
    }

    /// The codec with the key in the database, which is read once.
    private func codec() async throws -> TokenCodec {
        if let codec = known.withLock({ $0 }) { return codec }
        let key = try await database.write { [now = clock.now] tx in
            let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
            return try AccountStore.serverKey(for: "access-token", orKeep: fresh, at: now, tx)
        }
        let codec = await TokenCodec(key: key, issuer: Self.issuer)
        known.withLock { $0 = codec }
        return codec
    }
}
