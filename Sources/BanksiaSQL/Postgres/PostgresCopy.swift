internal import CPostgres

/// A bulk insert (PostgreSQL, `COPY`, "Binary Format").
struct PostgresCopy {
    let statement: String
    private let types: [PostgresType]
    private let cancellation: PostgresCancellation

    /// What is gathered before it is handed to libpq.
    private static let portion = 64 << 10
    /// After this long one `COPY` is ended and another begun, so that the limit on statements never meets one that merely
    /// has much to do.
    private static let breath: Duration = .seconds(10)

    /// - Parameter types: of the columns.
    init(_ statement: String, _ types: [Oid], _ cancellation: PostgresCancellation) {
        self.statement = statement
        self.types = types.map { PostgresType($0) }
        self.cancellation = cancellation
    }

    /// - Returns: how many rows were inserted.
    func run(_ rows: some Sequence<[SQLValue]>, on link: PostgresLink) throws -> Int {
        var rows = rows.makeIterator()
        var next = rows.next()
        var count = 0
        while next != nil { count += try some(&next, &rows, on: link) }
        return count
    }

    /// One `COPY` of as many rows as fit its time.
    private func some<Rows: IteratorProtocol<[SQLValue]>>(_ next: inout [SQLValue]?, _ rows: inout Rows, on link: PostgresLink)
        throws -> Int
    {
        try link.run(statement)
        do {
            let end = ContinuousClock.now + Self.breath
            var bytes = Self.header
            while let row = next, ContinuousClock.now < end {
                try append(row, to: &bytes)
                next = rows.next()
                if bytes.count >= Self.portion { try send(&bytes, on: link) }
            }
            PostgresBinary.append(Int16(-1), to: &bytes)
            try send(&bytes, on: link)
        } catch {
            // The server takes back what it has; the first error is the one to tell.
            _ = try? link.endCopy(reason: "given up")
            throw error
        }
        return try link.endCopy().changes
    }

    private func send(_ bytes: inout [UInt8], on link: PostgresLink) throws {
        try cancellation.check()
        try link.putCopy(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)

    private func append(_ row: [SQLValue], to bytes: inout [UInt8]) throws {
        guard row.count == types.count else {
            throw SQLMistake("a row has \(row.count) values for \(types.count) columns", statement: statement)
        }
        PostgresBinary.append(Int16(truncatingIfNeeded: row.count), to: &bytes)
        for (value, type) in zip(row, types) {
            guard value != .null else {
                PostgresBinary.append(Int32(-1), to: &bytes)
                continue
            }
            // The length comes first and is known last.
            let place = bytes.count
            PostgresBinary.append(Int32(0), to: &bytes)
            guard try PostgresBinary.append(value, as: type, to: &bytes) else {
                throw SQLMistake("a value does not fit its column, which holds \(type)", statement: statement)
            }
            let length = UInt32(truncatingIfNeeded: bytes.count - place - 4)
            for offset in 0..<4 { bytes[place + offset] = UInt8(truncatingIfNeeded: length >> (24 - 8 * offset)) }
        }
    }
}

extension PostgresBinary {
    /// Appends a value in the form of a column's type.
    ///
    /// - Returns: whether it has one.
    /// - Throws: `SQLProblem.zeroInText`.
    fileprivate static func append(_ value: SQLValue, as type: PostgresType, to bytes: inout [UInt8]) throws(SQLProblem) -> Bool {
        switch (type, value) {
        case (.boolean, .boolean), (.int8, .integer), (.float8, .real), (.text, .text), (.bytes, .bytes), (.bytes, .uuid),
            (.uuid, .uuid), (.other, .vector):
            try append(value, to: &bytes)
        case (.boolean, .integer(let number)) where number == 0 || number == 1: bytes.append(UInt8(number))
        case (.int8, .boolean(let flag)): append(Int64(flag ? 1 : 0), to: &bytes)
        case (.int4, .integer(let number)):
            guard let number = Int32(exactly: number) else { return false }
            append(number, to: &bytes)
        case (.int2, .integer(let number)):
            guard let number = Int16(exactly: number) else { return false }
            append(number, to: &bytes)
        case (.float8, .integer(let number)): append(Double(number).bitPattern, to: &bytes)
        case (.float4, .real(let number)): append(Float(number).bitPattern, to: &bytes)
        case (.uuid, .bytes(let id)) where id.count == 16: bytes += id
        case (.other, .bytes(let vector)) where vector.count.isMultiple(of: 4):
            try append(.vector(unsafe vector.withUnsafeBytes { unsafe [Float](littleEndian: $0) }), to: &bytes)
        default: return false
        }
        return true
    }
}

extension PostgresLink {
    /// Sends bytes of a `COPY` under way.
    fileprivate func putCopy(_ bytes: [UInt8]) throws(PostgresFault) {
        let result = unsafe bytes.withUnsafeBytes {
            unsafe PQputCopyData(handle, $0.assumingMemoryBound(to: CChar.self).baseAddress, Int32(truncatingIfNeeded: $0.count))
        }
        guard result == 1 else { throw PostgresFault(state: "", message: message, isBroken: isBroken) }
    }

    /// Ends a `COPY`.
    ///
    /// - Parameter reason: given when it is to be taken back.
    fileprivate func endCopy(reason: String? = nil) throws(PostgresFault) -> PostgresAnswer {
        guard unsafe PQputCopyEnd(handle, reason) == 1 else {
            throw PostgresFault(state: "", message: message, isBroken: isBroken)
        }
        var first: PostgresAnswer?
        while let answer = unsafe PQgetResult(handle).map({ unsafe PostgresAnswer($0) }) { first = first ?? answer }
        guard let first else { throw PostgresFault(broken: message) }
        guard first.isGood else { throw first.fault(isBroken: isBroken) }
        return first
    }
}
