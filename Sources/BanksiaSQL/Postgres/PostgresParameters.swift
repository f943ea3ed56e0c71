internal import CPostgres

/// The values of a statement, encoded one behind the other.
struct PostgresParameters {
    /// What each value is sent as, unless the server says otherwise; 0 for `NULL`.
    private(set) var types: [Oid] = []
    private var lengths: [Int32] = []
    private var places: [Int?] = []
    // Not empty, so that an empty value has an address too: none means NULL.
    private var bytes: [UInt8] = [0]

    init() {}

    /// - Throws: `SQLProblem.zeroInText`.
    init(_ values: [SQLValue], vector: Oid) throws(SQLProblem) {
        types.reserveCapacity(values.count)
        for value in values {
            let place = bytes.count
            try PostgresBinary.append(value, to: &bytes)
            types.append(PostgresType.number(of: value, vector: vector))
            lengths.append(Int32(truncatingIfNeeded: bytes.count - place))
            places.append(value == .null ? nil : place)
        }
    }

    var count: Int32 { Int32(truncatingIfNeeded: types.count) }

    /// Lends what libpq wants: addresses, lengths, and for each the word that it is binary.
    func withArrays<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            let start = unsafe UnsafeRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            let addresses = unsafe places.map { place in unsafe place.flatMap { unsafe start?.advanced(by: $0) } }
            let formats = [Int32](repeating: 1, count: types.count)
            return unsafe body(addresses, lengths, formats)
        }
    }
}
