/// A database that many tasks, and several processes, use at once.
///
/// Writes are as if they happened one after another, each in one transaction that is on disk when `write` returns. Reads
/// run beside them and see the state of the last commit before they began. Closures run on threads of the engine, never
/// on Swift's own.
public final class Database: Sendable {
    enum Engine: Sendable {
        case sqlite(SQLitePool)
        case postgres(PostgresPool)
    }

    /// How writes that run at the same time may affect each other.
    public enum Isolation: Sendable {
        /// Not at all: whatever a write reads stays true until it is committed. Where two would break that, one of them
        /// runs again from its start.
        case serial
        /// Each statement sees what was committed before it began. For transactions whose statements guard themselves by
        /// the rows they change, such as taking jobs from a queue. With one writer the same as `serial`.
        case committed
    }

    let engine: Engine
    let counter = StatementCounter()

    init(_ engine: Engine) { self.engine = engine }

    /// Runs `body` in a transaction that reads one unchanging state.
    ///
    /// When the connection breaks it may run again from its start: it does nothing but work on the transaction.
    ///
    /// - Throws: what `body` throws, `SQLProblem`, `SQLMistake`; `CancellationError` when the task is cancelled.
    public func read<Result: Sendable>(_ body: @Sendable (borrowing Transaction) throws -> Result) async throws -> Result {
        switch engine {
        case .sqlite(let pool): try await pool.reading(counter, body)
        case .postgres(let pool): try await pool.transaction(.read, counter, body)
        }
    }

    /// Runs `body` in a transaction that is committed when it returns and rolled back when it throws.
    ///
    /// When someone else was faster, or the connection breaks before the commit, `body` may run again from its start: it
    /// does nothing but work on the transaction. A statement that was refused may have spoiled the transaction
    /// (PostgreSQL), so violations are caught around `write`, not inside it.
    ///
    /// - Throws: what `body` throws, `SQLProblem`, `SQLMistake`; `CancellationError` when the task is cancelled. After an
    ///   error nothing of the transaction remains, with one exception: when the connection to a server breaks while it
    ///   commits, nobody knows, and `SQLProblem.unavailable` says so.
    @discardableResult public func write<Result: Sendable>(_ body: @Sendable (borrowing Transaction) throws -> Result)
        async throws -> Result
    {
        try await write(.serial, body)
    }

    /// The same with less isolation from other writes.
    @discardableResult public func write<Result: Sendable>(
        _ isolation: Isolation, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        if let observer = RehearsalObserver.current { return try await rehearse(observer, body) }
        return try await commit(isolation, body)
    }

    @discardableResult func commit<Result: Sendable>(
        _ isolation: Isolation, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        switch engine {
        case .sqlite(let pool): try await pool.writing(counter, body)
        case .postgres(let pool): try await pool.transaction(.write(isolation), counter, body)
        }
    }

    /// Whether processes on several hosts may use the database at once.
    public var isShared: Bool {
        switch engine {
        case .sqlite: false
        case .postgres: true
        }
    }

    /// How many statements have run so far; those that begin and end transactions are not counted.
    public var statementCount: Int { counter.count }

    /// The statements that run while `body` does, by whomever, for tests of how the engine goes about them.
    package func statements(during body: () async throws -> Void) async throws -> [SQL] {
        counter.keep()
        do { try await body() } catch {
            _ = counter.take()
            throw error
        }
        return counter.take()
    }

    /// Ends all connections. Whatever is tried afterwards is refused. It may block until what is under way has ended, so call it
    /// when nothing is.
    public func close() throws {
        switch engine {
        case .sqlite(let pool): try pool.close()
        case .postgres(let pool): pool.close()
        }
    }
}
