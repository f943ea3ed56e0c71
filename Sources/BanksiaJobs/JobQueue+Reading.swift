public import BanksiaCore
public import BanksiaSQL
public import Foundation

extension JobQueue {
    /// SQLite joins at most 500 statements with `UNION ALL` (sqlite.org/limits.html, SQLITE_MAX_COMPOUND_SELECT).
    private static let mostScopes = 400

    /// One job.
    public func job(_ id: JobID, _ tx: borrowing Transaction) throws -> Job? {
        try tx.row("SELECT \(Job.columns) FROM job WHERE id = \(id)") { try Job($0) }
    }

    /// Jobs, newest first.
    ///
    /// - Parameters:
    ///   - scopes: only jobs that belong to one of these; `nil` for all jobs.
    ///   - kinds: only jobs of these; none for all.
    ///   - limit: at most this many.
    public func list(
        scopes: [UUID]?, subject: UUID? = nil, kinds: [JobKind] = [], status: JobStatus? = nil, limit: Int,
        _ tx: borrowing Transaction
    ) throws -> [Job] {
        var filter: SQL = "TRUE"
        if let subject { filter = filter + " AND subject = \(subject)" }
        if !kinds.isEmpty { filter = filter + " AND kind IN \(SQL.list(kinds))" }
        // In the text, because the indexes of the rarer ones are for one status each.
        if let status { filter = filter + SQL(trusted: " AND status = '\(status.rawValue)'") }
        guard let scopes, subject == nil else {
            let scoped = scopes.map { filter + " AND scope IN \(SQL.list($0))" } ?? filter
            return try tx.rows("SELECT \(Job.columns) FROM job WHERE \(scoped) ORDER BY id DESC LIMIT \(limit)") { try Job($0) }
        }
        if scopes.count > Self.mostScopes {
            let (first, rest) = (Array(scopes.prefix(Self.mostScopes)), Array(scopes.dropFirst(Self.mostScopes)))
            var all = try list(scopes: first, kinds: kinds, status: status, limit: limit, tx)
            all += try list(scopes: rest, kinds: kinds, status: status, limit: limit, tx)
            return Array(all.sorted { $0.id > $1.id }.prefix(limit))
        }
        guard !scopes.isEmpty else { return [] }
        // The newest of each scope come straight out of an index; over several scopes at once it would have to sort them all.
        let newest = scopes.map { scope -> SQL in
            "SELECT id FROM (SELECT id FROM job WHERE scope = \(scope) AND \(filter) ORDER BY id DESC LIMIT \(limit)) AS newest"
        }
        return try tx.rows(
            """
            SELECT \(Job.columns) FROM job WHERE id IN (\(SQL.joined(newest, separator: " UNION ALL ")))
            ORDER BY id DESC LIMIT \(limit)
            """
        ) { try Job($0) }
    }

    /// How many jobs of some kinds wait or are being worked on.
    public func unfinished(kinds: [JobKind], _ tx: borrowing Transaction) throws -> Int {
        try tx.value(
            "SELECT COUNT(*) FROM job WHERE kind IN \(SQL.list(kinds)) AND status IN ('pending', 'started') AND NOT paused",
            as: Int.self) ?? 0
    }

    /// How many jobs of some kinds were given up at an instant or later.
    public func failed(kinds: [JobKind], since start: Instant, _ tx: borrowing Transaction) throws -> Int {
        try tx.value(
            """
            SELECT COUNT(*) FROM job
            WHERE completed_at >= \(start) AND status = 'failure' AND kind IN \(SQL.list(kinds))
            """, as: Int.self) ?? 0
    }

    /// Whether a job of the kind in a scope is due or being worked on; one that waits to be tried again later is neither.
    public func hasDue(kind: JobKind, scope: UUID, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            """
            SELECT 1 WHERE EXISTS (
                    SELECT 1 FROM job WHERE scope = \(scope) AND status = 'pending' AND kind = \(kind) AND run_at <= \(now))
                OR EXISTS (SELECT 1 FROM job WHERE status = 'started' AND kind = \(kind) AND scope = \(scope))
            """, as: Int.self) != nil
    }

    /// Whether a job of the kind waits, and is not paused, or is being worked on.
    public func hasUnfinished(kind: JobKind, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            "SELECT 1 FROM job WHERE kind = \(kind) AND status IN ('pending', 'started') AND NOT paused LIMIT 1", as: Int.self)
            != nil
    }

    /// How the latest job of a kind stands, by its subject; subjects without one are left out.
    public func latest(kind: JobKind, of subjects: [UUID], _ tx: borrowing Transaction) throws -> [UUID: JobStatus] {
        guard !subjects.isEmpty else { return [:] }
        let found: [(UUID, JobStatus)] = try tx.rows(
            "SELECT subject, status FROM job WHERE subject IN \(SQL.list(subjects)) AND kind = \(kind) ORDER BY id"
        ) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(found) { _, later in later }
    }
}

extension Job {
    /// What `init(_:)` reads, in its order.
    static let columns: SQL = """
        id, kind, subject, scope, payload, status, priority, attempts, created_at, started_at, completed_at, run_at,
        error_message, outcome, result, interruptions
        """

    init(_ row: Row) throws {
        id = try row.value(0)
        kind = try row.value(1)
        subject = try row.value(2)
        scope = try row.value(3)
        payload = try row.value(4)
        status = try row.value(5)
        priority = try row.value(6)
        attempts = try row.value(7)
        createdAt = try row.value(8)
        startedAt = try row.value(9)
        completedAt = try row.value(10)
        runAt = try row.value(11)
        errorMessage = try row.value(12)
        outcome = try row.value(13)
        result = try row.value(14)
        interruptions = try row.value(15)
    }
}
