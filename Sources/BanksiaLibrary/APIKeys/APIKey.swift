public import BanksiaCore

/// A credential for programs, without its secret.
public struct APIKey: Sendable, Equatable {
    public var id: APIKeyID
    public var name: String?
    public var actions: Set<Action>
    /// `nil` for all libraries; else how many were selected.
    public var selectedLibraryCount: Int?
    public var isActive: Bool
    public var createdAt: Instant
    public var lastUsedAt: Instant?

    /// What a new key shall grant.
    public struct Grant: Sendable {
        public var name: Name
        public var actions: Set<Action>
        /// `nil` for all libraries, those of the future included.
        public var libraries: [String]?

        public init(name: Name, actions: Set<Action> = Set(Action.allCases), libraries: [String]? = nil) {
            self.name = name
            self.actions = actions
            self.libraries = libraries
        }
    }
}

/// What can go wrong with API keys.
public enum APIKeyProblem: Problem, Equatable {
    case notFound
    case readIsMandatory
    case noActions
    case librariesMissing
    case librariesNotWanted
    case unknownLibrary
    case exceedsOwnGrant

    public var code: String {
        switch self {
        case .notFound, .unknownLibrary: "not_found"
        case .readIsMandatory, .noActions, .librariesMissing, .librariesNotWanted: "validation_error"
        case .exceedsOwnGrant: "insufficient_scope"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound, .unknownLibrary: .notFound
        case .readIsMandatory, .noActions, .librariesMissing, .librariesNotWanted: .invalid
        case .exceedsOwnGrant: .forbidden
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such key, or it is not yours."
        case .readIsMandatory: "`actions` must contain `read` when it contains anything else."
        case .noActions: "`actions` must not be empty."
        case .librariesMissing: "`selected_libraries` needs at least one id in `library_ids`."
        case .librariesNotWanted: "`library_ids` goes with `selected_libraries` only."
        case .unknownLibrary: "`library_ids` names a library that does not exist, or that you cannot see."
        case .exceedsOwnGrant: "A key cannot make a key that grants more than it has itself."
        }
    }
    public var field: String? {
        switch self {
        case .readIsMandatory, .noActions: "actions"
        case .librariesMissing, .librariesNotWanted, .unknownLibrary: "library_ids"
        case .notFound, .exceedsOwnGrant: nil
        }
    }
}
