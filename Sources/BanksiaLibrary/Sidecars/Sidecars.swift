import BanksiaCore
public import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// The XMP files beside assets. Each is kept as it came, and what it says counts for its asset: over its file's word, below
/// what users say.
public struct Sidecars: Sendable {
    let database: Database
    let files: any FileStore
    let originals: Originals
    let media: MediaWorkers
    let jobs: JobQueue
    let clock: any WallClock

    /// What to do where there is a sidecar already.
    public enum Succession: Sendable { case leavesOld, replacesOld }

    /// Reads a received file. It stays where it is, whatever happens.
    ///
    /// - Parameter field: the form's field that it came in, for problems to name.
    /// - Throws: `SidecarProblem` when it is no XMP file; `MediaProblem` when nobody can tell at the moment.
    public func read(_ staged: StagedFile, named fileName: String, field: String) async throws -> NewSidecar {
        guard let name = FileName(fileName) else { throw SidecarProblem.fileName(field: field) }
        guard staged.size > 0 else { throw SidecarProblem.unreadable("empty", field: field) }
        do throws(MediaProblem) {
            let read = try await media.sidecar(staged.path)
            return NewSidecar(staged: staged, name: name, facts: .init(read))
        } catch {
            guard case .unsupported(let what) = error else { throw error }
            throw SidecarProblem.unreadable(what, field: field)
        }
    }

    /// The sidecar of an asset, live or trashed.
    ///
    /// - Throws: `AssetProblem.notFound`, `SidecarProblem.notFound`.
    public func get(beside asset: String, by viewer: Viewer) async throws -> Sidecar {
        let id = try AssetID(known: asset)
        return try await database.read { tx in
            _ = try AssetStore.library(of: id, by: viewer, tx)
            guard let sidecar = try SidecarStore.sidecar(beside: id, tx) else { throw SidecarProblem.notFound }
            return sidecar
        }
    }

    /// Keeps a sidecar beside an asset. The bytes are durable before the row that names them is committed; the staged file is
    /// gone afterwards, whatever happens.
    ///
    /// - Returns: the one that lies there then, and whether it is the given one where none lay.
    /// - Throws: `AssetProblem`: not found, busy; `AccountProblem.insufficientRole`, `ChangeProblem`.
    @discardableResult
    public func keep(
        _ new: NewSidecar, beside asset: String, _ succession: Succession = .replacesOld, by viewer: Viewer
    ) async throws -> Stored<Sidecar> {
        do {
            let stored = try await take(new, beside: AssetID(known: asset), succession, by: viewer)
            await files.discard(new.staged)
            return stored
        } catch {
            await files.discard(new.staged)
            throw error
        }
    }

    private func take(
        _ new: NewSidecar, beside id: AssetID, _ succession: Succession, by viewer: Viewer
    ) async throws -> Stored<Sidecar> {
        let (library, removal) = try await database.read { tx in
            let library = try AssetStore.library(of: id, by: viewer, tx)
            try viewer.require(.collaborator, in: library, tx)
            return (library, try OriginalStore.removal(of: new.staged.sha256, tx))
        }
        return try await originals.keep(new.staged, seen: removal, in: library) { [jobs, now = clock.now] tx in
            try viewer.require(.collaborator, in: library, tx)
            guard try AssetStore.library(of: id, by: viewer, tx) == library else { throw ChangeProblem.overtaken }
            let old = try SidecarStore.sidecar(beside: id, tx)
            if let old, succession == .leavesOld { return Stored(old, isNew: false) }
            let sidecar = Sidecar(
                assetID: id, fileName: new.name.text, sizeBytes: new.staged.size, checksum: new.staged.sha256,
                createdAt: old?.createdAt ?? now, updatedAt: now)
            if let old, old.checksum == sidecar.checksum, old.fileName == sidecar.fileName { return Stored(old, isNew: false) }
            try Self.change(id, in: library, to: new.facts, jobs, at: now, tx) { tx in
                try SidecarStore.keep(sidecar, new.facts, tx)
            }
            if let old { try Self.leave(old, in: library, jobs, tx) }
            return Stored(sidecar, isNew: old == nil)
        }
    }

    /// Deletes the sidecar of an asset for good; what its file says counts again.
    ///
    /// - Throws: `AssetProblem.notFound`, `SidecarProblem.notFound`, `AccountProblem.insufficientRole`, `ChangeProblem`.
    public func delete(beside asset: String, by viewer: Viewer) async throws {
        let id = try AssetID(known: asset)
        try await database.change(of: { tx in try AssetStore.library(of: id, by: viewer, tx) }, by: viewer) {
            [jobs, now = clock.now] library, tx in
            guard let old = try SidecarStore.sidecar(beside: id, tx) else { throw SidecarProblem.notFound }
            try Self.change(id, in: library, to: nil, jobs, at: now, tx) { tx in try SidecarStore.delete(beside: id, tx) }
            try Self.leave(old, in: library, jobs, tx)
        }
    }

    /// Changes the row of a sidecar, and with it what counts for its asset.
    private static func change(
        _ id: AssetID, in library: LibraryID, to facts: MetadataLayers.SidecarFacts?, _ jobs: JobQueue, at now: Instant,
        _ tx: borrowing Transaction, _ write: (borrowing Transaction) throws -> Void
    ) throws {
        guard let asset = try AssetStore.asset(id, tx), let metadata = asset.metadata else { throw AssetProblem.notFound }
        let layers = try MetadataStore.layers(of: [id], tx)[id]
        try write(tx)
        let effect = MetadataEffect(on: asset, metadata, layers, at: now) { $0.apply(facts) }
        try MetadataEffect.write([effect], in: library, jobs, at: now, tx)
    }

    /// Has the bytes removed that a sidecar leaves.
    private static func leave(_ old: Sidecar, in library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        let remains = AssetStore.Remains(asset: old.assetID, checksums: [old.checksum])
        try Pipeline.enqueueVersionCleanup(of: remains, in: library, jobs, tx)
    }

    /// Reads a stored sidecar once more.
    ///
    /// - Returns: what it says and which one it was; `nil` where there is none, or nobody can make sense of it.
    func reread(beside id: AssetID) async throws -> (facts: MetadataLayers.SidecarFacts, checksum: ContentDigest)? {
        guard let sidecar = try await database.read({ tx in try SidecarStore.sidecar(beside: id, tx) }),
            let file = try await files.localOriginal(sidecar.checksum)
        else { return nil }
        do throws(MediaProblem) {
            return (.init(try await media.sidecar(file.path)), sidecar.checksum)
        } catch {
            guard error.isAboutTheFile else { throw error }
            return nil
        }
    }
}
