public import BanksiaCore

/// What can go wrong between a program and this server as its identity provider (RFC 6749 §4.1.2.1 and §5.2).
public enum OwnProviderProblem: Problem, Equatable {
    /// An unknown client, or a redirect URI that is not its own: the browser is sent nowhere.
    case unknownClient
    case redirectNotRegistered
    /// What the browser is sent back with.
    case unsupportedResponseType
    case invalidRequest(String)
    case invalidScope
    /// At the token endpoint.
    case invalidClient
    case invalidGrant
    case unsupportedGrantType
    /// At the registration of a program.
    case unusableRedirect(String)

    /// OAuth's own word for it.
    public var oauthError: String {
        switch self {
        case .unknownClient, .redirectNotRegistered, .invalidRequest, .unusableRedirect: "invalid_request"
        case .unsupportedResponseType: "unsupported_response_type"
        case .invalidScope: "invalid_scope"
        case .invalidClient: "invalid_client"
        case .invalidGrant: "invalid_grant"
        case .unsupportedGrantType: "unsupported_grant_type"
        }
    }

    public var code: String { self == .invalidClient ? "unauthorized" : "bad_request" }
    public var kind: ProblemKind { self == .invalidClient ? .unauthenticated : .unusable }

    public var detail: String {
        switch self {
        case .unknownClient: "The program that sent you here is not known to this server."
        case .redirectNotRegistered: "The program that sent you here wants you back at an address that is not registered for it."
        case .unsupportedResponseType: "Only the code flow is offered."
        case .invalidRequest(let reason): reason
        case .invalidScope: "The scope has to include openid."
        case .invalidClient: "The client id and the secret do not belong together."
        case .invalidGrant: "The code is unknown, used, too old, or was meant for somebody else."
        case .unsupportedGrantType: "Only authorization_code is offered."
        case .unusableRedirect(let address): "`\(address)` is no address that a browser could be sent back to."
        }
    }
}
