internal import GRDB

// Transactions on SQLite: one writer, and readers beside it.
extension DatabasePool {
    func reading<Result: Sendable>(
        _ counter: StatementCounter, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await patiently {
            try await read { connection in
                let afterwards = Afterwards()
                let result = try body(
                    Transaction(.sqlite(SQLiteTransaction(connection: connection)), afterwards: afterwards, counter: counter))
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
            try await writeWithoutTransaction { connection in
                let afterwards = Afterwards()
                // A variable of its own: made in the call, it crashes the optimizer of Swift 6.3.1.
                let transaction = Transaction(
                    .sqlite(SQLiteTransaction(connection: connection)), afterwards: afterwards, counter: counter)
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
