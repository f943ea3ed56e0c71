internal import Foundation
internal import GRDB
internal import GRDBSQLite

/// One run of a prepared statement, from its first value to its last row.
@safe struct SQLiteRun {
    private let statement: Statement
    private let deadline: SQLiteDeadline
    private var pointer: OpaquePointer { unsafe statement.sqliteStatement }

    /// - Parameter limit: how long it may take from now to its last row.
    init(_ statement: Statement, for limit: Duration) {
        self.statement = statement
        deadline = SQLiteDeadline(after: limit)
    }

    /// The row that it stands on.
    var row: SQLiteRow { unsafe SQLiteRow(statement: pointer) }

    /// Gives the parameters their values, in order.
    ///
    /// - Throws: `SQLProblem.zeroInText`, `DatabaseError`.
    func bind(_ values: [SQLValue]) throws {
        guard unsafe Int(sqlite3_bind_parameter_count(pointer)) == values.count else {
            throw SQLMistake("as many values as marks are needed", statement: statement.sql)
        }
        for (index, value) in values.enumerated() { try check(bind(value, at: Int32(index + 1))) }
    }

    private func bind(_ value: SQLValue, at place: Int32) throws -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(pointer, place)
        case .boolean(let value): return unsafe sqlite3_bind_int64(pointer, place, value ? 1 : 0)
        case .integer(let value): return unsafe sqlite3_bind_int64(pointer, place, value)
        case .real(let value): return unsafe sqlite3_bind_double(pointer, place, value)
        case .text(var value):
            guard !value.utf8.contains(0) else { throw SQLProblem.zeroInText }
            return value.withUTF8 { bytes in
                // An empty text may have no address, which would be NULL.
                guard let start = bytes.baseAddress else {
                    return unsafe sqlite3_bind_text(pointer, place, "", 0, Self.copied)
                }
                return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                    unsafe sqlite3_bind_text64(pointer, place, start, UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8))
                }
            }
        case .bytes(let value): return unsafe value.withUnsafeBytes { unsafe bind($0, at: place) }
        case .uuid(let value): return unsafe withUnsafeBytes(of: value.uuid) { unsafe bind($0, at: place) }
        case .vector(let value): return unsafe value.littleEndianBytes.withUnsafeBytes { unsafe bind($0, at: place) }
        }
    }

    private func bind(_ bytes: UnsafeRawBufferPointer, at place: Int32) -> Int32 {
        guard let start = bytes.baseAddress, unsafe !bytes.isEmpty else {
            return unsafe sqlite3_bind_zeroblob(pointer, place, 0)
        }
        return unsafe sqlite3_bind_blob64(pointer, place, start, UInt64(bytes.count), Self.copied)
    }

    /// Has SQLite copy what it is given (sqlite.org/c3ref/c_static.html, `SQLITE_TRANSIENT`).
    private static var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Goes to the next row; `false` when there is none.
    ///
    /// - Throws: `SQLProblem.timedOut`, `DatabaseError`.
    func step() throws -> Bool {
        let connection = unsafe sqlite3_db_handle(pointer)
        // Before each row, as the closure that reads the rows may have run another statement in between.
        unsafe deadline.watch(connection)
        defer { unsafe SQLiteDeadline.forget(connection) }
        let code = unsafe sqlite3_step(pointer)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else {
            if code == SQLITE_INTERRUPT, deadline.isOver, !Task.isCancelled { throw SQLProblem.timedOut }
            throw error(code)
        }
        return false
    }

    /// Lets the statement be run again. What went wrong has been told by `step`.
    func end() { _ = unsafe sqlite3_reset(pointer) }

    private func check(_ code: Int32) throws { if code != SQLITE_OK { throw error(code) } }

    private func error(_ code: Int32) -> DatabaseError {
        let connection = unsafe sqlite3_db_handle(pointer)
        return unsafe DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)), sql: statement.sql)
    }
}
