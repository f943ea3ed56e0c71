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
public final class FileStore: Sendable {
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

    // MARK: Staging

    /// Starts receiving a file.
    public func beginStaging() async throws -> StagedUpload {
        try await pool.run { [self] in try StagedUpload(path: staging.newPath(), pool: pool) }
    }

    /// Takes away the temporary name of a received file.
    public func discard(_ staged: StagedFile) { unlink(staged.path) }

    /// A new empty folder in the store's file system, for the files that child processes write.
    public func temporaryFolder() throws(FileProblem) -> TemporaryFolder { try TemporaryFolder(path: staging.newPath()) }

    /// Removes what processes that no longer run left in the staging folder.
    ///
    /// - Returns: how many files and folders that were.
    public func sweepStaging() throws(FileProblem) -> Int { staging.sweep() }

    // MARK: Renditions

    /// Takes over a file that was made in a temporary folder.
    ///
    /// Its bytes are durable before it has its name; the name itself may be lost in a power cut, and the rendition is made again.
    public func keepRendition(at temporaryPath: String, as key: RenditionKey) async throws -> (size: Int64, digest: ContentDigest)
    {
        precondition(!key.name.contains("/") && !key.name.hasPrefix("."), "a rendition's name is one path component")
        return try await pool.run { [self] in
            guard let size = Folder.size(of: temporaryPath) else { throw FileProblem.missing }
            let digest = try ContentDigest(hashing: temporaryPath)
            try Folder.sync(temporaryPath)
            try Folder.make(folder(of: key.version))
            try system { rename(temporaryPath, path(of: key)) }
            return (size, digest)
        }
    }

    /// Where a rendition lies; `nil` when there is none.
    public func rendition(_ key: RenditionKey) -> String? { Folder.size(of: path(of: key)) == nil ? nil : path(of: key) }

    /// Removes all renditions of a version.
    public func removeRenditions(of version: UUID) { Folder.removeTree(folder(of: version)) }

    private func folder(of version: UUID) -> String {
        let name = version.uuidString.lowercased()
        return "\(root)/renditions/\(name.suffix(2))/\(name.suffix(4).prefix(2))/\(name)"
    }

    private func path(of key: RenditionKey) -> String { "\(folder(of: key.version))/\(key.name)" }

    // MARK: Reading

    /// The bytes of a part of a file, at the pace of whoever reads them.
    public func read(_ path: String, _ range: Range<Int64>) throws(FileProblem) -> FileBytes {
        try FileBytes(path: path, range: range, pool: pool)
    }

    /// Room on the store's volume, in bytes.
    public func volume() throws(FileProblem) -> (free: Int64, total: Int64) {
        var status = statvfs()
        try system { statvfs(root, &status) }
        return (Int64(status.f_bavail) * Int64(status.f_frsize), Int64(status.f_blocks) * Int64(status.f_frsize))
    }
}

/// Names one rendition of one version.
public struct RenditionKey: Hashable, Sendable {
    /// What was rendered.
    public let version: UUID
    /// Which rendition of it; one path component.
    public let name: String

    /// A key from its parts.
    public init(version: UUID, name: String) {
        self.version = version
        self.name = name
    }
}

/// A folder for files on their way; whoever asked for it removes it.
public struct TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    init(path: String) throws(FileProblem) {
        try Folder.make(path)
        self.path = path
    }

    /// Removes the folder with everything in it.
    public func remove() { Folder.removeTree(path) }
}
