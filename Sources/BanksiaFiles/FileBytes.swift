import BanksiaCore

/// A part of a file, read in pieces when they are asked for.
public struct FileBytes: AsyncSequence, Sendable {
    /// Where the pieces come from.
    protocol Source: Sendable {
        /// The bytes from `place` on, at most up to `end`; empty when there are none although there should be.
        func piece(from place: Int64, to end: Int64) async throws -> [UInt8]
    }

    private let source: any Source
    private let range: Range<Int64>

    init(_ source: some Source, _ range: Range<Int64>) {
        self.source = source
        self.range = range
    }

    public func makeAsyncIterator() -> Iterator { Iterator(source: source, place: range.lowerBound, end: range.upperBound) }

    /// Reads one piece after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: any Source
        fileprivate var place: Int64
        fileprivate let end: Int64

        /// The next piece; `nil` at the end of the range.
        ///
        /// - Throws: `FileProblem.missing` when the file is shorter than the range.
        public mutating func next() async throws -> [UInt8]? {
            guard place < end else { return nil }
            let piece = try await source.piece(from: place, to: end)
            guard !piece.isEmpty else { throw FileProblem.missing }
            place += Int64(piece.count)
            return piece
        }
    }
}
