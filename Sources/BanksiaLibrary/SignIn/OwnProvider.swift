import BanksiaCore
public import BanksiaIdentity
import BanksiaSQL
import Crypto
import Foundation

/// This server as an identity provider: for its own API, so that an installation without an identity service signs people in,
/// and for other programs that the operator registers.
public struct OwnProvider: IdentityProvider {
    let database: Database
    let clock: any WallClock
    let redirects: RedirectList
    let keys: OwnProviderKeys

    /// How identities of this provider are told from others. Their subject is the account's id.
    static let issuer = "banksia"
    /// The client that the server itself is.
    static let ownClientID = "banksia"
    /// A code is redeemed at once or never (RFC 6749 §4.1.2 allows ten minutes).
    private static let codeLife = Duration.seconds(120)

    /// A program that signs people in here.
    public struct Client: Sendable, Equatable {
        public let id: String
        public let name: String
        let secretHash: [UInt8]
        let redirectURIs: [String]
    }

    // As the provider of this server's own API: no detour over HTTP.

    public func authorizationURL(for request: BanksiaIdentity.AuthorizationRequest, origin: String) async throws -> String {
        let parameters = [
            ("response_type", "code"), ("client_id", Self.ownClientID), ("redirect_uri", request.redirectURI),
            ("scope", "openid email profile"), ("state", request.state), ("nonce", request.nonce),
            ("code_challenge", request.challenge), ("code_challenge_method", "S256"),
        ]
        return origin + Self.authorizationPath + "?" + FormEncoding.encode(parameters)
    }

    public func logoutURL(origin: String) async throws -> String? { origin + Self.endSessionPath }

    public func redeem(_ code: String, redirectURI: String, verifier: String?, nonce: String) async throws -> Identity {
        let grant: OwnProviderStore.Grant
        do {
            grant = try await take(code, client: Self.ownClientID, redirectURI: redirectURI, verifier: verifier)
        } catch is OwnProviderProblem { throw IdentityProblem.codeRefused }
        guard grant.nonce == nonce else { throw IdentityProblem.untrustworthy("it belongs to another sign-in") }
        return Identity(issuer: Self.issuer, subject: grant.user.description)
    }

    /// There are none: this server is the provider.
    public func close() async {}

    public static let authorizationPath = "/signin/authorize"
    public static let endSessionPath = "/signin/end-session"

    // The authorization endpoint.

    /// What a program asks for, by way of a browser.
    public struct Request: Sendable, Equatable {
        public var clientID: String
        public var redirectURI: String
        public var responseType: String
        public var scope: String
        public var state: String?
        public var nonce: String?
        public var challenge: String?
        public var method: String?

        public init(
            clientID: String, redirectURI: String, responseType: String, scope: String, state: String?, nonce: String?,
            challenge: String?, method: String?
        ) {
            self.clientID = clientID
            self.redirectURI = redirectURI
            self.responseType = responseType
            self.scope = scope
            self.state = state
            self.nonce = nonce
            self.challenge = challenge
            self.method = method
        }
    }

    /// Makes sure that a browser may be sent back to where the program wants it.
    ///
    /// - Throws: `OwnProviderProblem.unknownClient`, `.redirectNotRegistered`.
    public func checkTarget(of request: Request) async throws {
        if request.clientID == Self.ownClientID {
            guard redirects.allows(request.redirectURI) else { throw OwnProviderProblem.redirectNotRegistered }
            return
        }
        guard let client = try await database.read({ tx in try OwnProviderStore.client(request.clientID, tx) }) else {
            throw OwnProviderProblem.unknownClient
        }
        guard client.redirectURIs.contains(request.redirectURI) else { throw OwnProviderProblem.redirectNotRegistered }
    }

    /// Checks the rest of a request; its problems go back to the program.
    ///
    /// - Throws: `OwnProviderProblem`.
    public func check(_ request: Request) throws(OwnProviderProblem) {
        guard request.responseType == "code" else { throw .unsupportedResponseType }
        guard request.scope.split(separator: " ").contains("openid") else { throw .invalidScope }
        if let challenge = request.challenge {
            guard request.method == "S256" else { throw .invalidRequest("code_challenge_method must be S256") }
            guard ProofKey.isChallenge(challenge) else { throw .invalidRequest("code_challenge must be a SHA-256 in base64url") }
        }
        guard (request.nonce?.utf8.count ?? 0) <= 512, (request.state?.utf8.count ?? 0) <= 2048 else {
            throw .invalidRequest("nonce or state is too long")
        }
    }

    /// A code for a program, on behalf of somebody who has signed in.
    public func makeCode(for request: Request, of viewer: Viewer) async throws -> String {
        let code = ProofKey.makeVerifier()
        try await database.write { [now = clock.now] tx in
            let since = try viewer.session.flatMap { try OwnProviderStore.sessionStart($0, tx) } ?? now
            let grant = OwnProviderStore.Grant(
                clientID: request.clientID, user: viewer.user, redirectURI: request.redirectURI, nonce: request.nonce,
                challenge: request.challenge, signedInAt: since)
            try OwnProviderStore.insert(grant, hash: Self.hash(code), until: now.adding(Self.codeLife), tx)
        }
        return code
    }

    func take(_ code: String, client: String, redirectURI: String, verifier: String?) async throws -> OwnProviderStore.Grant {
        let found = try await database.write { [now = clock.now] tx in try OwnProviderStore.take(Self.hash(code), at: now, tx) }
        guard let found, found.clientID == client, found.redirectURI == redirectURI else { throw OwnProviderProblem.invalidGrant }
        // A verifier without a challenge is as wrong as the other way round (RFC 9700 §4.8.2).
        switch (found.challenge, verifier) {
        case (nil, nil): break
        case (let challenge?, let verifier?):
            guard ProofKey.proves(verifier, challenge) else { throw OwnProviderProblem.invalidGrant }
        default: throw OwnProviderProblem.invalidGrant
        }
        return found
    }

    static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}
