/// A part of a file, read in pieces when they are asked for.
public struct FileBytes: AsyncSequence, Sendable {
    /// Reads one piece after the other.
    protocol Reader {
        /// The next bytes; `nil` at the end.
        mutating func next() async throws -> [UInt8]?
    }

    private let open: @Sendable () -> any Reader

    init(_ open: @escaping @Sendable () -> any Reader) { self.open = open }

    public func makeAsyncIterator() -> Iterator { Iterator(reader: open()) }

    /// Reads one piece after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var reader: any Reader

        /// The next piece; `nil` at the end of the range.
        ///
        /// - Throws: `FileProblem`; `missing` when the file is shorter than the range.
        public mutating func next() async throws -> [UInt8]? { try await reader.next() }
    }
}
