public import BanksiaCore

/// What can go wrong when somebody signs in with a password.
public enum SignInProblem: Problem, Equatable {
    case wrongCredentials
    case wrongCode
    /// The second step took too long, or belongs to nobody.
    case ticketInvalid
    case tooManyAttempts(secondsLeft: Int)
    /// A set-up link that is unknown, used or too old.
    case linkInvalid
    case passwordTooShort(minimum: Int)
    case passwordTooLong(maximum: Int)
    case noCodeSetUp

    public var code: String {
        switch self {
        case .wrongCredentials, .wrongCode, .ticketInvalid: "unauthorized"
        case .tooManyAttempts: "rate_limited"
        case .linkInvalid, .noCodeSetUp: "not_found"
        case .passwordTooShort, .passwordTooLong: "validation_error"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .wrongCredentials, .wrongCode, .ticketInvalid: .unauthenticated
        case .tooManyAttempts: .rateLimited
        case .linkInvalid, .noCodeSetUp: .notFound
        case .passwordTooShort, .passwordTooLong: .invalid
        }
    }

    public var detail: String {
        switch self {
        case .wrongCredentials: "The e-mail address and the password do not belong together."
        case .wrongCode: "This code is not right, or it has been used. Wait for the next one."
        case .ticketInvalid: "This took too long. Please start again."
        case .tooManyAttempts(let seconds):
            seconds < 120
                ? "Too many attempts. Try again in \(seconds) seconds."
                : "Too many attempts. Try again in \(seconds / 60 + 1) minutes."
        case .linkInvalid: "This link has been used, or it is too old. Ask the person who runs this server for another one."
        case .passwordTooShort(let minimum): "A password has at least \(minimum) characters."
        case .passwordTooLong(let maximum): "A password has at most \(maximum) characters."
        case .noCodeSetUp: "There is no code to confirm. Start setting it up again."
        }
    }

    public var retryAfterSeconds: Int? {
        if case .tooManyAttempts(let seconds) = self { seconds } else { nil }
    }

    public var field: String? {
        switch self {
        case .passwordTooShort, .passwordTooLong: "password"
        default: nil
        }
    }
}
