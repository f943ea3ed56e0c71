internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// A transaction on a connection of SQLite.
struct SQLiteTransaction {
    let connection: GRDB.Database
    let statementTimeout: Duration

    func execute(_ sql: SQL) throws -> Int {
        try translating {
            let statement = SQLStatement(sql, marks: .question)
            return try execute(prepared(statement.text), statement.values)
        }
    }

    func copy(into table: String, columns: [String], rows: some Sequence<[SQLValue]>) throws -> Int {
        try translating {
            let names = columns.map(\.quotedName).joined(separator: ", ")
            let marks = columns.map { _ in "?" }.joined(separator: ", ")
            let statement = try prepared("INSERT INTO \(table.quotedName) (\(names)) VALUES (\(marks))")
            var count = 0
            for row in rows { count += try execute(statement, row) }
            return count
        }
    }

    func runScript(_ text: String) throws { try translating { try connection.execute(sql: Dialect.spelledForSQLite(text)) } }

    /// Steps through the answer itself: GRDB's cursor reads and indexes the names of all columns each time, which was a
    /// fifth of a list's time in the engine.
    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        try translating {
            let statement = SQLStatement(sql, marks: .question)
            let run = SQLiteRun(try prepared(statement.text), for: statementTimeout)
            defer { run.end() }
            try run.bind(statement.values)
            while try run.step() {
                guard try body(Row(.sqlite(run.row))) else { return }
            }
        }
    }

    private func execute(_ statement: Statement, _ values: [SQLValue]) throws -> Int {
        let before = unsafe sqlite3_total_changes64(connection.sqliteConnection)
        let run = SQLiteRun(statement, for: statementTimeout)
        defer { run.end() }
        try run.bind(values)
        while try run.step() {}
        // A statement that changes nothing leaves the last count standing.
        guard unsafe sqlite3_total_changes64(connection.sqliteConnection) != before else { return 0 }
        return connection.changesCount
    }

    private func prepared(_ text: String) throws -> Statement {
        let statement = try connection.cachedStatement(sql: text)
        // One that is still being read, by a closure around this one, cannot be started again.
        guard unsafe sqlite3_stmt_busy(statement.sqliteStatement) == 0 else { return try connection.makeStatement(sql: text) }
        return statement
    }

    private func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw Dialect.translated(error) }
    }
}

extension Transaction {
    /// What this connection's prepared statements take up; 0 where the server holds them.
    var statementBytes: Int {
        guard case .sqlite(let transaction) = engine else { return 0 }
        return StatementMemory.bytes(of: transaction.connection)
    }
}
