public import BanksiaCore

/// What a user says about the product. It stays on this server, for its operator.
public struct Feedback: Sendable, Equatable {
    public var id: FeedbackID
    /// Who said it.
    public var user: UserID
    /// Their address.
    public var email: String
    public var note: Note
    public var createdAt: Instant

    /// What is said.
    public struct Note: Sendable, Equatable {
        public var kind: Kind
        public var message: String
        /// Whether they got done what they wanted; `nil` when they did not say.
        public var taskCompleted: Bool?
        /// What they used for it.
        public var toolNames: [String]

        public init(kind: Kind, message: String, taskCompleted: Bool? = nil, toolNames: [String] = []) {
            self.kind = kind
            self.message = message
            self.taskCompleted = taskCompleted
            self.toolNames = toolNames
        }
    }

    public enum Kind: String, Sendable, CaseIterable {
        case bug
        case missingCapability = "missing_capability"
        case confusingBehavior = "confusing_behavior"
        case suggestion, other
    }
}

extension Feedback: IdentifierSubject { public static let idPrefix = "feedback_" }
public typealias FeedbackID = Identifier<Feedback>

/// Why feedback is not taken.
public enum FeedbackProblem: Problem, Equatable {
    case blank
    case tooLong
    case tooManyTools
    case toolName

    public var code: String { "validation_error" }
    public var kind: ProblemKind { .invalid }
    public var detail: String {
        switch self {
        case .blank: "`message` must hold at least one character that is not white space."
        case .tooLong: "`message` has at most 10000 characters."
        case .tooManyTools: "`tool_names` holds at most 50 names."
        case .toolName: "A tool's name has at most 255 characters."
        }
    }
    public var field: String? {
        switch self {
        case .blank, .tooLong: "message"
        case .tooManyTools, .toolName: "tool_names"
        }
    }
}
