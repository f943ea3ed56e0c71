import CVectorScan

/// The ledger as bytes: 64-bit little-endian words, the last one a checksum of all before it.
///
/// Words: magic, dimension, capacity, bytes of the space's name, the name padded with zeros, last sequence, next
/// segment number, number of parts; for each part its number, its rows, and one bit per row that is alive.
struct LedgerFile {
    struct Part {
        var number: UInt32
        var count: Int
        var living: RowSet
    }

    private(set) var lastSequence: Int64 = 0
    private(set) var nextNumber: UInt32 = 0
    private(set) var parts: [Part] = []

    /// "BNKSVEC1", the last digit being the version of the form.
    private static let magic: UInt64 = 0x3143_4556_534B_4E42

    static func encode(_ ledger: IndexLedger, space: String, layout: SegmentLayout) -> [UInt8] {
        let name = Array(space.utf8)
        var words: [UInt64] =
            [magic, UInt64(layout.dimension), UInt64(layout.capacity), UInt64(name.count)] + Self.words(of: name)
        words += [UInt64(bitPattern: ledger.lastSequence), UInt64(ledger.nextNumber), UInt64(ledger.snapshot.parts.count)]
        for part in ledger.snapshot.parts { words += [UInt64(part.segment.number), UInt64(part.count)] + part.living.words }
        words.append(sum(words[...]))
        return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    /// `nil` when the bytes are damaged, of another form, or speak of another space or layout.
    init?(decoding bytes: [UInt8], space: String, layout: SegmentLayout) {
        guard bytes.count % 8 == 0, bytes.count >= 64 else { return nil }
        let words = Self.words(of: bytes)
        guard Self.sum(words.dropLast()) == words.last else { return nil }
        var reader = WordReader(words.dropLast())
        let name = Array(space.utf8)
        guard reader.next() == Self.magic, reader.next() == UInt64(layout.dimension), reader.next() == UInt64(layout.capacity),
            reader.next() == UInt64(name.count), reader.next((name.count + 7) / 8) == Self.words(of: name),
            let sequence = reader.next(), let nextNumber = reader.next().flatMap(UInt32.init(exactly:)), let count = reader.next()
        else { return nil }
        lastSequence = Int64(bitPattern: sequence)
        self.nextNumber = nextNumber
        for _ in 0..<min(count, UInt64(words.count)) {
            guard let part = Self.part(&reader, layout), part.number < nextNumber, part.number > parts.last?.number ?? 0 else {
                return nil
            }
            parts.append(part)
        }
        guard UInt64(parts.count) == count, reader.isAtEnd else { return nil }
    }

    private static func part(_ reader: inout WordReader, _ layout: SegmentLayout) -> Part? {
        guard let number = reader.next().flatMap(UInt32.init(exactly:)), let count = reader.next(),
            count <= UInt64(layout.capacity),
            let bits = reader.next((Int(count) + 63) / 64)
        else { return nil }
        let living = RowSet(words: bits)
        return living.fits(below: Int(count)) ? Part(number: number, count: Int(count), living: living) : nil
    }

    static func words(of bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<min(start + 8, bytes.count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }

    static func sum(_ words: ArraySlice<UInt64>) -> UInt64 {
        unsafe words.map(\.littleEndian).withUnsafeBytes { unsafe banksia_checksum(magic, $0.baseAddress, $0.count) }
    }
}

/// Takes words off the front.
private struct WordReader {
    private var rest: ArraySlice<UInt64>

    init(_ words: ArraySlice<UInt64>) { rest = words }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func next() -> UInt64? { rest.popFirst() }

    mutating func next(_ count: Int) -> [UInt64]? {
        guard rest.count >= count else { return nil }
        defer { rest.removeFirst(count) }
        return Array(rest.prefix(count))
    }
}
