public import BanksiaCore

/// What can go wrong when another program signs somebody in.
public enum OAuthProblem: Problem, Equatable {
    case notConfigured
    case redirectNotAllowed
    case challenge
    case challengeMethod
    /// The provider sent the browser back with an error.
    case refused(String)
    case invalidState
    case codeMissing
    /// Who ends the sign-in is not who began it.
    case verifier
    case identityGone
    case identityConflict
    case noEmail
    case noNewUsers
    case noLogout

    public var code: String {
        switch self {
        case .notConfigured: "service_unavailable"
        case .redirectNotAllowed, .codeMissing, .noNewUsers: "bad_request"
        case .challenge, .challengeMethod: "validation_error"
        case .refused, .noEmail, .verifier: "oauth_provider_error"
        case .invalidState: "invalid_oauth_state"
        case .identityGone: "unauthorized"
        case .identityConflict: "identity_conflict"
        case .noLogout: "not_found"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .notConfigured: .unavailable
        // Also who has no account here: of all failures clients show a person the text of this one only (contract §5).
        case .redirectNotAllowed, .codeMissing, .verifier, .refused, .noEmail, .invalidState, .noNewUsers: .unusable
        case .challenge, .challengeMethod: .invalid
        case .identityGone: .unauthenticated
        case .identityConflict: .conflict
        case .noLogout: .notFound
        }
    }

    public var detail: String {
        switch self {
        case .notConfigured: "No identity service is set up on this server."
        case .redirectNotAllowed: "This server does not send sign-ins to that redirect_uri; its operator can allow it."
        case .challenge: "code_challenge must be a SHA-256 in base64url: 43 characters."
        case .challengeMethod: "code_challenge_method must be S256."
        case .refused(let error): "The identity service ended the sign-in: \(error)."
        case .invalidState:
            "This sign-in is no longer valid: it was used already or took too long. Please start the sign-in again."
        case .codeMissing: "The sign-in came back without a code. Please start the sign-in again."
        case .verifier: "The code_verifier does not belong to the start of this sign-in. Please start the sign-in again."
        case .identityGone: "The account of this identity has been deleted."
        case .identityConflict: "There is already an account with this e-mail address that belongs to another identity."
        case .noEmail: "The identity service gave no e-mail address that mail can be sent to."
        case .noNewUsers: "There is no account for you here, and this server does not make new ones by itself."
        case .noLogout: "The identity service has no address for signing out."
        }
    }

    public var field: String? {
        switch self {
        case .redirectNotAllowed: "redirect_uri"
        case .challenge: "code_challenge"
        case .challengeMethod: "code_challenge_method"
        case .invalidState: "state"
        case .codeMissing: "code"
        case .verifier: "code_verifier"
        default: nil
        }
    }
}
