internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// One transaction, lent to the closure given to `Database.read` or `Database.write`. It cannot be kept or awaited in.
///
/// Each statement is prepared once for a connection and then reused, so its text should not vary with its values.
public struct Transaction: ~Copyable {
    private let connection: GRDB.Database
    private let afterwards: Afterwards
    private let counter: StatementCounter

    init(connection: GRDB.Database, afterwards: Afterwards, counter: StatementCounter) {
        self.connection = connection
        self.afterwards = afterwards
        self.counter = counter
    }

    /// All rows of the answer, decoded.
    ///
    /// - Throws: what `decode` throws, `SQLProblem`, `SQLMistake`.
    public borrowing func rows<Element>(_ sql: SQL, _ decode: (Row) throws -> Element) throws -> [Element] {
        var elements: [Element] = []
        try forEachRow(sql) {
            elements.append(try decode($0))
            return true
        }
        return elements
    }

    /// The first row of the answer, decoded; `nil` when there is none.
    public borrowing func row<Element>(_ sql: SQL, _ decode: (Row) throws -> Element) throws -> Element? {
        var element: Element?
        try forEachRow(sql) {
            element = try decode($0)
            return false
        }
        return element
    }

    /// The first column of the first row; `nil` when there is no row. For a column that may be NULL, read it as an optional.
    public borrowing func value<Value: SQLDecodable>(_ sql: SQL, as: Value.Type = Value.self) throws -> Value? {
        try row(sql) { try $0.value(0) }
    }

    /// Runs a statement for its effect.
    ///
    /// - Returns: how many rows it inserted, updated or deleted itself; those that foreign keys and triggers changed
    ///   along with them do not count.
    @discardableResult public borrowing func execute(_ sql: SQL) throws -> Int {
        try translating {
            let before = sqlite3_total_changes64(connection.sqliteConnection)
            try prepared(sql).execute(arguments: try arguments(of: sql))
            // A statement that changes nothing leaves the last count standing.
            guard sqlite3_total_changes64(connection.sqliteConnection) != before else { return 0 }
            return connection.changesCount
        }
    }

    /// Has `body` run as soon as this transaction is committed, in the order of the calls. It does not run if the
    /// transaction is rolled back. At the end of a read it runs as well.
    ///
    /// It runs between two transactions, so it must be quick: send a signal, no more.
    public borrowing func afterCommit(_ body: @escaping @Sendable () -> Void) { afterwards.bodies.append(body) }

    /// Runs several statements of a migration, with its type words.
    borrowing func runScript(_ text: String) throws { try translating { try connection.execute(sql: Dialect.spelled(text)) } }

    /// What this connection's prepared statements take up.
    var statementBytes: Int { StatementMemory.bytes(of: connection) }

    private borrowing func forEachRow(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        try translating {
            let statement = try prepared(sql)
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: try arguments(of: sql))
            while try cursor.next() != nil {
                guard try body(Row(statement.sqliteStatement)) else { return }
            }
        }
    }

    private borrowing func prepared(_ sql: SQL) throws -> Statement {
        counter.count.add(1, ordering: .relaxed)
        let statement = try connection.cachedStatement(sql: sql.text)
        // One that is still being read, by a closure around this one, cannot be started again.
        guard sqlite3_stmt_busy(statement.sqliteStatement) == 0 else { return try connection.makeStatement(sql: sql.text) }
        return statement
    }

    private borrowing func arguments(of sql: SQL) throws -> StatementArguments {
        StatementArguments(try sql.values.map(Dialect.bound))
    }

    private borrowing func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw Dialect.translated(error) }
    }
}

/// What is to run after a commit. Lives on the connection's queue like its transaction, so it needs no lock.
final class Afterwards {
    var bodies: [@Sendable () -> Void] = []
}
