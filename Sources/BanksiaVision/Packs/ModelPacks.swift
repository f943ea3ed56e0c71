import Foundation

/// The model packs of an installation: folders that each hold one folder per pack.
public struct ModelPacks: Sendable {
    /// Looked through in this order; new packs go into the first.
    private let folders: [String]

    /// Packs of these folders, which need not exist.
    public init(folders: [String]) { self.folders = folders }

    /// What was found in one folder.
    public enum Entry: Sendable {
        /// A pack that can be used.
        case installed(ModelPack)
        /// A folder with a manifest that is no usable pack, and why.
        case damaged(folder: String, problem: ModelPackProblem)
    }

    /// All packs, by id. Of two with one id the first is used, and only that one is listed.
    public func list() -> [Entry] {
        var seen = Set<String>()
        return found().filter { entry in
            guard case .installed(let pack) = entry else { return true }
            return seen.insert(pack.id).inserted
        }.sorted { $0.key < $1.key }
    }

    /// The pack of an id.
    ///
    /// - Throws: `ModelPackProblem.notInstalled`, or what is wrong with the only one there is.
    public func pack(_ id: String) throws(ModelPackProblem) -> ModelPack {
        var problem = ModelPackProblem.notInstalled(id)
        for entry in found() {
            switch entry {
            case .installed(let pack) where pack.id == id: return pack
            case .damaged(let folder, let damage) where (folder as NSString).lastPathComponent == id: problem = damage
            case .installed, .damaged: continue
            }
        }
        throw problem
    }

    private func found() -> [Entry] {
        folders.flatMap { folder in
            // A folder that is missing holds no packs.
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().filter { Manifest.isName($0) }.map { "\(folder)/\($0)" }
                .filter { FileSize.of("\($0)/\(Manifest.fileName)") != nil }.map(Self.entry)
        }
    }

    private static func entry(_ folder: String) -> Entry {
        do { return .installed(try ModelPack(folder: folder)) } catch { return .damaged(folder: folder, problem: error) }
    }

    // MARK: Installing

    /// Installs a model as it is published for Immich: writes a manifest out of what its files say, then copies it like a pack.
    ///
    /// - Parameters:
    ///   - id: of the pack; made of the folder's name when there is none.
    ///   - score: what its scores mean; a guess by its kind when there is none.
    public func install(fromExport source: String, id: String? = nil, score: ModelPack.ScoreRange? = nil) throws(ModelPackProblem)
        -> ModelPack
    {
        try install(try ExportedPack(folder: source, id: id, score: score)) { (staging, name, path) throws(ModelPackProblem) in
            try staging.copy(name, from: (path as NSString).resolvingSymlinksInPath)
        }
    }

    private func install(
        _ export: ExportedPack, take: (PackStaging, _ name: String, _ path: String) throws(ModelPackProblem) -> Void
    ) throws(ModelPackProblem) -> ModelPack {
        let manifest = try export.written()
        let pack = try Manifest(manifest).pack(in: export.folder)
        let staging = try staging(pack, manifest: Array(manifest))
        for name in export.taken where try !staging.isComplete(name) {
            try take(staging, name, pack.path(of: name))
            try staging.check(name)
        }
        for (name, bytes) in export.made where try !staging.isComplete(name) {
            try staging.write(name, bytes)
            try staging.check(name)
        }
        return try staging.finish()
    }

    /// Whether a folder holds a model as it is published for Immich.
    public static func isExport(_ folder: String) -> Bool { ExportedPack.isOne(folder) }

    /// Installs the pack that lies in a folder: copies it, compares every checksum, then puts it in place.
    public func install(fromFolder source: String) throws(ModelPackProblem) -> ModelPack {
        let pack = try ModelPack(folder: source)
        let staging = try staging(pack, manifest: "\(source)/\(Manifest.fileName)")
        for name in pack.files.keys.sorted() {
            guard try !staging.isComplete(name) else { continue }
            try staging.copy(name, from: pack.path(of: name))
            try staging.check(name)
        }
        return try staging.finish()
    }

    /// Installs a pack from elsewhere, file by file.
    ///
    /// What arrived before an interruption is kept and continued by the next call. Every file is compared with the
    /// manifest's checksum before the pack is put in place.
    /// - Parameter fetch: gives the bytes of a file of the pack, by its path relative to the manifest, from an offset on.
    ///   When it throws for an offset above 0, the file is asked for again from its start.
    /// - Throws: `ModelPackProblem`, or what `fetch` and its bytes throw.
    public func install<Bytes: AsyncSequence>(
        manifestFrom fetch: (_ name: String, _ offset: Int64) async throws -> Bytes
    ) async throws -> ModelPack where Bytes.Element == [UInt8] {
        var manifest: [UInt8] = []
        for try await part in try await fetch(Manifest.fileName, 0) {
            manifest += part
            guard manifest.count <= Manifest.longest else {
                throw ModelPackProblem.manifest("it is larger than \(Manifest.longest) bytes")
            }
        }
        let pack = try Manifest(Data(manifest)).pack(in: "")
        let staging = try staging(pack, manifest: manifest)
        for name in pack.files.keys.sorted() {
            guard try !staging.isComplete(name) else { continue }
            try await receive(name, into: staging, fetch)
            try staging.check(name)
        }
        return try staging.finish()
    }

    /// Installs a model as it is published for Immich out of its repository on a hub: fetches its files, compares each with the
    /// checksum that the hub lists, then does as `install(fromExport:)`.
    ///
    /// What arrived before an interruption is kept and continued by the next call, as long as the hub lists the same files.
    /// - Parameters:
    ///   - name: what the publisher calls it.
    ///   - listing: what the hub says of the repository's files (`HubListing`).
    ///   - id: of the pack; made of the name when there is none.
    ///   - score: what its scores mean; a guess by its kind when there is none.
    ///   - fetch: gives the bytes of a file of the repository from an offset on; see `install(manifestFrom:)`.
    /// - Throws: `ModelPackProblem`, or what `fetch` and its bytes throw.
    public func install<Bytes: AsyncSequence>(
        published name: String, listing: [UInt8], id: String? = nil, score: ModelPack.ScoreRange? = nil,
        fetch: (_ name: String, _ offset: Int64) async throws -> Bytes
    ) async throws -> ModelPack where Bytes.Element == [UInt8] {
        let listing = try HubListing(Data(listing))
        guard let folder = folders.first else { throw ModelPackProblem.folderUnusable("none is set") }
        let place = "\(ExportedPack.id(of: name).prefix(50))-published"
        let staging = try PackStaging(place, listing.files, listedIn: HubListing.fileName, try listing.written(), in: folder)
        for name in listing.files.keys.sorted() where try !staging.isComplete(name) {
            try await receive(name, into: staging, fetch)
            try staging.check(name)
        }
        let export = try ExportedPack(folder: staging.folder, name: name, id: id, score: score)
        let pack = try install(export) { (target, name, path) throws(ModelPackProblem) in try target.link(name, to: path) }
        try staging.remove()
        return pack
    }

    private func receive<Bytes: AsyncSequence>(
        _ name: String, into staging: PackStaging, _ fetch: (String, Int64) async throws -> Bytes
    ) async throws where Bytes.Element == [UInt8] {
        let offset = staging.received(name)
        let bytes: Bytes
        do { bytes = try await fetch(name, offset) } catch  where offset > 0 {
            bytes = try await fetch(name, 0)
            try staging.discard(name)
        }
        let file = try staging.open(name)
        for try await part in bytes { try file.append(part) }
        try file.close()
    }

    private func staging(_ pack: ModelPack, manifest path: String) throws(ModelPackProblem) -> PackStaging {
        guard let manifest = FileManager.default.contents(atPath: path) else { throw .missing(Manifest.fileName) }
        return try staging(pack, manifest: Array(manifest))
    }

    private func staging(_ pack: ModelPack, manifest: [UInt8]) throws(ModelPackProblem) -> PackStaging {
        guard let folder = folders.first else { throw .folderUnusable("none is set") }
        return try PackStaging(pack, manifest: manifest, in: folder)
    }
}

extension ModelPacks.Entry {
    fileprivate var key: String {
        switch self {
        case .installed(let pack): pack.id
        case .damaged(let folder, _): folder
        }
    }
}
