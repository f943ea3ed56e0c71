public import BanksiaCore

/// What can go wrong with accounts and credentials.
public enum AccountProblem: Problem, Equatable {
    case noCredential
    case invalidCredential
    case expiredCredential
    case inactiveAccount
    case insufficientScope(Action)
    case insufficientRole(Role)
    case firstPartyOnly
    case sessionOnly
    case email(String)
    case emailTaken(String)
    case unknownUser(String)
    case subdivisionMissing
    case subdivisionAlone
    case storageLimit
    case timezone(String)

    public var code: String {
        switch self {
        case .noCredential: "unauthorized"
        case .invalidCredential: "invalid_token"
        case .expiredCredential: "token_expired"
        case .inactiveAccount: "account_inactive"
        case .insufficientScope: "insufficient_scope"
        case .insufficientRole: "insufficient_role"
        case .firstPartyOnly, .sessionOnly: "first_party_session_required"
        case .email, .subdivisionMissing, .subdivisionAlone, .storageLimit, .timezone: "validation_error"
        case .emailTaken: "conflict"
        case .unknownUser: "not_found"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .noCredential, .invalidCredential, .expiredCredential, .inactiveAccount: .unauthenticated
        case .insufficientScope, .insufficientRole, .firstPartyOnly, .sessionOnly: .forbidden
        case .email, .subdivisionMissing, .subdivisionAlone, .storageLimit, .timezone: .invalid
        case .emailTaken: .conflict
        case .unknownUser: .notFound
        }
    }

    public var detail: String {
        switch self {
        case .noCredential: "This call needs a credential: send it as `Authorization: Bearer …`."
        case .invalidCredential: "The credential is not known here, or it has been revoked."
        case .expiredCredential: "The token has expired. Sign in again."
        case .inactiveAccount: "The account is not active. Ask the person who runs this server."
        case .insufficientScope(let action): "The credential does not grant `\(action.rawValue)`."
        case .insufficientRole(let role): "This needs the role `\(role.rawValue)` in the library."
        case .firstPartyOnly: "This needs a sign-in at this server, or an API key that grants everything."
        case .sessionOnly: "This needs a sign-in at this server; keys and delegated tokens do not do."
        case .email(let address): "`\(address)` does not look like an address that mail can be sent to."
        case .emailTaken(let address): "There is already an account for \(address)."
        case .unknownUser(let address): "There is no account for \(address)."
        case .subdivisionMissing: "For this country `home_subdivision` is needed too: the state, such as CA."
        case .subdivisionAlone: "`home_subdivision` needs a `home_country`."
        case .storageLimit: "The storage limit is at least one byte."
        case .timezone(let name): "`\(name)` is no time zone of the IANA list, such as Europe/Berlin."
        }
    }

    public var field: String? {
        switch self {
        case .email: "email"
        case .subdivisionMissing, .subdivisionAlone: "home_subdivision"
        case .storageLimit: "storage_limit_bytes"
        case .timezone: "timezone"
        default: nil
        }
    }
}
