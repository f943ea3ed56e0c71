internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// A transaction on a connection of SQLite.
struct SQLiteTransaction {
    let connection: GRDB.Database

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

    func forEachRow(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        try translating {
            let statement = SQLStatement(sql, marks: .question)
            let prepared = try prepared(statement.text)
            let cursor = try GRDB.Row.fetchCursor(prepared, arguments: try arguments(statement.values))
            while try cursor.next() != nil {
                guard try body(Row(.sqlite(unsafe SQLiteRow(statement: prepared.sqliteStatement)))) else { return }
            }
        }
    }

    private func execute(_ statement: Statement, _ values: [SQLValue]) throws -> Int {
        let before = unsafe sqlite3_total_changes64(connection.sqliteConnection)
        try statement.execute(arguments: try arguments(values))
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

    private func arguments(_ values: [SQLValue]) throws -> StatementArguments {
        StatementArguments(try values.map(Dialect.bound))
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
