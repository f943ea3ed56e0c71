/// What a `Range` header asks of a file of known size (RFC 9110 §14).
enum ByteRange: Equatable {
    /// No range, or one that is to be ignored: the whole file.
    case whole
    /// Offsets of the first byte and behind the last byte.
    case part(Range<Int64>)
    /// Nothing of the file lies in the range.
    case unsatisfiable

    /// - Parameters:
    ///   - header: the header's value. Other units than bytes, several ranges and what is malformed are ignored, as the
    ///     standard allows: the whole file is then sent.
    ///   - size: of the file, in bytes.
    init(_ header: String?, size: Int64) {
        self = header.flatMap { Self.read($0, size: size) } ?? .whole
    }

    private static func read(_ header: String, size: Int64) -> ByteRange? {
        let halves = header.split(separator: "=", maxSplits: 1)
        guard halves.count == 2, halves[0].lowercased() == "bytes" else { return nil }
        let bounds = halves[1].filter { $0 != " " }.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            guard let length = offset(bounds[1]) else { return nil }
            return length == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - length)..<size)
        }
        guard let first = offset(bounds[0]) else { return nil }
        guard !bounds[1].isEmpty else { return first < size ? .part(first..<size) : .unsatisfiable }
        guard let last = offset(bounds[1]), last >= first else { return nil }
        return first < size ? .part(first..<(min(last, size - 1) + 1)) : .unsatisfiable
    }

    /// Digits only; a number that does not fit lies behind the end of any file.
    private static func offset(_ text: some StringProtocol) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(text) ?? .max - 1
    }
}
