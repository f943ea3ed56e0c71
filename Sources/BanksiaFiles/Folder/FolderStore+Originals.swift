import BanksiaCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FolderStore {
    public func place(_ staged: StagedFile) async throws {
        try await pool.run { [self] in
            let path = path(of: staged.sha256)
            let folder = Folder.parent(of: path)
            try makeLasting(folder, for: staged.sha256)
            // One of another size is the rest of some damage, as the name is only given to whole files.
            if Folder.size(of: path) != staged.size { try Folder.link(staged.path, as: path) }
            try Folder.sync(folder)
        }
    }

    /// Makes the folder of an original durable, once in the life of this process: another process may have made it and
    /// not yet come to that.
    private func makeLasting(_ folder: String, for digest: ContentDigest) throws(FileProblem) {
        let number = UInt16(digest.bytes[0]) << 8 | UInt16(digest.bytes[1])
        if lastingFolders.withLock({ $0.contains(number) }) && Folder.exists(folder) { return }
        try Folder.make(folder)
        let above = Folder.parent(of: folder)
        try Folder.sync(above)
        try Folder.sync(Folder.parent(of: above))
        lastingFolders.withLock { _ = $0.insert(number) }
    }

    public func originalSize(_ digest: ContentDigest) async throws -> Int64? { Folder.size(of: path(of: digest)) }

    /// The original itself: nothing is copied.
    public func localOriginal(_ digest: ContentDigest) async throws -> LocalFile? {
        let path = path(of: digest)
        return Folder.size(of: path) == nil ? nil : LocalFile(path: path)
    }

    public func verifyOriginal(_ digest: ContentDigest) async throws -> Bool {
        try await pool.run { [path = path(of: digest)] in
            do { return try ContentDigest(hashing: path) == digest } catch FileProblem.missing { return false }
        }
    }

    public func removeOriginal(_ digest: ContentDigest) async throws {
        try await pool.run { [path = path(of: digest)] in try Folder.remove(path) }
    }

    public func forEachBatchOfOriginals(_ body: ([StoredOriginal]) async throws -> Void) async throws {
        let top = "\(root)/originals"
        for upper in try await pool.run({ Folder.names(in: top).sorted() }) {
            let batch = try await pool.run {
                Folder.names(in: "\(top)/\(upper)").sorted().flatMap { lower in
                    Folder.names(in: "\(top)/\(upper)/\(lower)").sorted().compactMap { name in
                        ContentDigest(hex: name).flatMap { StoredOriginal($0, at: "\(top)/\(upper)/\(lower)/\(name)") }
                    }
                }
            }
            if !batch.isEmpty { try await body(batch) }
        }
    }

    private func path(of digest: ContentDigest) -> String { "\(root)/\(digest.originalPath)" }
}

extension StoredOriginal {
    /// What a file system says of an original; `nil` when it has just gone.
    fileprivate init?(_ digest: ContentDigest, at path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Glibc)
            let time = status.st_mtim
        #else
            let time = status.st_mtimespec
        #endif
        self.init(
            digest: digest, size: Int64(status.st_size),
            writtenAt: Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000))
    }
}
