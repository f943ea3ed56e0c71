public import BanksiaCore
public import BanksiaSQL
public import Foundation

/// The id of a job; shown to clients as the id of a task.
public typealias JobID = Identifier<Job>

/// A piece of work that is kept in the database until it is done, and for a while after.
public struct Job: IdentifierSubject, Sendable, Hashable {
    public static let idPrefix = "btask_"

    /// Time-ordered.
    public let id: JobID
    /// Which handler does it.
    public let kind: JobKind
    /// What it works on. At most one unfinished job of a kind works on a subject.
    public let subject: UUID?
    /// What it belongs to: who may see the scope may see the job.
    public let scope: UUID?
    /// What the handler needs to know beyond the subject; its own business.
    public let payload: String
    /// Where it stands.
    public let status: JobStatus
    /// The raw value of a `JobPriority`; higher goes first.
    public let priority: Int
    /// How often it was begun since it was last wanted anew, this time included.
    public let attempts: Int
    /// How many of these attempts ended because their process went away.
    let interruptions: Int
    /// When it was first enqueued.
    public let createdAt: Instant
    /// When it was begun last.
    public let startedAt: Instant?
    /// When it succeeded or was given up.
    public let completedAt: Instant?
    /// Not to be begun before.
    public let runAt: Instant
    /// The last failure, for people. Stays after a later success.
    public let errorMessage: String?
    /// A code whose meaning depends on the kind.
    public let outcome: String?
    /// A short text after success.
    public let result: String?

    /// How often it had to be tried again.
    public var retryCount: Int { max(0, attempts - 1) }
}

/// What a job does; each has one handler.
public struct JobKind: RawRepresentable, Hashable, Sendable, SQLBindable, SQLDecodable {
    /// The stored name, also shown to clients.
    public let rawValue: String

    /// A kind by its stored name.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// Where a job stands.
public enum JobStatus: String, Sendable, Hashable, CaseIterable, SQLBindable, SQLDecodable {
    /// Waiting for its turn, or to be tried again.
    case pending
    /// Being worked on.
    case started
    case success
    /// Given up; `Job.errorMessage` says why.
    case failure
}

/// How urgent a job is. Within a lane the more urgent goes first, however long others wait.
public enum JobPriority: Int, Sendable, SQLBindable {
    /// Work on everything there is, such as after a change of models.
    case backlog = 0
    case normal = 10
    /// Someone has just uploaded this among many others.
    case bulk = 15
    /// Someone has just uploaded this and waits to see it.
    case fresh = 20
}

/// A job that is to be enqueued.
public struct NewJob: Sendable {
    /// Which handler does it.
    public var kind: JobKind
    /// What it works on.
    public var subject: UUID?
    /// What it belongs to.
    public var scope: UUID?
    /// What the handler needs to know beyond the subject.
    public var payload: String
    /// How urgent it is.
    public var priority: JobPriority
    /// Not to be begun before; `nil` for at once.
    public var runAt: Instant?

    /// A job of a kind.
    ///
    /// - Parameters:
    ///   - subject: without one, the job is never taken for the same as another.
    ///   - runAt: not before; `nil` for at once.
    public init(
        kind: JobKind, subject: UUID? = nil, scope: UUID? = nil, payload: String = "{}", priority: JobPriority = .normal,
        runAt: Instant? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.scope = scope
        self.payload = payload
        self.priority = priority
        self.runAt = runAt
    }
}
