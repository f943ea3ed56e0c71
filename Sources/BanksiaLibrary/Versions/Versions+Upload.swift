import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import Foundation

extension Versions {
    /// Puts a rendering on top of the upload. One that is there already is returned as it is.
    ///
    /// The staged file is gone afterwards, whatever happens.
    ///
    /// - Throws: `VersionProblem`, `AssetProblem`: not found, quota, busy; `ChangeProblem`,
    ///   `AccountProblem.insufficientRole`.
    public func append(_ new: NewVersion, to asset: String, by viewer: Viewer) async throws -> Stored<AssetVersions> {
        try await take(new, for: asset, by: viewer) { chain in
            guard chain.current.position == 0 else { throw VersionProblem.occupied }
            return nil
        }
    }

    /// Puts a rendering in place of the current one, which is not the upload. When that has happened already, what is there is
    /// returned as it is.
    ///
    /// The staged file is gone afterwards, whatever happens.
    ///
    /// - Throws: `VersionProblem`, `AssetProblem`: not found, quota, busy; `ChangeProblem`,
    ///   `AccountProblem.insufficientRole`.
    public func replace(_ version: String, of asset: String, with new: NewVersion, by viewer: Viewer) async throws
        -> Stored<AssetVersions>
    {
        try await take(new, for: asset, by: viewer) { chain in
            let target = try chain.find(version)
            guard target.position > 0 else { throw VersionProblem.original }
            guard target.id == chain.current.id else { throw VersionProblem.notCurrent }
            return target
        }
    }

    /// - Parameter replaced: the version that has to go; it refuses when the chain is not as it must be.
    private func take(
        _ new: NewVersion, for asset: String, by viewer: Viewer,
        _ replaced: @escaping @Sendable (VersionChain) throws -> AssetVersion?
    ) async throws -> Stored<AssetVersions> {
        var staged = [new.staged]
        do {
            let stored = try await take(new, for: AssetID(known: asset), by: viewer, &staged, replaced)
            for file in staged { await files.discard(file) }
            return stored
        } catch {
            for file in staged { await files.discard(file) }
            throw error
        }
    }

    private func take(
        _ new: NewVersion, for asset: AssetID, by viewer: Viewer, _ staged: inout [StagedFile],
        _ replaced: @escaping @Sendable (VersionChain) throws -> AssetVersion?
    ) async throws -> Stored<AssetVersions> {
        let before = try await look(at: asset, by: viewer)
        guard before.asset.mediaClass == .image else { throw VersionProblem.video }
        try new.check()
        let digest = new.digest
        if let known = before.chain.repeated(digest) {
            return Stored(.init(asset: before.asset, versions: [known]), isNew: false)
        }
        _ = try replaced(before.chain)
        let dressed = try await dress(new, like: before.chain)
        staged.append(dressed.file)
        let library = before.asset.libraryID
        let removal = try await database.read { tx in try OriginalStore.removal(of: dressed.file.sha256, tx) }
        return try await originals.keep(dressed.file, seen: removal, in: library) { [jobs, ids, now = clock.now] tx in
            try viewer.require(.collaborator, in: library, tx)
            guard try AssetStore.library(of: asset, by: viewer, tx) == library else { throw ChangeProblem.overtaken }
            let chain = try VersionChain(of: asset, tx)
            var stored = Stored(AssetVersions(asset: before.asset, versions: []), isNew: false)
            if let known = chain.repeated(digest) {
                stored = Stored(AssetVersions(asset: before.asset, versions: [known]), isNew: false)
            } else {
                let gone = try replaced(chain)
                if let gone { try Self.remove([gone], in: library, jobs, tx) }
                try StorageRoom.require(dressed.file.size, in: library, tx)
                let version = AssetVersion(
                    id: ids.make(), assetID: asset, position: chain.current.position + (gone == nil ? 1 : 0),
                    kind: new.kind.text, checksum: dressed.file.sha256, mimeType: dressed.picture.format.mimeType,
                    sizeBytes: dressed.file.size, size: dressed.picture.size, createdAt: now, params: new.params)
                try VersionStore.insert(version, uploadDigest: digest, tx)
                try LibraryStore.count(bytes: version.sizeBytes, in: library, tx)
                try Self.show(version, in: library, at: now, by: viewer, jobs, tx)
                stored = Stored(AssetVersions(asset: before.asset, versions: [version]), isNew: true)
            }
            return stored
        }
    }

    private func look(at id: AssetID, by viewer: Viewer) async throws -> (asset: Asset, chain: VersionChain) {
        try await database.read { tx in
            guard let asset = try AssetStore.asset(id, .lean, by: viewer, tx) else { throw AssetProblem.notFound }
            try viewer.require(.collaborator, in: asset.libraryID, tx)
            return (asset, try VersionChain(of: id, tx))
        }
    }

    /// The received rendering with the metadata of the upload, in a staged file of its own. It is decoded on the way.
    private func dress(_ new: NewVersion, like chain: VersionChain) async throws -> (file: StagedFile, picture: DressedPicture) {
        guard let upload = chain.links.first?.version, let original = try await files.localOriginal(upload.checksum) else {
            throw FileProblem.missing
        }
        let scratch = try files.temporaryFolder()
        defer { scratch.remove() }
        let path = "\(scratch.path)/dressed"
        let picture: DressedPicture
        do throws(MediaProblem) {
            picture = try await media.dress(new.staged.path, like: original.path, as: path)
        } catch {
            guard error.isAboutTheFile else { throw error }
            throw VersionProblem.undecodable(error.detail)
        }
        let file = try await stage(path)
        guard file.size <= NewVersion.maximumBytes else {
            await files.discard(file)
            throw VersionProblem.tooLarge
        }
        return (file, picture)
    }

    /// Takes a file of this machine into the store's staging area.
    private func stage(_ path: String) async throws -> StagedFile {
        // Mapped: the store's threads read it as they hash and write, and nothing of it stays in memory.
        let bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        let upload = try await files.beginStaging()
        do {
            for start in stride(from: 0, to: bytes.count, by: Self.pieceBytes) {
                try await upload.append([MappedPiece(bytes: bytes[start..<min(start + Self.pieceBytes, bytes.count)])])
            }
            return try await upload.finish()
        } catch {
            await upload.abandon()
            throw error
        }
    }

    /// One hop to the store's threads for about this much.
    private static let pieceBytes = 1 << 20
}

/// A piece of a mapped file.
private struct MappedPiece: ByteChunk {
    let bytes: Data

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }
}
