public import Foundation
internal import GRDB

/// One transaction, lent to the closure given to `Database.read` or `Database.write`. It cannot be kept or awaited in.
///
/// Each statement is prepared once for a connection and then reused, so its text should not vary with its values.
public struct Transaction: ~Copyable {
    enum Engine {
        case sqlite(SQLiteTransaction)
        case postgres(PostgresTransaction)
    }

    let engine: Engine
    private let afterwards: Afterwards
    private let counter: StatementCounter

    init(_ engine: Engine, afterwards: Afterwards, counter: StatementCounter) {
        self.engine = engine
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
        counter.add(sql)
        return switch engine {
        case .sqlite(let transaction): try transaction.execute(sql)
        case .postgres(let transaction): try transaction.execute(sql)
        }
    }

    /// Inserts many rows at once, as fast as the engine can.
    ///
    /// The rows are taken one by one and sent in small portions, so a sequence that makes them as it goes may be of any
    /// length; while it runs it must not use this transaction.
    ///
    /// - Parameters:
    ///   - table: a table of the schema. Like `columns` it is a name out of the program, never one that came from outside.
    ///   - rows: in each as many values as there are columns, of the types of the columns; a whole number may stand for a
    ///     truth value or a real, and bytes for an id or a vector.
    /// - Returns: how many rows were inserted.
    /// - Throws: what a wrong row violates, as `execute` does; `SQLMistake` for a value that does not fit its column.
    @discardableResult public borrowing func copy(into table: String, columns: [String], rows: some Sequence<[SQLValue]>) throws
        -> Int
    {
        counter.add()
        return switch engine {
        case .sqlite(let transaction): try transaction.copy(into: table, columns: columns, rows: rows)
        case .postgres(let transaction): try transaction.copy(into: table, columns: columns, rows: rows)
        }
    }

    /// Holds off everyone else who names the same thing, in all processes, until this transaction ends.
    ///
    /// Take it first of all in the transaction: then what is read afterwards is what the holder before left behind.
    /// Different names may now and then hold each other off, so nothing may depend on their not doing so. With one writer,
    /// as on SQLite, a write is alone anyway.
    ///
    /// - Throws: `SQLProblem.busy` when it takes too long.
    public borrowing func lock(_ name: [UInt8]) throws {
        guard case .postgres(let transaction) = engine else { return }
        try transaction.lock(name)
    }

    /// The same for a thing that has an id.
    public borrowing func lock(_ name: UUID) throws { try lock([UInt8](name)) }

    /// Has those who listen on a channel woken once this transaction is committed, in all processes: see
    /// `Database.notifications(on:)`. Where there is one process (SQLite) nobody listens.
    ///
    /// - Parameter channel: 1 to 63 bytes; a name out of the program.
    public borrowing func notify(_ channel: String) {
        guard case .postgres(let transaction) = engine else { return }
        transaction.notify(channel)
    }

    /// Has `body` run as soon as this transaction is committed, in the order of the calls. It does not run if the
    /// transaction is rolled back. At the end of a read it runs as well.
    ///
    /// It runs between two transactions, so it must be quick: send a signal, no more.
    public borrowing func afterCommit(_ body: @escaping @Sendable () -> Void) { afterwards.bodies.append(body) }

    /// Runs several statements of a migration, with its type words.
    borrowing func runScript(_ text: String) throws {
        guard !text.allSatisfy(\.isWhitespace) else { return }
        switch engine {
        case .sqlite(let transaction): try transaction.runScript(text)
        case .postgres(let transaction): try transaction.runScript(text)
        }
    }

    private borrowing func forEachRow(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        counter.add(sql)
        do {
            switch engine {
            case .sqlite(let transaction): try transaction.forEachRow(sql, body)
            case .postgres(let transaction): try transaction.forEachRow(sql, body)
            }
        } catch let mistake as SQLMistake where mistake.statement.isEmpty {
            // A cell does not know which statement it belongs to.
            throw SQLMistake(mistake.reason, statement: sql.text)
        }
    }
}

/// What is to run after a commit. Lives with its transaction on one thread, so it needs no lock.
final class Afterwards {
    var bodies: [@Sendable () -> Void] = []

    func run() { for body in bodies { body() } }
}
