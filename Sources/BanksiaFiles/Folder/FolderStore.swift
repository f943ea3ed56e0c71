public import BanksiaCore
public import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Originals and renditions in a folder.
///
/// ```
/// originals/ab/cd/<sha-256 in hex>      written once, never changed
/// renditions/ab/cd/<version>/<name>     can be deleted and made again
/// staging/<process>-<number>            uploads on their way in, and scratch folders
/// ```
/// An original gets its name by a hard link from the staging folder, so it is whole before it is there.
public final class FolderStore: FileStore {
    let root: String
    let pool: BlockingPool
    private let staging: StagingFolder
    /// Folders of originals that are known to outlive a power cut, by the first two bytes of the digest.
    let lastingFolders = Mutex<Set<UInt16>>([])

    /// Opens a store, making its folders when they are not there.
    public init(root: String, pool: BlockingPool) throws(FileProblem) {
        self.root = root
        self.pool = pool
        for folder in ["originals", "renditions", "staging"] { try Folder.make("\(root)/\(folder)") }
        staging = try StagingFolder("\(root)/staging")
    }

    /// Nothing is held open.
    public func close() async {}

    // MARK: Staging

    public func beginStaging() async throws -> any StagedUpload {
        try await pool.run { [self] in try FolderUpload(path: staging.newPath(), pool: pool) }
    }

    public func discard(_ staged: StagedFile) async { unlink(staged.path) }

    /// A new empty folder in the store's file system, from where a rendition is taken over by giving it another name.
    public func temporaryFolder() throws -> TemporaryFolder { try TemporaryFolder(path: staging.newPath()) }

    /// Removes what processes that no longer run left in the staging folder.
    public func sweepStaging() async throws -> Int { try await pool.run { [staging] in staging.sweep() } }

    // MARK: Renditions

    /// The bytes are durable before they have their name; the name itself may be lost in a power cut, and the rendition is
    /// made again.
    public func keepRendition(at temporaryPath: String, as key: RenditionKey) async throws -> (size: Int64, digest: ContentDigest)
    {
        try await pool.run { [self] in
            guard let size = Folder.size(of: temporaryPath) else { throw FileProblem.missing }
            let digest = try ContentDigest(hashing: temporaryPath)
            try Folder.sync(temporaryPath)
            let path = "\(root)/\(key.path)"
            try Folder.make(Folder.parent(of: path))
            try system { rename(temporaryPath, path) }
            return (size, digest)
        }
    }

    public func renditionSize(_ key: RenditionKey) async throws -> Int64? { Folder.size(of: "\(root)/\(key.path)") }

    public func removeRenditions(of version: UUID) async throws {
        try await pool.run { [root] in Folder.removeTree("\(root)/\(RenditionKey.folder(of: version))") }
    }

    public func removeRendition(_ key: RenditionKey) async throws {
        try await pool.run { [root] in try Folder.remove("\(root)/\(key.path)") }
    }

    // MARK: Reading

    public func read(_ file: StoredFile, _ range: Range<Int64>) async throws -> FileBytes {
        FileBytes(try OpenFile("\(root)/\(file.path)"), range, pool: pool)
    }

    /// Room on the store's volume.
    public func volume() async throws -> (free: Int64, total: Int64)? {
        var status = statvfs()
        try system { statvfs(root, &status) }
        return (Int64(status.f_bavail) * Int64(status.f_frsize), Int64(status.f_blocks) * Int64(status.f_frsize))
    }
}
