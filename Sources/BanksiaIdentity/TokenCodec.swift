public import BanksiaCore
import JWTKit

/// Writes and reads the server's own tokens: JSON Web Tokens (RFC 7519) under one HMAC key (HS256).
///
/// Whoever shows one can be known without a look into the database; whether they still may come in is another question.
public struct TokenCodec: Sendable {
    /// Longer texts are none of ours.
    private static let longest = 2048

    private let keys: JWTKeyCollection
    private let issuer: String

    /// - Parameters:
    ///   - key: 32 secret bytes; another key makes all earlier tokens void.
    ///   - issuer: written into each token and asked for in each.
    public init(key: [UInt8], issuer: String) async {
        keys = await JWTKeyCollection().add(hmac: HMACKey(from: key), digestAlgorithm: .sha256)
        self.issuer = issuer
    }

    /// A token that says this.
    public func token(_ claims: TokenClaims) async throws -> String {
        try await keys.sign(
            Payload(
                iss: issuer, aud: claims.audience, sub: claims.subject, iat: claims.issuedAt.secondsSinceEpoch,
                exp: claims.expiresAt.secondsSinceEpoch, jti: claims.id))
    }

    /// What a token says; `nil` for anything but a token of ours for this audience. Whether it has expired is for the caller
    /// to see.
    public func claims(of text: String, for audience: String) async -> TokenClaims? {
        guard text.utf8.count <= Self.longest else { return nil }
        // Every way in which it can be wrong means the same: it is not ours.
        guard let payload = try? await keys.verify(text, as: Payload.self), payload.iss == issuer, payload.aud == audience,
            let issuedAt = Instant(secondsSinceEpoch: payload.iat), let expiresAt = Instant(secondsSinceEpoch: payload.exp)
        else { return nil }
        return TokenClaims(
            subject: payload.sub, audience: payload.aud, id: payload.jti, issuedAt: issuedAt, expiresAt: expiresAt)
    }

    private struct Payload: JWTPayload {
        let iss: String
        let aud: String
        let sub: String
        let iat: Double
        let exp: Double
        let jti: String

        /// Signature and form are all that is asked here: times are compared with the clock of whoever reads the claims.
        func verify(using _: some JWTAlgorithm) {}
    }
}

/// What a token of ours says.
public struct TokenClaims: Sendable, Equatable {
    /// Whom it stands for.
    public let subject: String
    /// What it may be used for.
    public let audience: String
    /// Tells tokens apart that are otherwise equal.
    public let id: String
    public let issuedAt: Instant
    public let expiresAt: Instant

    public init(subject: String, audience: String, id: String, issuedAt: Instant, expiresAt: Instant) {
        self.subject = subject
        self.audience = audience
        self.id = id
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

extension Instant {
    /// As JSON Web Tokens write times (RFC 7519 §2, NumericDate): a number that may have a fraction.
    var secondsSinceEpoch: Double { Double(microseconds) / 1_000_000 }

    /// `nil` for what no clock shows.
    init?(secondsSinceEpoch seconds: Double) {
        guard seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        self.init(microseconds: Int64((seconds * 1_000_000).rounded()))
    }
}
