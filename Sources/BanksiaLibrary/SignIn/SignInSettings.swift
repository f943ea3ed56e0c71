public import BanksiaIdentity

/// How an installation signs people in.
public struct SignInSettings: Sendable {
    /// An identity service elsewhere; `nil`: this server itself, if it has its own sign-in.
    public var provider: (any IdentityProvider)?
    /// Whether this server has a sign-in of its own.
    public var isBuiltIn: Bool
    /// Where browsers may be sent back to after a sign-in for the API.
    public var redirects: RedirectList
    /// Whether somebody who signs in for the first time, at a service elsewhere, gets an account.
    public var takesNewUsers: Bool
    /// What a guess at a password costs.
    public var passwordCost: PasswordHash.Cost

    public init(
        provider: (any IdentityProvider)? = nil, isBuiltIn: Bool = true, redirects: RedirectList = .loopback,
        takesNewUsers: Bool = true, passwordCost: PasswordHash.Cost = .standard
    ) {
        self.provider = provider
        self.isBuiltIn = isBuiltIn
        self.redirects = redirects
        self.takesNewUsers = takesNewUsers
        self.passwordCost = passwordCost
    }
}
