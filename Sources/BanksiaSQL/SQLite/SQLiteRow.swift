internal import GRDBSQLite

/// The row on which a statement of SQLite stands.
@safe struct SQLiteRow {
    // Given out by the engine for the row it stands on; `Row` says how long that holds.
    let statement: OpaquePointer

    var columnCount: Int { Int(unsafe sqlite3_column_count(statement)) }
}

/// One column of it. What is not of the type asked for is `nil`.
///
/// Out of range, SQLite reports NULL, so a wrong column number ends as something that is not there.
@safe struct SQLiteCell {
    private let statement: OpaquePointer
    private let column: Int32

    init(row: SQLiteRow, column: Int32) {
        unsafe statement = row.statement
        self.column = column
    }

    private var type: Int32 { unsafe sqlite3_column_type(statement, column) }

    var isNull: Bool { type == SQLITE_NULL }

    func integer() -> Int64? { type == SQLITE_INTEGER ? unsafe sqlite3_column_int64(statement, column) : nil }

    func real() -> Double? {
        let type = type
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { return nil }
        return unsafe sqlite3_column_double(statement, column)
    }

    func text() -> String? {
        guard type == SQLITE_TEXT, let start = unsafe sqlite3_column_text(statement, column) else { return nil }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        guard type == SQLITE_BLOB else { return nil }
        // An empty blob has no address (sqlite.org/c3ref/column_blob.html).
        let start = unsafe sqlite3_column_blob(statement, column)
        return unsafe try body(
            UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    func vector() -> [Float]? {
        unsafe withBytes { bytes in unsafe bytes.count.isMultiple(of: 4) ? [Float](littleEndian: bytes) : nil } ?? nil
    }

    /// What the column holds, by the type word it was declared with.
    var value: SQLValue {
        switch type {
        case SQLITE_INTEGER:
            let number = unsafe sqlite3_column_int64(statement, column)
            return declares(.boolean) ? .boolean(number != 0) : .integer(number)
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(statement, column))
        case SQLITE_TEXT: return .text(text() ?? "")
        case SQLITE_BLOB:
            if declares(.id), let bytes = unsafe withBytes({ unsafe Array($0) }), let uuid = bytes.uuid { return .uuid(uuid) }
            if declares(.vector), let vector = vector() { return .vector(vector) }
            return .bytes(unsafe withBytes { unsafe Array($0) } ?? [])
        default: return .null
        }
    }

    /// Whether the column is one of a table that was declared so (sqlite.org/c3ref/column_decltype.html).
    private func declares(_ word: Dialect.SQLiteType) -> Bool {
        guard let declared = unsafe sqlite3_column_decltype(statement, column) else { return false }
        return unsafe String(cString: declared).hasPrefix(word.rawValue)
    }

    /// What is there, for the error that it is not what was asked for.
    var story: String {
        guard column >= 0, unsafe column < sqlite3_column_count(statement) else {
            return "there is no column \(column); it gives NULL"
        }
        let name = unsafe sqlite3_column_name(statement, column).map { unsafe String(cString: $0) } ?? ""
        return "column \(column) (\(name)) holds \(typeName)"
    }

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
