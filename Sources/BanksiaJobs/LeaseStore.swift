internal import BanksiaCore
internal import BanksiaSQL

/// The SQL of runners: taking jobs, keeping them, ending them.
///
/// A runner may lose a job, when it gave no sign of life for too long or the job was cancelled. So every statement that
/// ends an attempt names the owner and the attempt, and changes nothing if the job is not theirs any more.
enum LeaseStore {
    /// Takes up to `limit` jobs that are due, the most urgent first.
    static func claim(_ lane: JobLane, limit: Int, for owner: JobOwner, at now: Instant, _ tx: borrowing Transaction) throws
        -> [Job]
    {
        let jobs = try tx.rows(claim(lane, limit: limit, for: owner, at: now)) { try Job($0) }
        // RETURNING promises no order (sqlite.org/lang_returning.html).
        return jobs.sorted { ($1.priority, $0.runAt, $0.id) < ($0.priority, $1.runAt, $1.id) }
    }

    static func claim(_ lane: JobLane, limit: Int, for owner: JobOwner, at now: Instant) -> SQL {
        // By kind, so that each is read off the front of an index however long the queues of other kinds are. Picked once and
        // for all before the update: a plan that looked again for each row would lock, and take, more than the limit.
        let first = lane.kinds.map { kind -> SQL in
            """
            SELECT * FROM (
                SELECT id, priority, run_at FROM job
                WHERE status = 'pending' AND NOT paused AND kind = \(kind) AND run_at <= \(now)
                ORDER BY priority DESC, run_at, id LIMIT \(limit) \(SQL.claimLock)) AS first
            """
        }
        return """
            WITH picked AS MATERIALIZED (
                SELECT id FROM (\(SQL.joined(first, separator: " UNION ALL "))) AS best ORDER BY priority DESC, run_at, id LIMIT \(limit))
            UPDATE job SET status = 'started', owner = \(owner), lease_until = \(now.adding(lane.lease)), attempts = attempts + 1,
                started_at = \(now), again = FALSE
            WHERE id IN (SELECT id FROM picked)
            RETURNING \(Job.columns)
            """
    }

    /// Ends a job well.
    ///
    /// - Returns: `false` when the job is not the owner's any more.
    static func finish(_ job: Job, _ completion: JobCompletion, by owner: JobOwner, at now: Instant, _ tx: borrowing Transaction)
        throws -> Bool
    {
        let changed = try tx.execute(
            """
            UPDATE job SET
                status = CASE WHEN again THEN 'pending' ELSE 'success' END,
                completed_at = CASE WHEN again THEN NULL ELSE \(now) END,
                run_at = CASE WHEN again THEN \(now) ELSE run_at END,
                attempts = CASE WHEN again THEN 0 ELSE attempts END,
                interruptions = CASE WHEN again THEN 0 ELSE interruptions END,
                again = FALSE, owner = NULL, lease_until = NULL, outcome = \(completion.outcome), result = \(completion.result)
            WHERE \(isHeld(job, by: owner))
            """)
        return changed == 1
    }

    /// Whether the job was enqueued once more during the attempt, which then waits for the end of this transaction; `nil`
    /// when it is not the owner's any more.
    static func isWantedAgain(_ job: Job, by owner: JobOwner, _ tx: borrowing Transaction) throws -> Bool? {
        try tx.value("SELECT again FROM job WHERE \(isHeld(job, by: owner)) \(SQL.rowLock)", as: Bool.self)
    }

    /// Does what was decided about a job whose attempt did not end well.
    static func settle(_ id: JobID, _ verdict: JobPolicy.Verdict, at now: Instant, _ tx: borrowing Transaction) throws {
        switch verdict {
        case .retry(let pause, let anew, let reason):
            try tx.execute(
                """
                UPDATE job SET status = 'pending', run_at = \(now.adding(pause)), attempts = CASE WHEN \(anew) THEN 0 ELSE attempts END,
                    interruptions = CASE WHEN \(anew) THEN 0 ELSE interruptions END,
                    again = FALSE, owner = NULL, lease_until = NULL, error_message = COALESCE(\(reason), error_message)
                WHERE id = \(id)
                """)
        case .bury(let reason):
            try tx.execute(
                """
                UPDATE job SET status = 'failure', completed_at = \(now), again = FALSE, owner = NULL, lease_until = NULL,
                    error_message = \(reason)
                WHERE id = \(id)
                """)
        }
    }

    /// The same after an interruption, which is counted apart from failures.
    static func interrupt(_ id: JobID, _ verdict: JobPolicy.Verdict, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE job SET interruptions = interruptions + 1 WHERE id = \(id)")
        try settle(id, verdict, at: now, tx)
    }

    /// A sign of life.
    ///
    /// - Returns: which of the jobs are still the owner's.
    static func renew(_ ids: [JobID], for owner: JobOwner, until: Instant, _ tx: borrowing Transaction) throws -> Set<JobID> {
        Set(
            try tx.rows("UPDATE job SET lease_until = \(until) WHERE owner = \(owner) AND id IN \(SQL.list(ids)) RETURNING id") {
                try $0.value(0, as: JobID.self)
            })
    }

    /// Jobs whose owner's lease has run out, or whose owner is one of those that are gone.
    static func abandoned(_ kinds: [JobKind], at now: Instant, owners: [String], _ tx: borrowing Transaction) throws -> [Job] {
        try tx.rows(
            """
            SELECT \(Job.columns) FROM job
            WHERE status = 'started' AND kind IN \(SQL.list(kinds)) AND (lease_until <= \(now) OR owner IN \(SQL.list(owners)))
            ORDER BY id LIMIT 1000 \(SQL.claimLock)
            """
        ) { try Job($0) }
    }

    /// All who hold a lease.
    static func owners(_ tx: borrowing Transaction) throws -> [String] {
        try tx.rows("SELECT DISTINCT owner FROM job WHERE status = 'started'") { try $0.value(0) }
    }

    /// Puts jobs back as if they had not been begun.
    static func giveBack(_ owner: JobOwner, _ tx: borrowing Transaction) throws -> Int {
        try tx.execute(
            """
            UPDATE job SET status = 'pending', attempts = attempts - 1, again = FALSE, owner = NULL, lease_until = NULL
            WHERE status = 'started' AND owner = \(owner)
            """)
    }

    /// Whether a job of the kinds waits and may begin.
    static func isDue(_ kinds: [JobKind], at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            """
            SELECT 1 FROM job WHERE status = 'pending' AND NOT paused AND kind IN \(SQL.list(kinds)) AND run_at <= \(now) LIMIT 1
            """, as: Int.self
        ) != nil
    }

    /// Whether a job of the kinds is being worked on, by anyone.
    static func isUnderWay(_ kinds: [JobKind], _ tx: borrowing Transaction) throws -> Bool {
        try tx.value("SELECT 1 FROM job WHERE status = 'started' AND kind IN \(SQL.list(kinds)) LIMIT 1", as: Int.self) != nil
    }

    private static func isHeld(_ job: Job, by owner: JobOwner) -> SQL {
        "id = \(job.id) AND status = 'started' AND owner = \(owner) AND attempts = \(job.attempts)"
    }
}
