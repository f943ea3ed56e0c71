internal import GRDB

/// Connections to a file of SQLite: one that writes, and readers beside it.
struct SQLitePool: Sendable {
    let connections: DatabasePool
    /// How long one statement may run.
    let statementTimeout: Duration

    func reading<Result: Sendable>(
        _ counter: StatementCounter, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await patiently {
            try await connections.read { connection in
                let afterwards = Afterwards()
                // A variable of its own: made in the call, it crashes the optimizer of Swift 6.3.1.
                let transaction = Transaction(
                    .sqlite(SQLiteTransaction(connection: connection, statementTimeout: statementTimeout)),
                    afterwards: afterwards, counter: counter)
                let result = try body(transaction)
                afterwards.run()
                StatementMemory.trim(connection, after: counter)
                return result
            }
        }
    }

    func writing<Result: Sendable>(
        _ counter: StatementCounter, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await patiently {
            try await connections.writeWithoutTransaction { connection in
                let afterwards = Afterwards()
                let transaction = Transaction(
                    .sqlite(SQLiteTransaction(connection: connection, statementTimeout: statementTimeout)),
                    afterwards: afterwards, counter: counter)
                var result: Result?
                try connection.inTransaction(.immediate) {
                    result = try body(transaction)
                    return .commit
                }
                afterwards.run()
                StatementMemory.trim(connection, after: counter)
                guard let result else { preconditionFailure("a committed transaction has a result") }
                return result
            }
        }
    }

    func close() throws {
        do { try connections.close() } catch { throw Dialect.translated(error) }
    }

    /// Tries again when another process is in the way. Each attempt has already waited for the engine's own time limit.
    private func patiently<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        let attempts = 4
        for attempt in 1... {
            do {
                return try await body()
            } catch {
                let problem = Dialect.translated(error)
                guard attempt < attempts, problem as? SQLProblem == .busy else { throw problem }
                try await Task.sleep(for: .milliseconds(10 << attempt))
            }
        }
        preconditionFailure("the loop ends by returning or throwing")
    }
}
