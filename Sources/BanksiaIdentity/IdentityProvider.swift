/// Whoever can say who somebody is: our own sign-in, or a service elsewhere (OpenID Connect Core 1.0, code flow).
public protocol IdentityProvider: Sendable {
    /// Where to send a browser so that the person in front of it signs in.
    ///
    /// - Parameter origin: where this server is reached, for a provider that is this server.
    /// - Throws: `IdentityProblem`.
    func authorizationURL(for request: AuthorizationRequest, origin: String) async throws -> String

    /// Exchanges the code that the browser came back with.
    ///
    /// - Parameters:
    ///   - code: as the browser brought it.
    ///   - redirectURI: where the browser was sent back to.
    ///   - verifier: the secret behind the challenge of the request.
    ///   - nonce: of the request; what the provider says has to repeat it.
    /// - Throws: `IdentityProblem`.
    func redeem(_ code: String, redirectURI: String, verifier: String?, nonce: String) async throws -> Identity

    /// Where a browser ends the sign-in at the provider; `nil` when it has no such place.
    ///
    /// - Throws: `IdentityProblem`.
    func logoutURL(origin: String) async throws -> String?

    /// Ends what connections there are.
    func close() async
}

/// What is asked of a provider.
public struct AuthorizationRequest: Sendable, Equatable {
    public let redirectURI: String
    public let state: String
    public let nonce: String
    /// A challenge by S256 (RFC 7636 §4.2).
    public let challenge: String

    public init(redirectURI: String, state: String, nonce: String, challenge: String) {
        self.redirectURI = redirectURI
        self.state = state
        self.nonce = nonce
        self.challenge = challenge
    }
}

/// Somebody, as a provider knows them.
public struct Identity: Sendable, Equatable {
    /// The provider. Together with `subject` it names a person for ever; nothing else does.
    public let issuer: String
    public let subject: String
    public var email: String?
    /// Whether the provider has made sure that the address is theirs.
    public var isEmailVerified = false
    public var givenName: String?
    public var familyName: String?

    public init(
        issuer: String, subject: String, email: String? = nil, isEmailVerified: Bool = false, givenName: String? = nil,
        familyName: String? = nil
    ) {
        self.issuer = issuer
        self.subject = subject
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.givenName = givenName
        self.familyName = familyName
    }
}
