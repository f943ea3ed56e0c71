import BanksiaCore
import CSparseFile
import Crypto
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A new file of this machine that is hashed while it is written. When it is let go unfinished, it is gone.
final class IncomingFile: Sendable {
    private struct State {
        var sha256 = SHA256()
        var size: Int64 = 0
        var isOpen = true
    }

    /// What a file came to.
    struct Whole: Sendable {
        var sha256: ContentDigest
        var sha1: [UInt8]
        var size: Int64
    }

    let path: String
    private let descriptor: Int32
    private let pool: BlockingPool
    private let state = Mutex(State())
    private let sha1 = Mutex(Insecure.SHA1())

    init(path: String, pool: BlockingPool) throws(FileProblem) {
        self.path = path
        self.pool = pool
        descriptor = try system { open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600) }
    }

    deinit { drop() }

    /// Writes and hashes one batch. The two hashes run beside each other, because together they are slower than a disk.
    ///
    /// - Returns: the size so far.
    @discardableResult
    func append(_ batch: [some ByteChunk]) async throws -> Int64 {
        async let other: Void = pool.run { [self] in
            sha1.withLock { hash in for chunk in batch { chunk.withBytes { hash.update(bufferPointer: $0) } } }
        }
        let size = try await pool.run { [self] in
            try state.withLock { state in
                guard state.isOpen else { throw FileProblem.missing }
                for chunk in batch {
                    try chunk.withBytes { bytes in
                        state.sha256.update(bufferPointer: bytes)
                        try writeAll(bytes)
                        state.size += Int64(bytes.count)
                    }
                }
                return state.size
            }
        }
        try await other
        return size
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let written = try system { write(descriptor, base, rest.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
    }

    /// Ends the file, which from here on belongs to the caller.
    ///
    /// - Parameter durably: flushes it to disk first.
    func finish(durably: Bool) async throws -> Whole {
        let sha1 = self.sha1.withLock { hash in Array(hash.finalize()) }
        return try await pool.run { [self] in
            try state.withLock { state in
                guard state.isOpen else { throw FileProblem.missing }
                if durably { try system { fsync(descriptor) } }
                state.isOpen = false
                close(descriptor)
                return Whole(sha256: ContentDigest(state.sha256.finalize()), sha1: sha1, size: state.size)
            }
        }
    }

    /// Gives back the room of a part, which then reads as zeros. Where the file system cannot, the bytes stay: the file then
    /// takes more room, and nothing else changes.
    func forget(_ range: Range<Int64>) async throws {
        try await pool.run { [self] in
            state.withLock { state in
                guard state.isOpen else { return }
                _ = banksia_punch_hole(descriptor, range.lowerBound, range.upperBound - range.lowerBound)
            }
        }
    }

    /// Removes the file. Does nothing once it is finished.
    func drop() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            close(descriptor)
            unlink(path)
        }
    }
}
