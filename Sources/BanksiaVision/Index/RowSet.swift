/// A set of row numbers of one segment, one bit each.
struct RowSet: Sendable, Equatable {
    /// Bit `row % 64` of word `row / 64`.
    private(set) var words: [UInt64]

    /// The empty set, with room for the rows below `count`.
    init(room count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    /// The bits as they were stored.
    init(words: [UInt64]) { self.words = words }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func contains(_ row: Int) -> Bool { words[row / 64] >> UInt64(row % 64) & 1 == 1 }
    mutating func insert(_ row: Int) { words[row / 64] |= 1 << UInt64(row % 64) }
    mutating func remove(_ row: Int) { words[row / 64] &= ~(1 << UInt64(row % 64)) }

    /// Whether every member is below `count`.
    func fits(below count: Int) -> Bool {
        guard words.count == (count + 63) / 64 else { return false }
        return count % 64 == 0 || words[count / 64] >> UInt64(count % 64) == 0
    }

    mutating func makeRoom(for count: Int) {
        words += Array(repeating: 0, count: max(0, (count + 63) / 64 - words.count))
    }
}
