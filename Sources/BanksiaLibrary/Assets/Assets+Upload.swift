public import BanksiaCore
public import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// A file that was received whole, and what its sender says about it.
public struct NewAsset: Sendable {
    public var staged: StagedFile
    /// As the sender gave it; only the last path component counts.
    public var fileName: String
    public var deviceAssetID: String
    public var deviceID: String
    public var fileCreatedAt: CaptureTime
    public var fileModifiedAt: CaptureTime

    public init(
        staged: StagedFile, fileName: String, deviceAssetID: String, deviceID: String, fileCreatedAt: CaptureTime,
        fileModifiedAt: CaptureTime
    ) {
        self.staged = staged
        self.fileName = fileName
        self.deviceAssetID = deviceAssetID
        self.deviceID = deviceID
        self.fileCreatedAt = fileCreatedAt
        self.fileModifiedAt = fileModifiedAt
    }
}

extension Assets {
    /// Takes a received file into a library.
    ///
    /// The original is durable under its content address before the row that names it is committed. The staged file is
    /// gone afterwards, whatever happens. An equal file that the library already holds, live or trashed, is returned unchanged.
    ///
    /// - Throws: `AssetProblem`: file name, empty file, unsupported type, quota; busy when an equal file is being removed;
    ///   `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    public func upload(_ new: NewAsset, into library: LibraryID, by viewer: Viewer) async throws -> Stored<Asset> {
        do {
            let stored = try await take(new, into: library, by: viewer)
            await files.discard(new.staged)
            return stored
        } catch {
            await files.discard(new.staged)
            throw error
        }
    }

    private func take(_ new: NewAsset, into library: LibraryID, by viewer: Viewer) async throws -> Stored<Asset> {
        guard let name = FileName(new.fileName) else { throw AssetProblem.fileName }
        guard new.staged.size > 0 else { throw AssetProblem.emptyFile }
        let type = try MediaType(fileName: name.text, head: new.staged.head())
        let (known, removal) = try await database.read { [digest = new.staged.sha256, size = new.staged.size] tx in
            try viewer.require(.collaborator, in: library, tx)
            try StorageRoom.require(size, in: library, tx)
            return (try AssetStore.asset(digest, in: library, by: viewer, tx), try OriginalStore.removal(of: digest, tx))
        }
        if let known { return Stored(known, isNew: false) }
        let read = type.mediaClass == .image ? await probe(new.staged) : nil
        let probe = read?.probe
        return try await originals.keep(new.staged, seen: removal, in: library) {
            [jobs, ids, now = clock.now, priority = pace.priority(of: library, from: new.deviceID, at: clock.now)] tx in
            try viewer.require(.collaborator, in: library, tx)
            if let known = try AssetStore.asset(new.staged.sha256, in: library, by: viewer, tx) {
                return Stored(known, isNew: false)
            }
            try StorageRoom.require(new.staged.size, in: library, tx)
            var asset = Asset(new, named: name, type, probe, in: library, ids: ids, at: now)
            guard let file = asset.file, let metadata = asset.metadata else {
                preconditionFailure("a new asset has all its groups")
            }
            try AssetStore.insert(asset, file, metadata, tx)
            if let film = probe?.embeddedFilm {
                try FilmStore.keep(film, of: asset.id, tx)
                asset.film = AssetFilm(mimeType: film.mimeType, version: asset.currentVersionID)
            }
            try EventStore.record([.assetCreated(asset.id), .metadataUpdated(asset.id)], in: library, at: now, tx)
            if probe != nil, read?.isFinal == true { try DerivationStore.note(MetadataStage.self, of: asset.id, at: now, tx) }
            try Pipeline.enqueueIngest(of: asset, isRead: read?.isFinal == true, priority: priority, jobs, tx)
            return Stored(asset, isNew: true)
        }
    }

    /// What the file says, read before the answer; no probe when it says nothing that can be read. Such a file is kept all the
    /// same, and its tasks say why. A child process that failed may have done so for another file's sake: then once more.
    ///
    /// - Returns: also whether another attempt would read the same.
    private func probe(_ staged: StagedFile) async -> (probe: Probe?, isFinal: Bool) {
        for _ in 0..<2 {
            do {
                let probe = try await media.probe(staged.path)
                return (probe, !probe.mayHaveMoreMetadata)
            } catch {
                if error.isAboutTheFile { return (nil, true) }
            }
        }
        return (nil, false)
    }
}

/// The last path component of what a client calls a file; 1 to 1024 characters.
struct FileName: Equatable {
    let text: String

    init?(_ given: String) {
        let last = given.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let clean = last.filter { character in character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
            .trimmed
        guard (1...1024).contains(clean.count), clean != ".", clean != ".." else { return nil }
        text = clean
    }
}

/// What kind of file an upload is: by its extension, corrected by its first bytes.
struct MediaType {
    let mimeType: String
    let mediaClass: MediaClass

    /// - Throws: `AssetProblem.unsupportedFile` for anything but photos and videos.
    init(fileName: String, head: [UInt8]) throws(AssetProblem) {
        let named = MediaFormat.mimeType(forFileName: fileName)
        let sniffed = MediaFormat.sniff(head)
        if let named, !Self.isMedia(named) { throw .unsupportedFile(named) }
        if sniffed == nil, Self.isMarkup(head) { throw .unsupportedFile("text/xml") }
        // Many RAW formats are TIFF files inside: there the name of a maker's format is the finer statement.
        let isVague = sniffed == .tiff || sniffed == .raw
        let type = if let sniffed, !(isVague && named?.hasPrefix("image/x-") == true) { sniffed.mimeType } else { named }
        guard let type, Self.isMedia(type) else { throw .unsupportedFile("of an unknown type") }
        mimeType = type
        mediaClass = type.hasPrefix("video/") ? .video : .image
    }

    /// Whether it is a page or a drawing that a browser would run, whatever it is called. No picture begins like that.
    private static func isMarkup(_ head: [UInt8]) -> Bool {
        let blanks: Set<UInt8> = [0xEF, 0xBB, 0xBF, 0x09, 0x0A, 0x0D, 0x20]  // with the parts of a byte order mark
        return head.first { !blanks.contains($0) } == UInt8(ascii: "<")
    }

    private static func isMedia(_ type: String) -> Bool { type.hasPrefix("image/") || type.hasPrefix("video/") }
}

extension Asset {
    /// A new asset out of a received file and what was read in it.
    fileprivate init(
        _ new: NewAsset, named name: FileName, _ type: MediaType, _ probe: Probe?, in library: LibraryID, ids: IdentifierSource,
        at now: Instant
    ) {
        let read = probe?.metadata ?? EmbeddedMetadata()
        let device = new.fileCreatedAt
        self.init(
            id: ids.make(), libraryID: library, createdAt: now, updatedAt: now, trashedAt: nil,
            localDateTime: read.originalDateTime ?? read.digitizedDateTime ?? device, originalFileName: name.text,
            mediaClass: type.mediaClass, currentVersionID: ids.make(), kind: "original", mimeType: type.mimeType,
            fileSizeBytes: new.staged.size, size: probe?.displaySize, duration: nil, description: nil, qualityScore: nil,
            thumbHash: nil,
            stackID: nil,
            file: FileProvenance(
                checksum: new.staged.sha256, sha1: new.staged.sha1, deviceAssetID: new.deviceAssetID, deviceID: new.deviceID,
                createdAt: device.instant ?? Instant(microseconds: device.wallMicroseconds),
                modifiedAt: new.fileModifiedAt.instant ?? Instant(microseconds: new.fileModifiedAt.wallMicroseconds),
                sizeBytes: new.staged.size),
            metadata: probe.map { AssetMetadata($0, at: now) } ?? AssetMetadata(read, rawSize: nil, at: now))
    }
}

extension AssetMetadata {
    /// What a file says about itself, as it is kept. Only pictures have a raw size (contract §7).
    init(_ probe: Probe, at now: Instant) {
        self.init(probe.metadata, rawSize: probe.format.mediaClass == .image ? probe.encodedSize : nil, at: now)
    }

    init(_ read: EmbeddedMetadata, rawSize: PixelSize?, at now: Instant) {
        self.init(
            createdAt: now, updatedAt: now, make: read.make, model: read.model, lensModel: read.lensModel,
            exposureTime: read.exposureTime,
            fNumber: read.fNumber, iso: read.iso, focalLength: read.focalLength, exposureBias: read.exposureBias,
            originalDateTime: read.originalDateTime, digitizedDateTime: read.digitizedDateTime,
            modifiedDateTime: read.modifiedDateTime,
            latitude: read.latitude, longitude: read.longitude, altitude: read.altitude, rating: read.rating,
            description: read.description,
            orientation: read.orientation, profileDescription: read.profileDescription, projectionType: read.projectionType,
            livePhotoContentID: read.livePhotoContentID, autoStackID: read.autoStackID, fps: read.fps, placeName: nil,
            sublocation: read.sublocation, city: read.city, state: read.state, country: read.country, countryCode: nil,
            timezone: nil,
            rawSize: rawSize)
    }
}
