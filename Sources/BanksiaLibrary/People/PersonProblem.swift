public import BanksiaCore

/// What can go wrong with people.
public enum PersonProblem: Problem, Equatable {
    /// - Parameter field: where in the request the person is named; `nil` for its path.
    case notFound(field: String? = nil)
    case nameTaken(String)
    case faceNotFound
    case cursor
    case nameOrderOfUnnamed
    case mergedWithItself
    case toldApartFromThemselves
    case namedTwice(String)
    case faceNotTheirs
    case nothingToSplit
    case nobodyLeft

    public var code: String {
        switch self {
        case .notFound, .faceNotFound, .faceNotTheirs: "not_found"
        case .nameTaken: "name_conflict"
        case .cursor: "invalid_cursor"
        case .nameOrderOfUnnamed, .mergedWithItself, .toldApartFromThemselves, .namedTwice, .nothingToSplit, .nobodyLeft:
            "validation_error"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound, .faceNotFound, .faceNotTheirs: .notFound
        case .nameTaken: .conflict
        case .cursor: .unusable
        case .nameOrderOfUnnamed, .mergedWithItself, .toldApartFromThemselves, .namedTwice, .nothingToSplit, .nobodyLeft: .invalid
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such person, or you cannot see them."
        case .nameTaken(let name): "The library already has a person named \(name). Choose another name, or merge the two."
        case .faceNotFound: "There is no such face in the person's library."
        case .cursor: "`starting_after_id` names no person of this list. Start again from the first page."
        case .nameOrderOfUnnamed: "People without a name cannot be sorted by name."
        case .mergedWithItself: "A person cannot be merged into themselves."
        case .toldApartFromThemselves: "These are the same person already. To make two of one, split some of the faces off."
        case .namedTwice(let id): "\(id) stands twice in the request."
        case .faceNotTheirs: "One of these is no face of the person."
        case .nothingToSplit: "Name at least one face."
        case .nobodyLeft: "All of the person's faces would go. Name fewer, or change the person instead."
        }
    }
    public var field: String? {
        switch self {
        case .notFound(let field): field
        case .nameTaken: "name"
        case .faceNotFound: "thumbnail_face_id"
        case .cursor: "starting_after_id"
        case .nameOrderOfUnnamed: "sort"
        case .mergedWithItself: "source_person_ids"
        case .toldApartFromThemselves: "person_id"
        case .namedTwice: "updates"
        case .faceNotTheirs, .nothingToSplit, .nobodyLeft: "face_ids"
        }
    }
}
