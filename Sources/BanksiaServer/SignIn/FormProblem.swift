import BanksiaCore

/// What is wrong with a form of our pages.
enum FormProblem: Problem {
    /// It was sent to another browser, or long ago, or by another site.
    case foreign
    case passwordsDiffer

    var code: String { "bad_request" }
    var kind: ProblemKind { .unusable }
    var detail: String {
        switch self {
        case .foreign: "This form is too old, or your browser keeps no cookies for this server. Please try again."
        case .passwordsDiffer: "The two passwords differ."
        }
    }
}
