public import BanksiaCore
public import BanksiaSQL
public import Foundation

/// The queue of jobs in a database. A job is enqueued in the transaction of the change that makes it necessary.
public struct JobQueue: Sendable {
    private let ids: IdentifierSource
    private let clock: any WallClock
    let bell = JobBell()

    /// A queue. Runners made with the same value are woken by its commits, and those of other processes where the
    /// engine tells them (PostgreSQL); the rest look once a second.
    public init(ids: IdentifierSource, clock: any WallClock) {
        self.ids = ids
        self.clock = clock
    }

    /// Enqueues a job, or finds the unfinished one of the same kind and subject.
    ///
    /// One that is waiting takes over the payload, the higher priority and the earlier time. One that is being worked on
    /// will be done once more when it ends, so no change that came too late for it is missed.
    @discardableResult
    public func enqueue(_ job: NewJob, _ tx: borrowing Transaction) throws -> JobID {
        let now = clock.now
        let new: JobID = ids.make()
        let id = try tx.value(
            """
            INSERT INTO job (id, kind, subject, scope, payload, status, priority, attempts, created_at, run_at, again)
            VALUES (\(new), \(job.kind), \(job.subject), \(job.scope), \(job.payload), 'pending', \(job.priority), 0, \(now),
                \(job.runAt ?? now), FALSE)
            ON CONFLICT (kind, subject) WHERE status IN ('pending', 'started') DO UPDATE SET
                payload = excluded.payload,
                priority = CASE WHEN excluded.priority > job.priority THEN excluded.priority ELSE job.priority END,
                run_at = CASE WHEN excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END,
                again = (job.status = 'started')
            RETURNING id
            """, as: JobID.self)
        guard let id else { preconditionFailure("an insert that updates on conflict returns a row") }
        wake(tx)
        return id
    }

    /// Removes all jobs of a subject, finished ones too. One that is being worked on is told to stop soon and leaves no result.
    public func cancel(subject: UUID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM job WHERE subject = \(subject)")
    }

    /// Keeps all unfinished jobs of a scope from being begun, until `resume`. Those under way go on to their end.
    ///
    /// - Parameter kept: kinds that are not paused.
    public func pause(scope: UUID, except kept: [JobKind], _ tx: borrowing Transaction) throws {
        var filter: SQL = "scope = \(scope) AND status IN ('pending', 'started')"
        if !kept.isEmpty { filter = filter + " AND kind NOT IN \(SQL.list(kept))" }
        try tx.execute("UPDATE job SET paused = TRUE WHERE \(filter)")
    }

    /// Lets the jobs of a scope go on.
    public func resume(scope: UUID, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE job SET paused = FALSE WHERE scope = \(scope) AND paused")
        wake(tx)
    }

    /// Removes all jobs of a scope, finished ones too.
    ///
    /// - Parameter kept: kinds that stay.
    public func cancel(scope: UUID, except kept: [JobKind], _ tx: borrowing Transaction) throws {
        var filter: SQL = "scope = \(scope)"
        if !kept.isEmpty { filter = filter + " AND kind NOT IN \(SQL.list(kept))" }
        try tx.execute("DELETE FROM job WHERE \(filter)")
    }

    /// Has all jobs of some subjects, finished ones too, belong to another scope.
    public func move(subjects: [UUID], to scope: UUID, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE job SET scope = \(scope) WHERE subject IN \(SQL.list(subjects))")
    }

    /// Puts a job that was given up back into the queue.
    ///
    /// - Returns: whether it was; not when it had not been given up, or when a newer job does the same.
    @discardableResult
    public func retry(_ id: JobID, _ tx: borrowing Transaction) throws -> Bool { try retry(where: "job.id = \(id)", tx) == 1 }

    /// Puts all jobs that were given up back into the queue, of one kind and scope or of all.
    ///
    /// - Returns: how many.
    @discardableResult
    public func retryFailed(kind: JobKind? = nil, scope: UUID? = nil, _ tx: borrowing Transaction) throws -> Int {
        var filter: SQL = "TRUE"
        if let kind { filter = filter + " AND job.kind = \(kind)" }
        if let scope { filter = filter + " AND job.scope = \(scope)" }
        return try retry(where: filter, tx)
    }

    private func retry(where condition: SQL, _ tx: borrowing Transaction) throws -> Int {
        let count = try tx.execute(
            """
            UPDATE job SET status = 'pending', attempts = 0, interruptions = 0, run_at = \(clock.now), completed_at = NULL
            WHERE status = 'failure' AND \(condition)
              AND NOT EXISTS (
                  SELECT 1 FROM job AS other
                  WHERE other.kind = job.kind AND other.subject = job.subject AND other.id > job.id AND other.status <> 'success')
            """)
        wake(tx)
        return count
    }

    /// What runners of other processes listen to, where the engine can carry it there.
    static let channel = "banksia_jobs"

    /// Tells all runners, once this is committed, that there may be something for them.
    private func wake(_ tx: borrowing Transaction) {
        tx.afterCommit { [bell] in bell.ring() }
        tx.notify(Self.channel)
    }

    /// Forgets jobs that were finished before an instant, at most 2,000 at a time so that the database is not held for long.
    ///
    /// - Returns: how many.
    @discardableResult
    public func prune(finishedBefore instant: Instant, _ tx: borrowing Transaction) throws -> Int {
        try tx.execute("DELETE FROM job WHERE id IN (SELECT id FROM job WHERE completed_at < \(instant) LIMIT 2000)")
    }
}
