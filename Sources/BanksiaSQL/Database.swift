internal import GRDB
internal import Synchronization

/// A database that many tasks, and several processes, use at once.
///
/// Writes happen one after another, each in one transaction that is on disk when `write` returns. Reads run beside them
/// and see the state of the last commit before they began. Closures run on threads of the engine, never on Swift's own.
public final class Database: Sendable {
    let pool: DatabasePool
    private let counter = StatementCounter()

    init(pool: DatabasePool) { self.pool = pool }

    /// Runs `body` in a transaction that reads one unchanging state.
    ///
    /// - Throws: what `body` throws, `SQLProblem`, `SQLMistake`; `CancellationError` when the task is cancelled.
    public func read<Result: Sendable>(_ body: @Sendable (borrowing Transaction) throws -> Result) async throws -> Result {
        try await patiently { [counter, pool] in
            try await pool.read { connection in
                let afterwards = Afterwards()
                let result = try body(Transaction(connection: connection, afterwards: afterwards, counter: counter))
                for body in afterwards.bodies { body() }
                StatementMemory.trim(connection, after: counter)
                return result
            }
        }
    }

    /// Runs `body` in a transaction that is committed when it returns and rolled back when it throws.
    ///
    /// When another process holds the database for long, `body` may run again from its start: it does nothing but
    /// work on the transaction. A statement that was refused may have spoiled the transaction (PostgreSQL), so
    /// violations are caught around `write`, not inside it.
    ///
    /// - Throws: what `body` throws, `SQLProblem`, `SQLMistake`; `CancellationError` when the task is cancelled. After an
    ///   error nothing of the transaction remains.
    @discardableResult public func write<Result: Sendable>(_ body: @Sendable (borrowing Transaction) throws -> Result)
        async throws -> Result
    {
        try await patiently { [counter, pool] in
            try await pool.writeWithoutTransaction { connection in
                let afterwards = Afterwards()
                // A variable of its own: made in the call, it crashes the optimizer of Swift 6.3.1.
                let transaction = Transaction(connection: connection, afterwards: afterwards, counter: counter)
                var result: Result?
                try connection.inTransaction(.immediate) {
                    result = try body(transaction)
                    return .commit
                }
                for body in afterwards.bodies { body() }
                StatementMemory.trim(connection, after: counter)
                guard let result else { preconditionFailure("a committed transaction has a result") }
                return result
            }
        }
    }

    /// The whole schema as SQL, in a stable order.
    public func schema() async throws -> String {
        try await read { tx in try tx.rows(Dialect.schema) { try $0.value(0, as: String.self) } }.map { $0 + ";\n" }.joined(
            separator: "\n")
    }

    /// How many statements have run so far; those that begin and end transactions are not counted.
    public var statementCount: Int { counter.count.load(ordering: .relaxed) }

    /// Ends all connections. Whatever is tried afterwards is refused. It blocks until what is under way has ended, so call it
    /// when nothing is.
    public func close() throws {
        do { try pool.close() } catch { throw Dialect.translated(error) }
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
