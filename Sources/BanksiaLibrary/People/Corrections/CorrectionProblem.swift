public import BanksiaCore

/// What can go wrong with undoing.
public enum CorrectionProblem: Problem, Equatable {
    case notFound
    case cursor
    case undoneAlready
    /// A later correction was about the same people or faces.
    case followed(by: CorrectionID)
    /// Somebody whom the correction made has other faces by now.
    case inUse(PersonID)
    /// The faces it was about are gone, or in another library.
    case facesGone

    public var code: String {
        switch self {
        case .notFound: "not_found"
        case .cursor: "invalid_cursor"
        case .undoneAlready, .followed, .inUse, .facesGone: "conflict"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound: .notFound
        case .cursor: .unusable
        case .undoneAlready, .followed, .inUse, .facesGone: .conflict
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such correction, or you cannot see it; corrections are kept for a limited time."
        case .cursor: "`starting_after_id` names no correction of this library. Start again from the first page."
        case .undoneAlready: "This correction has been undone already."
        case .followed(let later): "\(later) changed some of the same people or faces afterwards. Undo that first."
        case .inUse(let person): "\(person), who would go, has been given faces since. Give those to somebody else first."
        case .facesGone: "The faces that this was about are not in the library any more."
        }
    }
    public var field: String? { self == .cursor ? "starting_after_id" : nil }
}
