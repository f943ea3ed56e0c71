import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// Reads what an upload says about itself, and what a sidecar says about it. Pictures are read before their upload is answered,
/// and here only once more; a film may be too large to wait for. Sidecars are read when they come, and here once more.
struct MetadataStage: AssetStage {
    static let kind = Pipeline.metadata
    static let recipe = 1

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.uploadedVersion(for: job),
            let original = try await library.files.localOriginal(version.checksum)
        else { return .assetGone }
        let probe = try await refusingBadFiles { try await library.media.probe(original.path) }
        if probe.mayHaveMoreMetadata { try await requireFirst(job, for: probe) }
        let sidecar = try await library.sidecars.reread(beside: version.assetID)
        // Noted as skipped, so that `banksia rebuild` knows.
        let outcome = probe.mayHaveMoreMetadata ? AssetStageOutcome.skipped + "metadata" : nil
        return JobCompletion(outcome: outcome, result: probe.format.displayName, alone: job.scope) {
            [jobs = library.jobs, now = library.clock.now] tx in
            if let sidecar { try SidecarStore.set(sidecar.facts, read: sidecar.checksum, beside: version.assetID, tx) }
            try MetadataStore.take(probe, of: version, jobs, at: now, tx)
            try Pipeline.enqueueSiblings(of: version.assetID, jobs, tx)
        }
    }

    /// Where the reader failed, what was read before is worth more, and another attempt may read all. Only the last attempt on a
    /// file that was never read takes what its header says.
    private func requireFirst(_ job: Job, for probe: Probe) async throws {
        guard let asset = job.assetID else { return }
        let wasRead = try await library.database.read { tx in try DerivationStore.wasDone(Self.self, of: asset, tx) }
        guard !wasRead, job.attempts >= Self.maxAttempts else {
            throw MediaProblem.metadata(probe.metadataProblem ?? "exiftool failed")
        }
    }
}

extension MetadataStore {
    /// Takes in what a file turned out to say about itself, below what users have said meanwhile. Records what has changed.
    static func take(
        _ probe: Probe, of upload: AssetVersion, _ jobs: JobQueue, at now: Instant, _ tx: borrowing Transaction
    ) throws {
        let id = upload.assetID
        guard let before = try AssetStore.asset(id, tx), let metadataBefore = before.metadata else { return }
        let known = try layers(of: [id], tx)[id]
        var (asset, metadata) = (before, AssetMetadata(probe, at: metadataBefore.createdAt))
        asset.localDateTime =
            probe.metadata.originalDateTime ?? probe.metadata.digitizedDateTime ?? known?.file.captured ?? before.localDateTime
        var layers = MetadataLayers(untouched: asset, metadata)
        layers.user = known?.user ?? .init()
        layers.sidecar = known?.sidecar
        if let known, known.position == layers.position { layers.derived = known.derived }
        layers.show(in: &asset, &metadata)
        if asset.mediaClass == .video { asset.duration = probe.metadata.duration }
        if asset.currentVersionID == upload.id { asset.size = probe.displaySize }
        metadata.updatedAt = metadataBefore.updatedAt
        let hasSameFilm = try !FilmStore.renew(probe.embeddedFilm, of: id, tx)
        let isSame =
            hasSameFilm && metadata == metadataBefore && asset.size == before.size && asset.duration == before.duration
            && asset.localDateTime == before.localDateTime
        guard !isSame else { return }
        (asset.updatedAt, metadata.updatedAt) = (now, now)
        try AlbumStore.tellingOfCovers(ofAlbumsWith: [id], in: asset.libraryID, at: now, tx) { [asset, metadata] tx in
            if known != nil { try keep(layers, of: id, tx) }
            try AssetStore.replace(asset, metadata, tx)
            try EventStore.record([.metadataUpdated(id), .assetUpdated(id)], in: asset.libraryID, at: now, tx)
        }
        try SearchWordsStore.keep(of: [id], tx)
        if layers.position != nil, layers.derived == nil { try Pipeline.enqueueNaming(of: asset, jobs, tx) }
    }
}
