import BanksiaCore
import BanksiaIdentity
import BanksiaSQL
import Crypto
import Foundation

/// Signing people in for other programs, at an identity provider (contract §5).
public struct OAuth: Sendable {
    let database: Database
    let accounts: Accounts
    let clock: any WallClock
    let ids: IdentifierSource
    let provider: (any IdentityProvider)?
    let redirects: RedirectList
    /// Whether somebody who signs in for the first time gets an account.
    let takesNewUsers: Bool

    /// From the start of a sign-in to its end.
    static let stateLife = Duration.seconds(600)

    /// Begins a sign-in.
    ///
    /// - Parameters:
    ///   - challenge: the client's own (PKCE, S256); without one the server keeps a verifier itself.
    ///   - origin: where this server is reached.
    /// - Returns: where to send the browser.
    /// - Throws: `OAuthProblem`, `IdentityProblem`.
    public func start(redirectURI: String, challenge: String?, method: String?, origin: String) async throws -> String {
        guard let provider else { throw OAuthProblem.notConfigured }
        if let challenge, !ProofKey.isChallenge(challenge) { throw OAuthProblem.challenge }
        guard method == nil || method == "S256" else { throw OAuthProblem.challengeMethod }
        guard redirects.allows(redirectURI) else { throw OAuthProblem.redirectNotAllowed }
        let secret = ProofKey.makeVerifier()
        let nonce = ProofKey.makeVerifier()
        let verifier = challenge == nil ? ProofKey.makeVerifier() : nil
        let request = AuthorizationRequest(
            redirectURI: redirectURI, state: secret, nonce: nonce,
            challenge: challenge ?? ProofKey.challenge(for: verifier ?? ""))
        let url = try await provider.authorizationURL(for: request, origin: origin)
        try await database.write { [now = clock.now] tx in
            let state = OAuthStore.State(nonce: nonce, redirectURI: redirectURI, challenge: challenge, verifier: verifier)
            try OAuthStore.insert(state, hash: Self.hash(secret), until: now.adding(Self.stateLife), tx)
        }
        return url
    }

    /// What a client gets at the end.
    public struct SignedIn: Sendable {
        public let token: String
        public let user: User
        /// The name of the person at the provider.
        public let subject: String
    }

    /// Ends a sign-in with what the browser came back with.
    ///
    /// - Throws: `OAuthProblem`, `IdentityProblem`.
    public func finish(code: String?, state: String?, error: String?, verifier: String?) async throws -> SignedIn {
        guard let provider else { throw OAuthProblem.notConfigured }
        let known = try await take(state)
        if let error = error?.nonBlank { throw OAuthProblem.refused(Self.readable(error)) }
        guard let known else { throw OAuthProblem.invalidState }
        guard let code = code?.nonBlank, code.utf8.count <= 4096 else { throw OAuthProblem.codeMissing }
        let proof = known.verifier ?? verifier?.nonBlank
        // Providers check this too, as far as they know of it; not all do.
        if let challenge = known.challenge, !ProofKey.proves(proof, challenge) { throw OAuthProblem.verifier }
        let identity = try await provider.redeem(code, redirectURI: known.redirectURI, verifier: proof, nonce: known.nonce)
        let user = try await user(for: identity)
        return SignedIn(token: try await accounts.tokens.make(for: user.id), user: user, subject: identity.subject)
    }

    /// Where a browser signs out at the provider.
    ///
    /// - Throws: `OAuthProblem.noLogout`, `.notConfigured`; `IdentityProblem`.
    public func logoutURL(origin: String) async throws -> String {
        guard let provider else { throw OAuthProblem.notConfigured }
        guard let url = try await provider.logoutURL(origin: origin) else { throw OAuthProblem.noLogout }
        return url
    }

    /// Ends the connections to the provider.
    public func close() async { await provider?.close() }

    private func take(_ state: String?) async throws -> OAuthStore.State? {
        guard let state = state?.nonBlank, ProofKey.isVerifier(state) else { return nil }
        return try await database.write { [now = clock.now] tx in try OAuthStore.take(Self.hash(state), at: now, tx) }
    }

    /// The account of an identity, made at its first sign-in.
    private func user(for identity: Identity) async throws -> User {
        if identity.issuer == OwnProvider.issuer {
            guard let id = UserID(identity.subject), let user = try await database.read({ tx in try AccountStore.user(id, tx) })
            else { throw OAuthProblem.identityGone }
            return user
        }
        return try await database.write { [now = clock.now, ids, takesNewUsers] tx in
            try tx.lock(Array("identity:\(identity.email?.lowercased() ?? identity.subject)".utf8))
            let owner = try OAuthStore.owner(of: identity, tx)
            if owner.isKnown {
                guard let id = owner.user, let user = try AccountStore.user(id, tx) else { throw OAuthProblem.identityGone }
                return user
            }
            guard let email = identity.email.flatMap({ try? User.Email($0) }) else { throw OAuthProblem.noEmail }  // said so
            if let user = try AccountStore.user(email, tx) {
                guard identity.isEmailVerified, try !OAuthStore.hasIdentity(user.id, at: identity.issuer, tx) else {
                    throw OAuthProblem.identityConflict
                }
                try OAuthStore.bind(identity, to: user.id, at: now, tx)
                return user
            }
            guard takesNewUsers else { throw OAuthProblem.noNewUsers }
            let user = try Accounts.add(email, isSuperuser: false, ids: ids, at: now, tx)
            try AccountStore.introduce(
                user.id, firstName: identity.givenName?.nonBlank, lastName: identity.familyName?.nonBlank,
                isVerified: identity.isEmailVerified, tx)
            try OAuthStore.bind(identity, to: user.id, at: now, tx)
            return try AccountStore.user(user.id, tx) ?? user
        }
    }

    /// A provider's error as a person may see it: a short word of theirs, nothing that looks like anything else.
    private static func readable(_ error: String) -> String {
        let word = error.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || $0 == "_" || $0 == " ") }.prefix(64)
        return word.isEmpty ? "no reason given" : String(String.UnicodeScalarView(word))
    }

    private static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}
