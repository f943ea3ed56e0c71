import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// The renderings of an asset: the upload, and what was made of it. Taking new ones in is in `Versions+Upload.swift`.
public struct Versions: Sendable {
    let database: Database
    let files: any FileStore
    let originals: Originals
    let media: MediaWorkers
    let jobs: JobQueue
    let clock: any WallClock
    let ids: IdentifierSource

    /// All versions, the upload first.
    ///
    /// - Throws: `AssetProblem.notFound`.
    public func list(of asset: String, by viewer: Viewer) async throws -> AssetVersions {
        let id = try AssetID(known: asset)
        return try await database.read { tx in
            guard let asset = try AssetStore.asset(id, .lean, by: viewer, tx) else { throw AssetProblem.notFound }
            return AssetVersions(asset: asset, versions: try VersionStore.chain(of: id, tx).map(\.version))
        }
    }

    /// Deletes the current version for good, so that the one below is current again.
    ///
    /// - Parameter expected: the version that the client takes for the current one; `nil` when it does not say.
    /// - Returns: the asset in full.
    /// - Throws: `VersionProblem`, `AssetProblem.notFound`, `AccountProblem.insufficientRole`.
    public func delete(_ version: String, of asset: String, expecting expected: String?, by viewer: Viewer) async throws -> Asset
    {
        try await cut(asset, expecting: expected, by: viewer) { chain in
            let target = try chain.find(version)
            guard target.position > 0 else { throw VersionProblem.original }
            guard target.id == chain.current.id else { throw VersionProblem.notCurrent }
            return chain.below(target)
        }
    }

    /// Deletes all versions above one for good, so that it is current again. Nothing happens when it is.
    ///
    /// - Parameter expected: the version that the client takes for the current one; `nil` when it does not say.
    /// - Returns: the asset in full.
    /// - Throws: `VersionProblem`, `AssetProblem.notFound`, `AccountProblem.insufficientRole`.
    public func revert(to version: String, of asset: String, expecting expected: String?, by viewer: Viewer) async throws -> Asset
    {
        try await cut(asset, expecting: expected, by: viewer) { chain in try chain.find(version) }
    }

    /// Deletes everything above the version that `choose` picks.
    private func cut(
        _ asset: String, expecting expected: String?, by viewer: Viewer,
        _ choose: @Sendable (VersionChain) throws -> AssetVersion
    ) async throws -> Asset {
        let id = try AssetID(known: asset)
        return try await database.change(of: { tx in try AssetStore.library(of: id, by: viewer, tx) }, by: viewer) {
            [jobs, now = clock.now] library, tx in
            let chain = try VersionChain(of: id, tx)
            let target = try choose(chain)
            guard expected == nil || expected == chain.current.id.description else { throw VersionProblem.notCurrent }
            let gone = chain.above(target)
            if !gone.isEmpty {
                try Self.remove(gone, in: library, jobs, tx)
                try Self.show(target, in: library, at: now, by: viewer, jobs, tx)
            }
            guard let asset = try AssetStore.asset(id, .full, by: viewer, tx) else { throw AssetProblem.notFound }
            return asset
        }
    }

    /// Removes versions' rows, and has their files removed.
    static func remove(_ versions: [AssetVersion], in library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        guard let asset = versions.first?.assetID else { return }
        try VersionStore.delete(versions.map(\.id), tx)
        try LibraryStore.count(bytes: -versions.reduce(0) { $0 + $1.sizeBytes }, in: library, tx)
        let remains = AssetStore.Remains(asset: asset, versions: versions.map(\.id), checksums: versions.map(\.checksum))
        try Pipeline.enqueueVersionCleanup(of: remains, in: library, jobs, tx)
    }

    /// Makes a version the current one, has everything made that is made of the current one, and tells of it.
    static func show(
        _ version: AssetVersion, in library: LibraryID, at now: Instant, by viewer: Viewer, _ jobs: JobQueue,
        _ tx: borrowing Transaction
    ) throws {
        try VersionStore.show(version, at: now, tx)
        for stage in Pipeline.optional { try DerivationStore.forget(stage, of: version.assetID, tx) }
        guard let asset = try AssetStore.asset(version.assetID, .lean, by: viewer, tx) else { throw AssetProblem.notFound }
        try Pipeline.enqueueIngest(of: asset, isRead: asset.mediaClass == .image, jobs, tx)
        try EventStore.record([.assetUpdated(version.assetID)], in: library, at: now, tx)
    }
}

/// Versions of an asset, and the asset.
public struct AssetVersions: Sendable {
    public var asset: Asset
    public var versions: [AssetVersion]
}

/// All versions of one asset: the upload at the bottom, the current one on top.
struct VersionChain {
    let links: [VersionStore.Link]
    let current: AssetVersion

    /// - Throws: `AssetProblem.notFound` when the asset is gone.
    init(of asset: AssetID, _ tx: borrowing Transaction) throws {
        links = try VersionStore.chain(of: asset, tx)
        guard let top = links.last else { throw AssetProblem.notFound }
        current = top.version
    }

    /// - Throws: `VersionProblem.notFound`.
    func find(_ id: String) throws(VersionProblem) -> AssetVersion {
        guard let id = AssetVersionID(id), let link = links.first(where: { $0.version.id == id }) else { throw .notFound }
        return link.version
    }

    func above(_ version: AssetVersion) -> [AssetVersion] { links.map(\.version).filter { $0.position > version.position } }

    /// The next one towards the upload; the upload is below itself.
    func below(_ version: AssetVersion) -> AssetVersion {
        links.last { $0.version.position < version.position }?.version ?? version
    }

    /// The current version, if it was made by an upload with this digest.
    func repeated(_ digest: [UInt8]) -> AssetVersion? { links.last?.uploadDigest == digest ? current : nil }
}
