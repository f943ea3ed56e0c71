import BanksiaCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ObjectStore {
    public func place(_ staged: StagedFile) async throws {
        let key = staged.sha256.originalPath
        // One of another size can only be damage, as the name is only given to whole files.
        if try await client.size(of: key) != staged.size {
            if let source = staged.stagingKey {
                try await client.copy(source, to: key, size: staged.size, piece: limits.copyPiece)
            } else {
                try await client.put(key, .init(staged.path, size: staged.size, sha256: staged.sha256, pool: pool))
            }
        }
        // The background work of this machine wants it next.
        if staged.size <= 2 * limits.keptEnd { try await keepHere(staged) }
    }

    private func keepHere(_ staged: StagedFile) async throws {
        let path = newCachePath()
        let isLinked = try await pool.run { Folder.isLinked(staged.path, as: path) }
        if isLinked { cache.adopt(path, size: staged.size, as: staged.sha256) }
    }

    public func originalSize(_ digest: ContentDigest) async throws -> Int64? { try await client.size(of: digest.originalPath) }

    public func verifyOriginal(_ digest: ContentDigest) async throws -> Bool {
        guard let size = try await originalSize(digest) else { return false }
        let hash = RunningDigest(pool: pool)
        do {
            for try await piece in try await read(.original(digest), 0..<size) { try await hash.update(piece) }
        } catch FileProblem.missing {
            return false
        }
        return hash.finish() == digest
    }

    public func removeOriginal(_ digest: ContentDigest) async throws { try await client.delete(digest.originalPath) }

    public func forEachBatchOfOriginals(_ body: ([StoredOriginal]) async throws -> Void) async throws {
        try await client.forEachPage(below: "originals/") { entries in
            let originals = entries.compactMap { entry in
                ContentDigest(hex: entry.key.suffix(64)).flatMap { digest in
                    digest.originalPath == entry.key
                        ? StoredOriginal(digest: digest, size: entry.size, writtenAt: entry.modifiedAt) : nil
                }
            }
            if !originals.isEmpty { try await body(originals) }
        }
    }

    /// An original that was fetched from the store, checked against its name, and kept here for a while.
    public func localOriginal(_ digest: ContentDigest) async throws -> LocalFile? {
        try await cache.file(digest) { [self] in try await fetch(digest) }
    }

    /// - Returns: where it was put, and its size; `nil` when there is none.
    private func fetch(_ digest: ContentDigest) async throws -> (path: String, size: Int64)? {
        guard let size = try await originalSize(digest) else { return nil }
        let file = try await pool.run { [self] in try IncomingFile(path: newCachePath(), pool: pool) }
        do {
            for try await piece in try await read(.original(digest), 0..<size) { try await file.append([piece]) }
        } catch FileProblem.missing {
            return nil
        }
        let whole = try await file.finish(durably: false)
        guard whole.sha256 == digest else {
            unlink(file.path)
            throw FileProblem.damaged
        }
        return (file.path, size)
    }
}
