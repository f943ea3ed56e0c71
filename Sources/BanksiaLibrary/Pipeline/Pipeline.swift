import BanksiaCore
import BanksiaDescriptions
import BanksiaFiles
public import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import Foundation

/// What happens to an asset after upload, in order. Each stage is a job of its own, safe to run twice, and shows as a task.
///
/// ```
/// upload ─► metadata     what a file says about itself; of a picture it is known before the answer
///        ├► placeNames   names for a position, when it becomes known or a user changes it
///        ├► playback     of a film: a form that browsers play, unless they play it as it is
///        ├► siblings     live photos paired, bursts and RAW with JPEG stacked; of a film once it has been read
///        ├► embedding    image tower, vector in the database                 searchable from here on
///        ├► renditions   thumbnail, small, preview, and a score of how it came out    these three share a decoding: `Darkroom`
///        ├► thumbHash    25 bytes of blur
///        ├► description  where a vision model is set: what the preview shows, in words
///        ├► duplicates   of a picture, once its vector and its preview are there: who shows the same
///        ├► faces        where they are, and their vectors ─► grouping: whose they are, once for many pictures
///        └► reading      of a picture: the text that stands in it, which search finds it by
/// edit   ─► the same for the new current version; cleanup of what it replaced
/// delete ─► cleanup      remove files that nothing refers to any more
/// daily  ─► sweep        remove what interrupted uploads left
///        └► trash purge  delete what has been in the trash long enough
/// trash  ─► purge        after the retention, delete a library with all that is in it
/// ```
public enum Pipeline {
    /// The names are the contract's task types.
    static let metadata = JobKind(rawValue: "video_metadata_extract")
    static let placeNames = JobKind(rawValue: "reverse_geocoding")
    static let embedding = JobKind(rawValue: "embedding")
    static let renditions = JobKind(rawValue: "display_proxy_generation")
    /// The ladder of a film's still.
    static let still = JobKind(rawValue: "video_thumbnail_extract")
    /// Shown as the task `display_proxy_generation`: a kind of its own, because a kind belongs to one lane.
    static let playback = JobKind(rawValue: "display_proxy_generation.film")
    static let thumbHash = JobKind(rawValue: "thumbhash")
    static let faceDetection = JobKind(rawValue: "face_detection")
    /// Enqueues the search in pictures that were passed over while it was not wanted.
    static let faceBackfill = JobKind(rawValue: "face_detection.backfill")
    /// Shown as the task `asset_description`, the contract's nearest word.
    static let reading = JobKind(rawValue: "asset_description.text")
    static let faceGrouping = JobKind(rawValue: "face_clustering")
    static let siblings = JobKind(rawValue: "burst_detection")
    static let quality = JobKind(rawValue: "quality_scoring")
    static let description = JobKind(rawValue: "asset_description")
    /// Shown as the task `burst_detection`, like the other search for what belongs together.
    static let nearDuplicates = JobKind(rawValue: "burst_detection.duplicates")
    static let cleanup = JobKind(rawValue: "asset_storage_cleanup")
    static let versionCleanup = JobKind(rawValue: "asset_version_storage_cleanup")
    static let originalSweep = JobKind(rawValue: "original_sweep")
    static let trashPurge = JobKind(rawValue: "trash_purge")
    static let libraryPurge = JobKind(rawValue: "library_purge")

    /// What is left to do for things that are gone; it goes on whatever becomes of their library.
    static let afterDeletion = [cleanup, versionCleanup]

    /// What is derived from assets, in the order in which a fresh upload goes through it. The vector comes before the pictures:
    /// it makes a photo findable.
    static let stages: [any AssetStage.Type] = [
        MetadataStage.self, SiblingStage.self, EmbeddingStage.self, RenditionStage.self, StillStage.self, ThumbHashStage.self,
        QualityStage.self, PlaybackStage.self, PlaceStage.self, FaceDetectionStage.self,
        DescriptionStage.self, ReadingStage.self, NearDuplicateStage.self,
    ]

    /// Which of them the operator may switch off. They follow the renditions, and are not done again because these are.
    static let optional: [any AssetStage.Type] = [DescriptionStage.self, ReadingStage.self]

    /// Enqueues the stages of a fresh upload or a new current version, ahead of every backlog. What a picture says about
    /// itself was read before its upload was answered; a film's siblings are looked for when it has been read, and the quality
    /// is scored along with the renditions, and the preview is what is described.
    ///
    /// - Parameters:
    ///   - isRead: whether it is known what the file says about itself.
    ///   - priority: less than `fresh` for one of many.
    static func enqueueIngest(
        of asset: Asset, isRead: Bool, priority: JobPriority = .fresh, _ jobs: JobQueue, _ tx: borrowing Transaction
    ) throws {
        for stage in stages where stage.media.contains(asset.mediaClass) {
            if isRead ? stage == MetadataStage.self : stage == SiblingStage.self { continue }
            if stage == QualityStage.self || stage == NearDuplicateStage.self || optional.contains(where: { $0 == stage }) {
                continue
            }
            if stage == PlaceStage.self, asset.metadata?.position == nil { continue }
            try jobs.enqueue(
                NewJob(kind: stage.kind, subject: asset.id.uuid, scope: asset.libraryID.uuid, priority: priority), tx)
        }
    }

    /// Enqueues the naming of the place where an asset was taken, after its position became known or another one.
    static func enqueueNaming(of asset: Asset, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        try DerivationStore.forget(PlaceStage.self, of: asset.id, tx)
        try jobs.enqueue(NewJob(kind: placeNames, subject: asset.id.uuid, scope: asset.libraryID.uuid, priority: .fresh), tx)
    }

    /// Enqueues the making of a film's playable form anew.
    static func enqueuePlayback(of asset: Asset, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        try jobs.enqueue(NewJob(kind: playback, subject: asset.id.uuid, scope: asset.libraryID.uuid, priority: .fresh), tx)
    }

    /// Enqueues the making of vectors, behind all that somebody waits for.
    static func enqueueEmbedding(of asset: AssetID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        guard let place = try AssetStore.place(of: asset, tx) else { return }
        try jobs.enqueue(NewJob(kind: embedding, subject: asset.uuid, scope: place.uuid, priority: .backlog), tx)
    }

    /// Enqueues a search for faces, behind all that somebody waits for.
    static func enqueueFaceDetection(of asset: AssetID, in library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction)
        throws
    {
        try jobs.enqueue(NewJob(kind: faceDetection, subject: asset.uuid, scope: library.uuid, priority: .backlog), tx)
    }

    /// Enqueues a stage that may be switched off, behind all that somebody waits for.
    static func enqueueOptional(
        _ stage: any AssetStage.Type, of asset: AssetID, _ jobs: JobQueue, _ tx: borrowing Transaction
    ) throws {
        guard let place = try AssetStore.place(of: asset, tx) else { return }
        try jobs.enqueue(NewJob(kind: stage.kind, subject: asset.uuid, scope: place.uuid, priority: .normal), tx)
    }

    /// Enqueues the search for photos that show the same picture, once both things are there by which they are found. Whichever
    /// comes last does it: the asset's row is locked, or neither might see the other.
    static func enqueueNearDuplicates(of asset: AssetID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        guard let place = try AssetStore.place(of: asset, tx), try NearDuplicateStore.isComparable(asset, tx) else { return }
        try jobs.enqueue(NewJob(kind: nearDuplicates, subject: asset.uuid, scope: place.uuid, priority: .normal), tx)
    }

    /// Enqueues the search for siblings of a file that has been read, or is in another company now.
    static func enqueueSiblings(of asset: AssetID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        guard let place = try AssetStore.place(of: asset, tx) else { return }
        try jobs.enqueue(NewJob(kind: siblings, subject: asset.uuid, scope: place.uuid, priority: .fresh), tx)
    }

    /// Enqueues the removal of what a deleted asset left in the store.
    static func enqueueCleanup(
        of remains: AssetStore.Remains, in library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction
    ) throws {
        let text = try cleanupPayload(of: remains)
        try jobs.enqueue(NewJob(kind: cleanup, subject: remains.asset.uuid, scope: library.uuid, payload: text), tx)
    }

    /// The same for versions of an asset that stays. Without a subject: two such jobs of one asset are not the same job, and
    /// deleting the asset must not take them back.
    static func enqueueVersionCleanup(
        of remains: AssetStore.Remains, in library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction
    ) throws {
        try jobs.enqueue(NewJob(kind: versionCleanup, scope: library.uuid, payload: cleanupPayload(of: remains)), tx)
    }

    /// The same for portraits of faces that are gone.
    static func enqueueCleanup(
        of portraits: [CleanupStage.Payload.Portrait], in library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction
    ) throws {
        guard !portraits.isEmpty else { return }
        let payload = CleanupStage.Payload(versions: [], checksums: [], portraits: portraits)
        let text = String(decoding: try JSONEncoder().encode(payload), as: UTF8.self)
        try jobs.enqueue(NewJob(kind: versionCleanup, scope: library.uuid, payload: text), tx)
    }

    private static func cleanupPayload(of remains: AssetStore.Remains) throws -> String {
        let payload = CleanupStage.Payload(versions: remains.versions.map(\.uuid), checksums: remains.checksums.map(\.hex))
        return String(decoding: try JSONEncoder().encode(payload), as: UTF8.self)
    }

    /// Enqueues the purge of a trashed library. It belongs to no library, so no client sees it among the tasks of one.
    static func enqueuePurge(of library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        try jobs.enqueue(NewJob(kind: libraryPurge, subject: library.uuid, priority: .backlog), tx)
    }

    /// The lanes of a job runner: how many jobs of which stages run at once.
    ///
    /// The stages of one asset share a decoding, so they share a lane, in the order in which assets came. Somewhat
    /// more than one asset for each child that decodes: while one is decoded, another is at the model, but a fresh upload finds no
    /// queue before it. What is behind every fresh upload holds none up.
    public static func lanes(_ library: PhotoLibrary, width: Int) -> [JobLane] {
        [
            JobLane(
                name: "faces", width: width,
                handlers: [FaceDetectionStage.handler(library), FaceBackfillStage(library: library).handler]),
            JobLane(name: "reading", width: 1, handlers: [ReadingStage.handler(library)]),
            JobLane(name: "people", width: 1, handlers: [FaceGroupingStage(library: library).handler]),
            JobLane(
                name: "pictures", width: 4 * width,
                handlers: [
                    MetadataStage.handler(library), EmbeddingStage.handler(library), RenditionStage.handler(library),
                    StillStage.handler(library), ThumbHashStage.handler(library), QualityStage.handler(library),
                ]),
            // Films take minutes.
            JobLane(name: "films", width: 1, handlers: [PlaybackStage.handler(library)]),
            // As many as the model may be asked at once; each mostly waits.
            JobLane(
                name: "descriptions", width: library.describer?.settings.width ?? 1,
                handlers: [DescriptionStage.handler(library)]),
            JobLane(name: "places", width: 1, handlers: [PlaceStage.handler(library)]),
            // One: those of a library wait for each other anyway, and none takes long.
            JobLane(name: "siblings", width: 1, handlers: [SiblingStage.handler(library)]),
            JobLane(name: "duplicates", width: 1, handlers: [NearDuplicateStage.handler(library)]),
            // Three, so that a long sweep and a long purge hold nothing up.
            JobLane(
                name: "cleanup", width: 3,
                handlers: [
                    CleanupStage(library: library).handler(of: cleanup),
                    CleanupStage(library: library).handler(of: versionCleanup), OriginalSweepStage(library: library).handler,
                    TrashPurgeStage(library: library).handler,
                ]),
            JobLane(name: "purge", width: 1, handlers: [LibraryPurgeStage(library: library).handler]),
        ]
    }
}

extension Job {
    /// The asset a stage works on.
    var assetID: AssetID? { subject.map { AssetID(uuid: $0) } }
}

extension PhotoLibrary {
    /// The current rendering of a job's asset; `nil` when the asset is gone, which ends the job.
    func currentVersion(for job: Job) async throws -> AssetVersion? {
        guard let asset = job.assetID else { return nil }
        return try await database.read { tx in try AssetStore.version(nil, of: asset, by: nil, tx) }
    }
}

extension PhotoLibrary {
    /// A job's asset as it was uploaded; `nil` when the asset is gone.
    func uploadedVersion(for job: Job) async throws -> AssetVersion? {
        guard let asset = job.assetID else { return nil }
        return try await database.read { tx in try VersionStore.upload(of: asset, tx) }
    }
}

extension JobKind {
    /// The task type that clients know it by: what comes before a dot.
    public var taskType: String { String(rawValue.prefix { $0 != "." }) }
}

extension JobCompletion {
    /// The asset was deleted while its job waited: there is nothing left to do.
    static var assetGone: JobCompletion { JobCompletion(result: "asset deleted") }
}
