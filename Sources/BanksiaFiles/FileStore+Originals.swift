import BanksiaCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FileStore {
    /// Gives a received file its lasting place. Does nothing when equal bytes are there already.
    ///
    /// Synchronous, because it is called inside the transaction that inserts the row: when that commits, the file is durable.
    /// May be called again for the same file, as a transaction may run again.
    public func place(_ staged: StagedFile) throws(FileProblem) {
        let path = originalPath(staged.sha256)
        let folder = Folder.parent(of: path)
        try makeLasting(folder, for: staged.sha256)
        // One of another size is the rest of some damage, as the name is only given to whole files.
        if Folder.size(of: path) != staged.size { try Folder.link(staged.path, as: path) }
        try Folder.sync(folder)
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

    /// A stored original; `nil` when there is none.
    public func original(_ digest: ContentDigest) -> (path: String, size: Int64)? {
        let path = originalPath(digest)
        return Folder.size(of: path).map { (path, $0) }
    }

    /// Whether an original is there and its bytes are those of its name.
    public func verifyOriginal(_ digest: ContentDigest) async throws -> Bool {
        try await pool.run { [path = originalPath(digest)] in
            do { return try ContentDigest(hashing: path) == digest } catch FileProblem.missing { return false }
        }
    }

    /// Removes an original. Called inside a transaction that saw that no row refers to it.
    public func removeOriginal(_ digest: ContentDigest) throws(FileProblem) { try Folder.remove(originalPath(digest)) }

    /// Goes through all originals in the order of their digests, some at a time, at the pace of `body`. Ones that come or go
    /// meanwhile may be met or not.
    public func forEachBatchOfOriginals(_ body: ([ContentDigest]) async throws -> Void) async throws {
        let top = "\(root)/originals"
        for upper in try await pool.run({ Folder.names(in: top).sorted() }) {
            let batch = try await pool.run {
                Folder.names(in: "\(top)/\(upper)").sorted().flatMap { lower in
                    Folder.names(in: "\(top)/\(upper)/\(lower)").sorted().compactMap { ContentDigest(hex: $0) }
                }
            }
            if !batch.isEmpty { try await body(batch) }
        }
    }

    private func originalPath(_ digest: ContentDigest) -> String {
        let hex = digest.hex
        return "\(root)/originals/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
    }
}
