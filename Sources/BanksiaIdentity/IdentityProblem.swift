public import BanksiaCore

/// What can go wrong between this server and an identity provider.
public enum IdentityProblem: Problem, Equatable {
    /// No connection, or no answer in time.
    case unreachable
    /// It does not say, or not in a way that can be used, how people are signed in there. The text says to the operator what is
    /// wrong.
    case undescribed(String)
    /// An answer that makes no sense, or that says the provider is broken. The text says what.
    case misbehaved(String)
    /// The provider does not take the code: used, too old, or not meant for this sign-in.
    case codeRefused
    /// What the provider says about the person does not hold: signature, issuer, audience, time or nonce.
    case untrustworthy(String)

    public var code: String {
        switch self {
        case .unreachable, .undescribed: "service_unavailable"
        case .misbehaved: "storage_unavailable"
        case .codeRefused, .untrustworthy: "oauth_provider_error"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .unreachable, .undescribed: .unavailable
        case .misbehaved: .storageFailed
        case .codeRefused, .untrustworthy: .unusable
        }
    }

    public var detail: String {
        switch self {
        case .unreachable: "The identity service cannot be reached. Try again in a moment."
        case .undescribed(let reason): "The identity service is not set up so that it can be used: \(reason)."
        case .misbehaved(let reason): "The identity service gave an answer that cannot be used: \(reason)."
        case .codeRefused: "The identity service did not accept this sign-in. Please start the sign-in again."
        case .untrustworthy(let reason):
            "What the identity service said cannot be trusted: \(reason). Please start the sign-in again."
        }
    }
}
