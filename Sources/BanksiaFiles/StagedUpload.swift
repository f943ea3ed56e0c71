import BanksiaCore
import Crypto
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that was received whole and is durable under a temporary name.
public struct StagedFile: Sendable {
    /// Where it lies until it is discarded.
    public let path: String
    /// The digest of its bytes, and its address once it is placed.
    public let sha256: ContentDigest
    /// The SHA-1 of its bytes, 20 bytes; clients compare by it.
    public let sha1: [UInt8]
    /// In bytes.
    public let size: Int64

    /// The first bytes, at most `count`, for telling what kind of file it is.
    public func head(_ count: Int = 4096) throws(FileProblem) -> [UInt8] {
        let descriptor = try system { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try system { bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, count, 0) } }
        return Array(bytes.prefix(read))
    }
}

/// A file on its way in: written and hashed piece by piece, never held in memory.
///
/// Batches must be appended one after the other. When it is let go unfinished, the file is gone.
public final class StagedUpload: Sendable {
    private struct State {
        var sha256 = SHA256()
        var size: Int64 = 0
        var isOpen = true
    }

    private let path: String
    private let descriptor: Int32
    private let pool: BlockingPool
    private let state = Mutex(State())
    private let sha1 = Mutex(Insecure.SHA1())

    init(path: String, pool: BlockingPool) throws(FileProblem) {
        self.path = path
        self.pool = pool
        descriptor = try system { open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600) }
    }

    deinit { abandon() }

    /// Writes and hashes one batch. The two hashes run beside each other, because together they are slower than a disk.
    public func append(_ batch: [some ByteChunk]) async throws {
        async let other: Void = pool.run { [self] in
            sha1.withLock { hash in for chunk in batch { chunk.withBytes { hash.update(bufferPointer: $0) } } }
        }
        try await pool.run { [self] in
            try state.withLock { state in
                guard state.isOpen else { throw FileProblem.missing }
                for chunk in batch {
                    try chunk.withBytes { bytes in
                        state.sha256.update(bufferPointer: bytes)
                        try writeAll(bytes)
                        state.size += Int64(bytes.count)
                    }
                }
            }
        }
        try await other
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let written = try system { write(descriptor, base, rest.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
    }

    /// Makes the file durable. The caller owns it from here on: it is placed or discarded.
    public func finish() async throws -> StagedFile {
        let sha1 = self.sha1.withLock { hash in Array(hash.finalize()) }
        return try await pool.run { [self] in
            try state.withLock { state in
                guard state.isOpen, let sha256 = ContentDigest(bytes: Array(state.sha256.finalize())) else {
                    throw FileProblem.missing
                }
                try system { fsync(descriptor) }
                close(descriptor)
                state.isOpen = false
                return StagedFile(path: path, sha256: sha256, sha1: sha1, size: state.size)
            }
        }
    }

    /// Drops what came so far. Does nothing once the file is finished.
    public func abandon() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            close(descriptor)
            unlink(path)
        }
    }
}
