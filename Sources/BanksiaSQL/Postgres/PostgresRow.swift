internal import CPostgres

/// A row of an answer.
@safe struct PostgresRow {
    let result: OpaquePointer
    let number: Int32

    var columnCount: Int { Int(unsafe PQnfields(result)) }
}

/// One column of it, in binary form. What is not of the type asked for is `nil`.
@safe struct PostgresCell {
    private let result: OpaquePointer
    private let row: Int32
    private let column: Int32

    init(row: PostgresRow, column: Int32) {
        unsafe result = row.result
        self.row = row.number
        self.column = column
    }

    // libpq writes a warning to standard error when it is asked for a column that does not exist.
    private var exists: Bool { unsafe column >= 0 && column < PQnfields(result) }
    private var type: PostgresType { PostgresType(unsafe PQftype(result, column)) }

    var isNull: Bool { unsafe !exists || PQgetisnull(result, row, column) == 1 }

    private var bytes: UnsafeRawBufferPointer? {
        guard !isNull else { return nil }
        return unsafe UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
    }

    func integer() -> Int64? {
        guard let bytes = unsafe bytes else { return nil }
        return unsafe PostgresBinary.integer(bytes, type)
    }

    func real() -> Double? {
        guard let bytes = unsafe bytes else { return nil }
        return unsafe PostgresBinary.real(bytes, type)
    }

    func text() -> String? {
        guard let bytes = unsafe bytes, type == .text else { return nil }
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        guard let bytes = unsafe bytes, type == .bytes || type == .uuid else { return nil }
        return unsafe try body(bytes)
    }

    func vector() -> [Float]? {
        guard let bytes = unsafe bytes, type == .other else { return nil }
        return unsafe PostgresBinary.vector(bytes)
    }

    /// What the column holds; `nil` for types that have no case.
    func value() -> SQLValue? {
        if isNull { return .null }
        return switch type {
        case .boolean: integer().map { .boolean($0 != 0) }
        case .int2, .int4, .int8, .oid: integer().map { .integer($0) }
        case .float4, .float8: real().map { .real($0) }
        case .numeric: integer().map { .integer($0) } ?? real().map { .real($0) }
        case .text: text().map { .text($0) }
        case .bytes: unsafe withBytes { unsafe .bytes(Array($0)) }
        case .uuid: unsafe withBytes { unsafe Array($0).uuid }?.map { .uuid($0) }
        case .other: vector().map { .vector($0) }
        }
    }

    /// What is there, for the error that it is not what was asked for.
    var story: String {
        guard exists else { return "there is no column \(column); it gives NULL" }
        let name = unsafe PQfname(result, column).map { unsafe String(cString: $0) } ?? ""
        return "column \(column) (\(name)) holds \(isNull ? "NULL" : "\(type)")"
    }
}
