import BanksiaCore
import Crypto

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file opened for reading, closed when the last reader lets it go.
final class OpenFile: Sendable {
    /// Large enough that a thread's hop costs little beside the read, small enough that many readers fit in memory.
    static let pieceSize = 256 << 10

    private let descriptor: Int32

    init(_ path: String) throws(FileProblem) { descriptor = try system { open(path, O_RDONLY | O_CLOEXEC) } }
    deinit { close(descriptor) }

    var size: Int64 {
        get throws {
            var status = stat()
            try system { fstat(descriptor, &status) }
            return Int64(status.st_size)
        }
    }

    func read(_ count: Int, at place: Int64) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try system { pread(descriptor, buffer.baseAddress, count, off_t(place)) }
        }
    }
}

extension FileBytes {
    /// A part of an open file, read on the threads of a pool.
    init(_ file: OpenFile, _ range: Range<Int64>, pool: BlockingPool) {
        self.init { FileReader(file: file, place: range.lowerBound, end: range.upperBound, pool: pool) }
    }
}

private struct FileReader: FileBytes.Reader {
    let file: OpenFile
    var place: Int64
    let end: Int64
    let pool: BlockingPool

    mutating func next() async throws -> [UInt8]? {
        guard place < end else { return nil }
        let piece = try await pool.run { [self] in try file.read(Int(min(Int64(OpenFile.pieceSize), end - place)), at: place) }
        guard !piece.isEmpty else { throw FileProblem.missing }
        place += Int64(piece.count)
        return piece
    }
}

extension ContentDigest {
    /// Hashes a whole file.
    init(hashing path: String) throws {
        let file = try OpenFile(path)
        try self.init(hashing: file, 0..<file.size)
    }

    /// Hashes a part of a file.
    ///
    /// - Throws: `FileProblem.missing` when the file is shorter.
    init(hashing file: OpenFile, _ range: Range<Int64>) throws {
        var hash = SHA256()
        var place = range.lowerBound
        while place < range.upperBound {
            let piece = try file.read(Int(min(Int64(OpenFile.pieceSize), range.upperBound - place)), at: place)
            guard !piece.isEmpty else { throw FileProblem.missing }
            hash.update(data: piece)
            place += Int64(piece.count)
        }
        self.init(hash.finalize())
    }

    /// What a SHA-256 came to.
    init(_ digest: SHA256Digest) {
        guard let digest = ContentDigest(bytes: Array(digest)) else { preconditionFailure("SHA-256 has 32 bytes") }
        self = digest
    }
}
