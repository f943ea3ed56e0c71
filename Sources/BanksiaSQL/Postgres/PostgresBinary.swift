/// The binary form of values: most significant byte first (PostgreSQL, `src/backend/utils/adt`, the `…send` and `…recv`
/// functions; pgvector, `vector_send`).
enum PostgresBinary {
    // MARK: Reading

    static func integer(_ bytes: UnsafeRawBufferPointer, _ type: PostgresType) -> Int64? {
        switch (type, bytes.count) {
        case (.boolean, 1): unsafe bytes[0] == 0 ? 0 : 1
        case (.int2, 2): Int64(unsafe read(bytes, at: 0, as: Int16.self))
        case (.int4, 4): Int64(unsafe read(bytes, at: 0, as: Int32.self))
        case (.oid, 4): Int64(unsafe read(bytes, at: 0, as: UInt32.self))
        case (.int8, 8): unsafe read(bytes, at: 0, as: Int64.self)
        case (.numeric, _): unsafe PostgresDecimal(bytes)?.integer
        default: nil
        }
    }

    static func real(_ bytes: UnsafeRawBufferPointer, _ type: PostgresType) -> Double? {
        switch (type, bytes.count) {
        case (.float4, 4): Double(Float(bitPattern: unsafe read(bytes, at: 0, as: UInt32.self)))
        case (.float8, 8): Double(bitPattern: unsafe read(bytes, at: 0, as: UInt64.self))
        case (.numeric, _): unsafe PostgresDecimal(bytes)?.real
        case (.int2, _), (.int4, _), (.int8, _): unsafe integer(bytes, type).map { Double($0) }
        default: nil
        }
    }

    /// A vector is the count of its numbers, a zero, and the numbers.
    static func vector(_ bytes: UnsafeRawBufferPointer) -> [Float]? {
        guard bytes.count >= 4 else { return nil }
        let count = Int(unsafe read(bytes, at: 0, as: UInt16.self))
        guard unsafe read(bytes, at: 2, as: UInt16.self) == 0, bytes.count == 4 + 4 * count else { return nil }
        return (0..<count).map { Float(bitPattern: unsafe read(bytes, at: 4 + 4 * $0, as: UInt32.self)) }
    }

    static func read<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, at place: Int, as: Number.Type
    ) -> Number {
        Number(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }

    // MARK: Writing

    /// Appends a value in the form of its own type; nothing for `NULL`.
    ///
    /// - Throws: `SQLProblem.zeroInText`.
    static func append(_ value: SQLValue, to bytes: inout [UInt8]) throws(SQLProblem) {
        switch value {
        case .null: break
        case .boolean(let value): bytes.append(value ? 1 : 0)
        case .integer(let value): append(value, to: &bytes)
        case .real(let value): append(value.bitPattern, to: &bytes)
        case .text(let value):
            try Dialect.requireNoZero(in: value)
            bytes += value.utf8
        case .bytes(let value): bytes += value
        case .uuid(let value): bytes += [UInt8](value)
        case .vector(let value):
            // More numbers than pgvector takes (16,000) do not fit the count either; it says so itself.
            append(UInt16(truncatingIfNeeded: value.count), to: &bytes)
            append(UInt16(0), to: &bytes)
            for number in value { append(number.bitPattern, to: &bytes) }
        }
    }

    static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }
}
