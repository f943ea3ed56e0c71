import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// The bytes of assets: originals, and smaller forms of them.
public struct Renditions: Sendable {
    let database: Database
    let files: any FileStore
    let media: MediaWorkers
    let jobs: JobQueue
    let clock: any WallClock
    let inProgress = SingleFlight<RenditionKey>()

    /// Who may have the bytes.
    public enum Permission: Sendable {
        /// The URL was signed by this server.
        case signedURL
        case viewer(Viewer)

        /// The condition on a row of `asset`. Signed or not, what lies in a trashed library is not found.
        var seesAsset: SQL {
            switch self {
            case .signedURL: "asset.library_id IN (SELECT library.id FROM library WHERE library.trashed_at IS NULL)"
            case .viewer(let viewer): viewer.seesAsset
            }
        }
    }

    /// The bytes of a variant of an asset's current rendering, or of one version; a variant that was not made yet is made now.
    ///
    /// - Throws: `AssetProblem.notFound` when there is no such asset, version or variant, or none can be made.
    public func open(_ variant: String, of asset: String, version: String? = nil, for permission: Permission) async throws
        -> Delivery
    {
        if variant == AssetFilm.variantName { return try await open(filmOf: asset, version: version, for: permission) }
        guard let asset = AssetID(asset), let variant = Variant(pathName: variant) else { throw AssetProblem.notFound }
        let versionID = version.map { AssetVersionID($0) }
        if case .some(.none) = versionID { throw AssetProblem.notFound }
        let found = try await database.read { tx -> (AssetVersion, String, Rendition?)? in
            let name = try tx.value(
                "SELECT asset.original_file_name FROM asset WHERE asset.id = \(asset) AND \(permission.seesAsset)",
                as: String.self)
            guard let name, let version = try AssetStore.version(versionID ?? nil, of: asset, by: nil, tx) else { return nil }
            return (version, name, try RenditionStore.rendition(variant, of: version.id, tx))
        }
        guard let (version, name, rendition) = found else { throw AssetProblem.notFound }
        if variant == .original { return Delivery(version, named: name) }
        if let rendition { return Delivery(rendition, of: version) }
        return try await make(variant, of: version)
    }

    /// What to send instead of a file that turned out to be missing: a rendition is made again.
    ///
    /// - Throws: `AssetProblem.notFound` for an original, and when it cannot be made.
    public func restore(_ delivery: Delivery) async throws -> Delivery {
        if case .rendition(let key) = delivery.file, let face = FaceCrop.face(fileName: key.name) {
            return try await restore(portraitOf: face)
        }
        guard case .rendition(let key) = delivery.file, let variant = Variant(fileName: key.name),
            let version = try await database.read({ tx in try AssetStore.version(AssetVersionID(uuid: key.version), tx) })
        else { throw AssetProblem.notFound }
        return try await make(variant, of: version)
    }

    private func make(_ variant: Variant, of version: AssetVersion) async throws -> Delivery {
        if variant == .playback { throw try await ordered(version) }
        try await make(variant == .fullsize ? [.fullsize] : Variant.ladder, of: version)
        let made = try await database.read { tx in try RenditionStore.rendition(variant, of: version.id, tx) }
        guard let made else { throw AssetProblem.notFound }
        return Delivery(made, of: version)
    }

    /// Makes variants on the way of a request. One that cannot be made is missing, not an error of the server.
    private func make(_ variants: [Variant], of version: AssetVersion) async throws {
        do {
            try await inProgress.run(RenditionKey(version: version.id.uuid, name: variants[0].rawValue)) {
                let made = try await render(variants, of: version)
                try await database.write { tx in for rendition in made { try RenditionStore.keep(rendition, tx) } }
            }
        } catch let problem as MediaProblem where problem.isAboutTheFile {
            throw AssetProblem.notFound
        }
    }

    /// Decodes a version once and keeps the files of some variants; the caller keeps the rows.
    ///
    /// - Returns: nothing when the version was deleted meanwhile.
    func render(_ variants: [Variant], of version: AssetVersion) async throws -> [Rendition] {
        guard let original = try await files.localOriginal(version.checksum) else { throw AssetProblem.notFound }
        let scratch = try files.temporaryFolder()
        defer { scratch.remove() }
        let rendered = try await media.render(original.path, ladder: variants.compactMap(\.recipe), into: scratch.path)
        return try await keep(rendered, of: version)
    }

    /// Keeps the files of some variants of a version; the caller keeps the rows.
    ///
    /// - Returns: nothing when the version was deleted meanwhile.
    func keep(_ files: [RenderedFile], of version: AssetVersion) async throws -> [Rendition] {
        var made: [Rendition] = []
        for file in files {
            guard let variant = Variant(rawValue: file.name) else { continue }
            let key = RenditionKey(version: version.id.uuid, name: variant.fileName)
            let kept = try await self.files.keepRendition(at: file.path, as: key)
            made.append(
                Rendition(
                    version: version.id, variant: variant, mimeType: file.mimeType, sizeBytes: kept.size,
                    width: file.size.width, height: file.size.height, checksum: kept.digest, createdAt: clock.now,
                    measures: file.measures))
        }
        return try await removeIfGone(version) ? [] : made
    }

    /// Removes files that were just kept for a version whose deletion could not see them. A deletion that comes after this
    /// look does.
    func removeIfGone(_ version: AssetVersion) async throws -> Bool {
        guard try await database.read({ tx in try AssetStore.version(version.id, tx) }) == nil else { return false }
        try await files.removeRenditions(of: version.id.uuid)
        return true
    }
}

extension Variant {
    /// The rendition's file name, which says its recipe so that old and new ones never meet.
    var fileName: String { "\(rawValue)-\(Self.recipeVersion)" }

    /// The variant that a rendition's file name speaks of, by whatever recipe.
    init?(fileName: String) { self.init(rawValue: String(fileName.prefix { $0 != "-" })) }
}

extension Rendition {
    var key: RenditionKey { RenditionKey(version: version.uuid, name: variant.fileName) }
}

extension Delivery {
    /// A film that is played as it is has itself for a rendition.
    fileprivate init(_ rendition: Rendition, of version: AssetVersion) {
        self.init(
            file: rendition.checksum == version.checksum ? .original(version.checksum) : .rendition(rendition.key),
            mimeType: rendition.mimeType, sizeBytes: rendition.sizeBytes,
            entityTag: rendition.checksum.hex, modifiedAt: rendition.createdAt, fileName: nil)
    }

    fileprivate init(_ version: AssetVersion, named name: String) {
        self.init(
            file: .original(version.checksum), mimeType: version.mimeType, sizeBytes: version.sizeBytes,
            entityTag: version.checksum.hex, modifiedAt: version.createdAt, fileName: name)
    }
}
