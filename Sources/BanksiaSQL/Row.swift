public import Foundation

/// One row of an answer, to be read while `decode` runs and not kept.
///
/// Columns are read by their place in the `SELECT`, counted from 0: that costs no lookup, and the column list stands
/// right beside the code that reads it.
public struct Row {
    enum Engine {
        case sqlite(SQLiteRow)
        case postgres(PostgresRow)
    }

    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    /// The value of a column.
    ///
    /// - Throws: `SQLMistake` when the column does not exist or holds something else, such as a NULL for a type that is
    ///   not optional.
    // A page of assets reads a thousand columns: compiled into its caller, this knows each one's type.
    @inlinable public func value<Value: SQLDecodable>(_ column: Int, as: Value.Type = Value.self) throws -> Value {
        try Value(cell(column))
    }

    /// All values, in the order of the columns, for whoever does not know their types: see `SQLCell.value`.
    public var values: [SQLValue] {
        get throws { try (0..<columnCount).map { try cell($0).value } }
    }

    private var columnCount: Int {
        switch engine {
        case .sqlite(let row): row.columnCount
        case .postgres(let row): row.columnCount
        }
    }

    @usableFromInline func cell(_ column: Int) -> SQLCell {
        let column = Int32(truncatingIfNeeded: column)
        return switch engine {
        case .sqlite(let row): SQLCell(.sqlite(SQLiteCell(row: row, column: column)))
        case .postgres(let row): SQLCell(.postgres(PostgresCell(row: row, column: column)))
        }
    }
}

/// One column of one row. Read by `SQLDecodable` types.
public struct SQLCell {
    enum Engine {
        case sqlite(SQLiteCell)
        case postgres(PostgresCell)
    }

    private let engine: Engine

    init(_ engine: Engine) { self.engine = engine }

    /// Whether the column is NULL.
    public var isNull: Bool {
        switch engine {
        case .sqlite(let cell): cell.isNull
        case .postgres(let cell): cell.isNull
        }
    }

    /// A whole number; a truth value is 0 or 1.
    public func integer() throws -> Int64 {
        switch engine {
        case .sqlite(let cell): try found(cell.integer())
        case .postgres(let cell): try found(cell.integer())
        }
    }

    /// A number; a whole one is converted.
    public func real() throws -> Double {
        switch engine {
        case .sqlite(let cell): try found(cell.real())
        case .postgres(let cell): try found(cell.real())
        }
    }

    /// Text. Damaged UTF-8 is repaired, not refused.
    public func text() throws -> String {
        switch engine {
        case .sqlite(let cell): try found(cell.text())
        case .postgres(let cell): try found(cell.text())
        }
    }

    /// Bytes, lent for the time of the call.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        switch engine {
        case .sqlite(let cell): try found(unsafe cell.withBytes(body))
        case .postgres(let cell): try found(unsafe cell.withBytes(body))
        }
    }

    /// The 16 bytes of an `ID` column.
    public func uuid() throws -> UUID {
        try unsafe withBytes { bytes in
            guard bytes.count == 16 else { throw mismatch(UUID.self) }
            return UUID(uuid: unsafe bytes.loadUnaligned(as: uuid_t.self))
        }
    }

    /// The numbers of a `VECTOR` column.
    public func vector() throws -> [Float] {
        switch engine {
        case .sqlite(let cell): try found(cell.vector())
        case .postgres(let cell): try found(cell.vector())
        }
    }

    /// Whatever the column holds. A column of a table gives back the case that was bound, on both engines; SQLite knows it
    /// from the type word in the schema, so for what is computed there a truth value is an integer and an id is bytes.
    public var value: SQLValue {
        get throws {
            switch engine {
            case .sqlite(let cell): cell.value
            case .postgres(let cell): try found(cell.value())
            }
        }
    }

    /// The error for a column that does not hold what was asked for; to be thrown by `SQLDecodable` types of other targets.
    public func mismatch(_ wanted: Any.Type) -> SQLMistake {
        switch engine {
        case .sqlite(let cell): SQLMistake("\(cell.story), not \(wanted)", statement: "")
        case .postgres(let cell): SQLMistake("\(cell.story), not \(wanted)", statement: "")
        }
    }

    private func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw mismatch(Value.self) }
        return value
    }
}
