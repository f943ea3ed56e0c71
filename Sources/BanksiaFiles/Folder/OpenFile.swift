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

    func read(_ count: Int, at place: Int64) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try system { pread(descriptor, buffer.baseAddress, count, off_t(place)) }
        }
    }
}

/// Reads an open file on the threads of a pool.
struct FileReader: FileBytes.Source {
    let file: OpenFile
    let pool: BlockingPool

    func piece(from place: Int64, to end: Int64) async throws -> [UInt8] {
        try await pool.run { try file.read(Int(min(Int64(OpenFile.pieceSize), end - place)), at: place) }
    }
}

extension ContentDigest {
    /// Hashes a whole file.
    init(hashing path: String) throws {
        let file = try OpenFile(path)
        var hash = SHA256()
        var place: Int64 = 0
        while true {
            let piece = try file.read(OpenFile.pieceSize, at: place)
            guard !piece.isEmpty else { break }
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
