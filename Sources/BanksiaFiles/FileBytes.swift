import BanksiaCore
import Crypto

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A part of a file, read in pieces when they are asked for.
public struct FileBytes: AsyncSequence, Sendable {
    /// Large enough that a thread's hop costs little beside the read, small enough that many readers fit in memory.
    static let pieceSize = 256 << 10

    private let file: OpenFile
    private let range: Range<Int64>
    private let pool: BlockingPool

    init(path: String, range: Range<Int64>, pool: BlockingPool) throws(FileProblem) {
        file = try OpenFile(path)
        self.range = range
        self.pool = pool
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(file: file, place: range.lowerBound, end: range.upperBound, pool: pool)
    }

    /// Reads one piece after the other.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let file: OpenFile
        fileprivate var place: Int64
        fileprivate let end: Int64
        fileprivate let pool: BlockingPool

        /// The next piece; `nil` at the end of the range.
        ///
        /// - Throws: `FileProblem.missing` when the file is shorter than the range.
        public mutating func next() async throws -> [UInt8]? {
            guard place < end else { return nil }
            let wanted = Int(Swift.min(Int64(FileBytes.pieceSize), end - place))
            let piece = try await pool.run { [file, place] in try file.read(wanted, at: place) }
            guard !piece.isEmpty else { throw FileProblem.missing }
            place += Int64(piece.count)
            return piece
        }
    }
}

/// A file opened for reading, closed when the last reader lets it go.
private final class OpenFile: Sendable {
    private let descriptor: Int32

    init(_ path: String) throws(FileProblem) { descriptor = try system { open(path, O_RDONLY | O_CLOEXEC) } }
    deinit { close(descriptor) }

    func read(_ count: Int, at place: Int64) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try system { pread(descriptor, buffer.baseAddress, count, off_t(place)) }
        }
    }
}

extension ContentDigest {
    /// Hashes a whole file.
    init(hashing path: String) throws {
        let file = try OpenFile(path)
        var hash = SHA256()
        var place: Int64 = 0
        while true {
            let piece = try file.read(FileBytes.pieceSize, at: place)
            guard !piece.isEmpty else { break }
            hash.update(data: piece)
            place += Int64(piece.count)
        }
        guard let digest = ContentDigest(bytes: Array(hash.finalize())) else { preconditionFailure("SHA-256 has 32 bytes") }
        self = digest
    }
}
