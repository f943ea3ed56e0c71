extension PostgresPool {
    /// Who waits for another process to migrate waits this long: building an index over a million vectors takes minutes.
    private static let patience: Duration = .seconds(1800)

    /// Has `body` run the steps of a migration, alone in all processes. It gets what runs one step in a transaction.
    ///
    /// - Throws: what `body` throws; `SQLProblem.busy` when another process takes too long.
    func migrating(
        _ counter: StatementCounter,
        _ body: @Sendable (_ run: (@Sendable (borrowing Transaction) throws -> Void) throws -> Void) throws -> Void
    ) async throws {
        let lock: Duration = settings.lockTimeout
        // The others learn of the types that were made.
        defer { renew() }
        try await advising {
            try await use { connection, cancellation in
                // The lock and the limits are the connection's, and end with it.
                defer { connection.pipeline.discard() }
                try connection.holdMigrations(waiting: Self.patience, lock: lock)
                try body { step in
                    if case .again(let error, _) = try connection.transaction(.write(.committed), counter, cancellation, step) {
                        throw error
                    }
                }
            }
        }
    }
}

extension PostgresPool {
    /// Whoever migrates stands at the start of the program, and can be told more than its users.
    private func advising(_ body: () async throws -> Void) async throws {
        do {
            try await translating(body)
        } catch SQLProblem.forbidden(let reason) {
            throw SQLProblem.cannotOpen(
                "PostgreSQL does not let the role of the database URL change the schema: \(reason). Make it the owner of the database."
            )
        }
    }
}

extension PostgresConnection {
    /// Takes the lock that one process holds while it migrates, and lets statements run for as long as they need.
    fileprivate func holdMigrations(waiting patience: Duration, lock: Duration) throws {
        pipeline.patience = nil
        try setTimeouts(statement: nil, lock: patience)
        _ = try run(
            SQLStatement("SELECT pg_advisory_lock(\(Dialect.lockKey(Array("banksia migrations".utf8))))", marks: .numbered))
        try setTimeouts(statement: nil, lock: lock)
        _ = try pipeline.exchange().good()
    }
}
