/// A transaction on a connection to PostgreSQL. It begins with its first statement. Used by one thread.
final class PostgresTransaction {
    enum Kind: Sendable {
        case read
        case write(Database.Isolation)

        var beginning: PostgresControl {
            switch self {
            case .read: .beginRead
            case .write(.serial): .beginSerial
            case .write(.committed): .beginCommitted
            }
        }
    }

    /// What may go away when everything is done once more.
    enum Trouble: Sendable {
        /// Someone else was faster.
        case contention
        /// The connection broke before the commit was sent.
        case broken
        /// The schema changed under a prepared statement.
        case stale
    }

    private let connection: PostgresConnection
    private let kind: Kind
    private let cancellation: PostgresCancellation
    private var hasBegun = false
    private var holdsLocks = false
    private var channels: [String] = []
    /// The first error of the engine. The server refuses all that follows it.
    private var failure: (any Error)?
    private(set) var trouble: Trouble?

    init(_ connection: PostgresConnection, _ kind: Kind, _ cancellation: PostgresCancellation) {
        self.connection = connection
        self.kind = kind
        self.cancellation = cancellation
    }

    // MARK: Statements

    func execute(_ sql: SQL) throws -> Int { try answer(sql).changes }

    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        let answer = try answer(sql)
        for number in 0..<answer.rowCount {
            guard try body(Row(.postgres(answer.row(number)))) else { return }
        }
    }

    func runScript(_ text: String) throws {
        try begin()
        try noting(text) { try connection.pipeline.aside { link in _ = try link.run(Dialect.spelledForPostgres(text)) } }
    }

    func copy(into table: String, columns: [String], rows: some Sequence<[SQLValue]>) throws -> Int {
        let names = SQL(trusted: columns.map(\.quotedName).joined(separator: ", "))
        let place = SQL(trusted: table.quotedName)
        let types = try answer("SELECT \(names) FROM \(place) LIMIT 0").columnTypes
        let copy = PostgresCopy(
            SQLStatement("COPY \(place) (\(names)) FROM STDIN (FORMAT binary)", marks: .numbered).text, types, cancellation)
        return try noting(copy.statement) { try connection.pipeline.aside { link in try copy.run(rows, on: link) } }
    }

    /// Before the first statement the lock is taken outside the transaction, because a serial one sees the state of the
    /// moment in which its first statement begins, and that would be before the wait.
    func lock(_ name: [UInt8]) throws {
        let key = Dialect.lockKey(name)
        guard !hasBegun else { return _ = try answer("SELECT pg_advisory_xact_lock(\(key))") }
        holdsLocks = true
        let statement = SQLStatement("SELECT pg_advisory_lock(\(key))", marks: .numbered)
        try noting(statement.text) { _ = try connection.run(statement) }
    }

    func notify(_ channel: String) { if !channels.contains(channel) { channels.append(channel) } }

    private func answer(_ sql: SQL) throws -> PostgresAnswer {
        let statement = SQLStatement(sql, marks: .numbered)
        return try noting(statement.text) {
            let beginning = hasBegun ? nil : kind.beginning
            hasBegun = true
            return try connection.run(statement, beginning: beginning)
        }
    }

    private func begin() throws {
        guard !hasBegun else { return }
        hasBegun = true
        try noting(kind.beginning.rawValue) {
            try connection.pipeline.queue(kind.beginning)
            _ = try connection.pipeline.exchange().good()
        }
    }

    // MARK: The end

    /// Commits. That of a read is not waited for: there is nothing it could change.
    ///
    /// - Throws: the first error of the engine, also when the caller made nothing of it.
    func commit() throws {
        if let failure { throw failure }
        try cancellation.check()
        if case .read = kind {
            if hasBegun { end(.commit) }
        } else if hasBegun || !channels.isEmpty {
            try commitWrite()
        }
        release()
    }

    private func commitWrite() throws {
        let pipeline = connection.pipeline
        if !hasBegun { try noting("BEGIN") { try pipeline.queue(kind.beginning) } }
        hasBegun = true
        for channel in channels { try noting("NOTIFY") { try pipeline.queue(Dialect.notification(channel)) } }
        try noting("COMMIT", isCommit: true) {
            try pipeline.queue(.commit)
            let answer = try pipeline.exchange().good()
            // A transaction that has failed is not committed, without an error (PostgreSQL, `COMMIT`).
            guard answer.command == "COMMIT" else { throw SQLMistake("the transaction had failed", statement: "COMMIT") }
        }
    }

    /// Takes everything back. Not waited for either: whatever goes wrong with it, the server does the same by itself.
    func rollBack() {
        if hasBegun { end(.rollBack) }
        release()
    }

    private func release() { if holdsLocks { end(.unlock) } }

    private func end(_ control: PostgresControl) {
        guard connection.pipeline.isUsable else { return }
        // A connection that cannot take it is out of step and so thrown away, and with it what it holds.
        try? connection.pipeline.queue(control)
        try? connection.pipeline.send()
    }

    // MARK: Errors

    /// Runs `body`, and turns what the server says into our words.
    private func noting<Result>(_ statement: String, isCommit: Bool = false, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            let fault = error as? PostgresFault
            let error = fault.map { translated($0, statement, isCommit: isCommit) } ?? error
            if failure == nil {
                failure = error
                if let fault, !(isCommit && fault.isBroken) { trouble = Trouble(fault) }
            }
            throw error
        }
    }

    private func translated(_ fault: PostgresFault, _ statement: String, isCommit: Bool) -> any Error {
        if fault.isBroken, isCommit {
            return SQLProblem.unavailable("the connection broke during a commit, so it is unknown whether it was done")
        }
        if fault.isCancellation, cancellation.isCancelled { return CancellationError() }
        return Dialect.translated(fault, statement: statement)
    }
}

extension PostgresTransaction.Trouble {
    init?(_ fault: PostgresFault) {
        if fault.isBroken {
            self = .broken
        } else if fault.isContention {
            self = .contention
        } else if fault.isStale {
            self = .stale
        } else {
            return nil
        }
    }
}
