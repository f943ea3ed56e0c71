public import BanksiaSQL
public import Foundation

/// How the jobs of one kind are done.
public struct JobHandler: Sendable {
    let kind: JobKind
    let policy: JobPolicy
    let lease: Duration
    let timeout: Duration
    let run: @Sendable (Job) async throws -> JobCompletion

    /// A handler.
    ///
    /// - Parameters:
    ///   - maxAttempts: how often a job may fail before it is given up; attempts that were interrupted count apart.
    ///   - lease: how long a runner that gives no sign of life is believed to be at work. A live one renews it.
    ///   - timeout: after this long the attempt is cancelled and counts as failed.
    ///   - run: does the work. It may run twice for one job, so it reads by subject and replaces what it finds. It should
    ///     end soon when its task is cancelled.
    public init(
        kind: JobKind, maxAttempts: Int = 5, lease: Duration = .seconds(60), timeout: Duration = .seconds(600),
        run: @escaping @Sendable (Job) async throws -> JobCompletion
    ) {
        self.kind = kind
        policy = JobPolicy(maximumAttempts: maxAttempts)
        self.lease = lease
        self.timeout = timeout
        self.run = run
    }
}

/// What a handler hands back when the work is done.
public struct JobCompletion: Sendable {
    /// A code whose meaning depends on the kind.
    public let outcome: String?
    let result: String?
    let alone: UUID?
    let apply: @Sendable (borrowing Transaction) throws -> Void

    /// Work that was done.
    ///
    /// - Parameters:
    ///   - outcome: a code whose meaning depends on the kind.
    ///   - result: a short text for people.
    ///   - alone: a name that the transaction locks before all else (`Transaction.lock`): that of what `apply` changes, if
    ///     others change it under this lock.
    ///   - apply: runs in the transaction that finishes the job: keep results and enqueue what follows here. It does not
    ///     happen if the job meanwhile belongs to someone else. Its statements see what others have committed in between
    ///     (`Database.Isolation.committed`).
    public init(
        outcome: String? = nil, result: String? = nil, alone: UUID? = nil,
        apply: @escaping @Sendable (borrowing Transaction) throws -> Void = { _ in }
    ) {
        self.outcome = outcome
        self.result = result
        self.alone = alone
        self.apply = apply
    }

    /// The same, with more to do in its transaction, afterwards.
    public func also(_ more: @escaping @Sendable (borrowing Transaction) throws -> Void) -> JobCompletion {
        JobCompletion(outcome: outcome, result: result, alone: alone) { [apply] tx in
            try apply(tx)
            try more(tx)
        }
    }
}

/// How a handler says that trying again is of no use. Any other error is tried again.
public enum JobFailure: Error, Sendable {
    /// Why, in a sentence for people.
    case permanent(String)
}

/// Jobs of some kinds, done side by side up to a number. Lanes do not hold each other up.
public struct JobLane: Sendable {
    let name: String
    let width: Int
    let handlers: [JobKind: JobHandler]

    /// A lane.
    ///
    /// - Parameters:
    ///   - name: for the log.
    ///   - width: how many jobs run at once, at least 1.
    ///   - handlers: of different kinds, at least one.
    public init(name: String, width: Int, handlers: [JobHandler]) {
        precondition(width > 0 && !handlers.isEmpty, "a lane has room and work")
        self.name = name
        self.width = width
        self.handlers = Dictionary(uniqueKeysWithValues: handlers.map { ($0.kind, $0) })
    }

    /// In a stable order, so that statements that name them are prepared once.
    var kinds: [JobKind] { handlers.keys.sorted { $0.rawValue < $1.rawValue } }

    /// The shortest of its handlers.
    var lease: Duration { handlers.values.map(\.lease).min() ?? .seconds(60) }
}
