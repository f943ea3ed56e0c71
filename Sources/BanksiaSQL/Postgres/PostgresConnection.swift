internal import CPostgres

/// One connection for transactions. Used by one thread at a time.
final class PostgresConnection {
    let pipeline: PostgresPipeline
    /// Stops the statement under way; made here, used by whoever cancels.
    let canceller: PostgresCanceller
    private var statements = PostgresStatements()
    /// The number of pgvector's type in this database; 0 when it is not there.
    private var vectorType: Oid = 0

    /// Connects and prepares.
    ///
    /// - Throws: `PostgresRefusal`; `PostgresFault` when the preparations fail.
    init(_ settings: PostgresSettings) throws {
        let link = try PostgresLink(settings)
        try Self.check(link)
        canceller = PostgresCanceller(link)
        // The server ends a statement that runs too long. Past that and some grace it is the server that hangs.
        pipeline = try PostgresPipeline(link, patience: settings.statementTimeout + .seconds(15))
        try setUp(settings)
    }

    deinit { canceller.forget() }

    private static func check(_ link: PostgresLink) throws(PostgresRefusal) {
        let version = link.serverVersion
        guard version >= 150_000 else { throw .version(link.parameter("server_version") ?? "\(version / 10_000)") }
        let encoding = link.parameter("server_encoding") ?? ""
        guard encoding == "UTF8" else { throw .encoding(encoding) }
    }

    private static let sessionSettings = [
        // Compiling a plan pays for analysts; our statements are over before it is done.
        "jit = off",
        // A host that lost its power holds its locks for half a minute, not for the hours that TCP allows.
        "tcp_keepalives_idle = 15", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3", "tcp_user_timeout = 30000",
        // And a process that was stopped within a transaction, for as long as any statement may take.
        "idle_in_transaction_session_timeout = '2min'",
    ]

    /// All in one round trip.
    private func setUp(_ settings: PostgresSettings) throws(PostgresFault) {
        try setTimeouts(statement: settings.statementTimeout, lock: settings.lockTimeout)
        for setting in Self.sessionSettings { try pipeline.queue("SET \(setting)") }
        try queueControls()
        try pipeline.queue("SELECT COALESCE(to_regtype('vector')::oid, 0::oid)")
        let answer = try pipeline.exchange().good()
        vectorType = Oid(truncatingIfNeeded: answer.integer ?? 0)
    }

    /// Queues the limits of the statements that follow; none for `nil`.
    func setTimeouts(statement: Duration?, lock: Duration?) throws(PostgresFault) {
        try pipeline.queue("SET statement_timeout = \(statement?.milliseconds ?? 0)")
        try pipeline.queue("SET lock_timeout = \(lock?.milliseconds ?? 0)")
    }

    private func queueControls() throws(PostgresFault) {
        for control in PostgresControl.allCases { try pipeline.queuePrepare(control.name, control.rawValue, []) }
    }

    // MARK: Statements

    /// Sends a statement, with the beginning of its transaction before it if given, and waits for its answer.
    ///
    /// - Throws: `PostgresFault`, `SQLProblem.zeroInText`, `SQLMistake`.
    func run(_ statement: SQLStatement, beginning: PostgresControl? = nil) throws -> PostgresAnswer {
        // The protocol counts parameters in 16 bits ("Message Formats", Bind).
        guard statement.values.count <= Int(UInt16.max) else { throw SQLMistake("too many values", statement: statement.text) }
        let parameters = try PostgresParameters(statement.values, vector: vectorType)
        if let prepared = statements.prepared(statement.text, parameters.types) {
            if let beginning { try pipeline.queue(beginning) }
            try pipeline.queue(prepared.name, parameters)
            return try pipeline.exchange().good()
        }
        guard parameters.count <= Self.mostDescribed else { return try run(once: statement, parameters, beginning) }
        if statements.isFull { try forgetStatements() }
        return try prepareAndRun(statement.text, parameters, beginning)
    }

    /// The message that describes a statement has four bytes for each value and six more (PostgreSQL, "Message Formats"), and libpq
    /// takes one of more than 30,000 bytes for the end of all sense.
    private static let mostDescribed: Int32 = 7000

    /// As the statement without a name, which lasts until the next one.
    private func run(once statement: SQLStatement, _ parameters: PostgresParameters, _ beginning: PostgresControl?)
        throws(PostgresFault) -> PostgresAnswer
    {
        if let beginning { try pipeline.queue(beginning) }
        try pipeline.queuePrepare("", statement.text, parameters.types)
        try pipeline.queue("", parameters)
        return try pipeline.exchange().good()
    }

    private func prepareAndRun(_ text: String, _ parameters: PostgresParameters, _ beginning: PostgresControl?)
        throws(PostgresFault)
        -> PostgresAnswer
    {
        var statement = PostgresStatements.Prepared(name: statements.newName(), types: parameters.types)
        if let beginning { try pipeline.queue(beginning) }
        try pipeline.queuePrepare(statement.name, text, statement.types)
        try pipeline.queueDescribe(statement.name)
        try pipeline.queue(statement.name, parameters)
        let outcomes = try pipeline.exchange()
        // What comes before the last answer is there even when the statement itself fails.
        if case .answer(let description) = outcomes.dropLast().last {
            statement.types = description.parameterTypes
            statements.keep(statement, for: text)
        }
        return try outcomes.good()
    }

    private func forgetStatements() throws(PostgresFault) {
        try pipeline.queue("DEALLOCATE ALL")
        try queueControls()
        _ = try pipeline.exchange().good()
        statements.forgetAll()
    }
}

extension PostgresAnswer {
    /// The first column of the first row, when it is a whole number.
    var integer: Int64? { rowCount > 0 ? PostgresCell(row: row(0), column: 0).integer() : nil }
}
