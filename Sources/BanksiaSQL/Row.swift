public import Foundation
internal import GRDBSQLite

/// One row of an answer, to be read while `decode` runs and not kept.
///
/// Columns are read by their place in the `SELECT`, counted from 0: that costs no lookup, and the column list stands
/// right beside the code that reads it.
public struct Row {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    /// The value of a column.
    ///
    /// - Throws: `SQLMistake` when the column does not exist or holds something else, such as a NULL for a type that is
    ///   not optional.
    public func value<Value: SQLDecodable>(_ column: Int, as: Value.Type = Value.self) throws -> Value {
        try Value(SQLCell(statement: statement, column: Int32(truncatingIfNeeded: column)))
    }
}

/// One column of one row. Read by `SQLDecodable` types.
public struct SQLCell {
    // Given out by the engine for the row it stands on; `Row` says how long that holds.
    private let statement: OpaquePointer
    private let column: Int32

    init(statement: OpaquePointer, column: Int32) {
        self.statement = statement
        self.column = column
    }

    /// Whether the column is NULL.
    public var isNull: Bool { type == SQLITE_NULL }

    // Out of range, SQLite reports NULL, so a wrong column number ends in `mismatch` for what is not optional.
    private var type: Int32 { sqlite3_column_type(statement, column) }

    /// A whole number.
    public func integer() throws -> Int64 {
        guard type == SQLITE_INTEGER else { throw mismatch(Int64.self) }
        return sqlite3_column_int64(statement, column)
    }

    /// A number; a whole one is converted.
    public func real() throws -> Double {
        let type = type
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { throw mismatch(Double.self) }
        return sqlite3_column_double(statement, column)
    }

    /// Text. Damaged UTF-8 is repaired, not refused.
    public func text() throws -> String {
        guard type == SQLITE_TEXT, let start = sqlite3_column_text(statement, column) else { throw mismatch(String.self) }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Bytes, lent for the time of the call.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        guard type == SQLITE_BLOB else { throw mismatch([UInt8].self) }
        // An empty blob has no address (sqlite.org/c3ref/column_blob.html).
        let start = sqlite3_column_blob(statement, column)
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// The 16 bytes of an `ID` column.
    public func uuid() throws -> UUID {
        try withBytes { bytes in
            guard bytes.count == 16 else { throw mismatch(UUID.self) }
            return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        }
    }

    /// The error for a column that does not hold what was asked for; to be thrown by `SQLDecodable` types of other targets.
    public func mismatch(_ wanted: Any.Type) -> SQLMistake {
        guard column >= 0, column < sqlite3_column_count(statement) else {
            return SQLMistake("there is no column \(column) to read a \(wanted) from", statement: statementText)
        }
        let name = sqlite3_column_name(statement, column).map { String(cString: $0) } ?? ""
        return SQLMistake("column \(column) (\(name)) holds \(typeName), not \(wanted)", statement: statementText)
    }

    private var statementText: String { sqlite3_sql(statement).map { String(cString: $0) } ?? "" }

    private var typeName: String {
        switch type {
        case SQLITE_NULL: "NULL"
        case SQLITE_INTEGER: "an integer"
        case SQLITE_FLOAT: "a real"
        case SQLITE_TEXT: "text"
        default: "bytes"
        }
    }
}
