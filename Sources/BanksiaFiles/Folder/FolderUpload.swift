import BanksiaCore
import Crypto
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file on its way into the staging folder.
final class FolderUpload: StagedUpload {
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

    deinit { drop() }

    /// Writes and hashes one batch. The two hashes run beside each other, because together they are slower than a disk.
    func append(_ batch: [some ByteChunk]) async throws {
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

    func finish() async throws -> StagedFile {
        let sha1 = self.sha1.withLock { hash in Array(hash.finalize()) }
        return try await pool.run { [self] in
            try state.withLock { state in
                guard state.isOpen else { throw FileProblem.missing }
                let sha256 = ContentDigest(state.sha256.finalize())
                try system { fsync(descriptor) }
                close(descriptor)
                state.isOpen = false
                return StagedFile(path: path, sha256: sha256, sha1: sha1, size: state.size)
            }
        }
    }

    func abandon() async { drop() }

    private func drop() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            close(descriptor)
            unlink(path)
        }
    }
}
