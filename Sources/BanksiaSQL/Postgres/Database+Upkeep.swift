extension Database {
    /// Has `body` do work on the server that may take long and may not stand in a transaction, such as building an index
    /// beside those who write. It has a connection of its own, without limits of time, and is alone under `name` in all
    /// processes.
    ///
    /// - Returns: whether it ran; not if another process is at it, or if there is no server to look after (SQLite).
    /// - Throws: what `body` throws, `SQLProblem`; `CancellationError` when the task is cancelled.
    @discardableResult package func upkeep(_ name: String, _ body: @Sendable (borrowing Upkeep) throws -> Void) async throws
        -> Bool
    {
        guard case .postgres(let pool) = engine else { return false }
        var settings = pool.settings
        settings.connections = 1
        let own = PostgresPool(settings)
        defer { own.close() }
        return try await own.translating { [counter] in
            try await own.use { connection, cancellation in
                connection.pipeline.patience = nil
                try connection.setTimeouts(statement: nil, lock: nil)
                _ = try connection.pipeline.exchange().good()
                let upkeep = Upkeep(connection: connection, cancellation: cancellation, counter: counter)
                let lock = Dialect.lockKey(Array("banksia upkeep \(name)".utf8))
                // If this fails it ends with the connection.
                guard try upkeep.read({ tx in try tx.value("SELECT pg_try_advisory_lock(\(lock))") }) ?? false else {
                    return false
                }
                try body(upkeep)
                _ = try upkeep.read { tx in try tx.value("SELECT pg_advisory_unlock(\(lock))", as: Bool.self) }
                return true
            }
        }
    }
}

/// What work on the server itself is done with; lent to the closure given to `Database.upkeep`.
package struct Upkeep: ~Copyable {
    let connection: PostgresConnection
    let cancellation: PostgresCancellation
    let counter: StatementCounter

    /// Reads in a transaction of its own.
    package borrowing func read<Result: Sendable>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        switch try connection.transaction(.write(.committed), counter, cancellation, body) {
        case .done(let result): return result
        case .again(let error, _): throw error
        }
    }

    /// Runs one statement outside any transaction.
    package borrowing func run(_ text: String) throws {
        do {
            try connection.pipeline.aside { link in _ = try link.run(text) }
        } catch let fault as PostgresFault {
            if fault.isCancellation, cancellation.isCancelled { throw CancellationError() }
            throw Dialect.translated(fault, statement: text)
        }
    }
}
