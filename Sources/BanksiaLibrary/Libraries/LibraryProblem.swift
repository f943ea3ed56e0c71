public import BanksiaCore

/// What can go wrong with libraries.
public enum LibraryProblem: Problem, Equatable {
    case notFound
    case choiceRequired
    case nameTaken(String)
    case lastLive
    case notTrashed

    public var code: String {
        switch self {
        case .notFound: "not_found"
        case .choiceRequired: "library_required"
        case .nameTaken: "name_conflict"
        case .lastLive: "last_live_library"
        case .notTrashed: "library_not_trashed"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .notFound: .notFound
        case .choiceRequired: .unusable
        case .nameTaken, .lastLive, .notTrashed: .conflict
        }
    }

    public var detail: String {
        switch self {
        case .notFound: "There is no such library, or you cannot see it."
        case .choiceRequired: "Several libraries could be meant. Say which with `library_id`."
        case .nameTaken(let name): "You already have a library named \(name), with other values or in the trash."
        case .lastLive: "This is your only library outside the trash. Make another one first."
        case .notTrashed: "Only a library in the trash can be deleted. Trash it first."
        }
    }

    public var field: String? {
        switch self {
        case .notFound, .choiceRequired: "library_id"
        case .nameTaken: "name"
        case .lastLive, .notTrashed: nil
        }
    }
}
