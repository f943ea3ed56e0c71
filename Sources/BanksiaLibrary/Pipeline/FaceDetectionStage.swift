import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import BanksiaVision

/// Finds the faces in a picture. Whose they are is found by `FaceGroupingStage` when no picture is left to look at.
struct FaceDetectionStage: AssetStage {
    static let kind = Pipeline.faceDetection
    static let recipe = 1
    static let media: Set<MediaClass> = [.image]

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let asset = job.assetID, let scope = job.scope.map({ LibraryID(uuid: $0) }),
            let task = try await library.database.read({ tx in try FaceSearchStore.task(for: asset, tx) })
        else { return .assetGone }
        guard task.isWanted else { return JobCompletion(outcome: "skipped_owner_off") }
        let vision = try await library.models.faceVision()
        // the asset may have been deleted in between
        guard let original = try await library.files.localOriginal(task.upload.checksum) else { return .assetGone }
        let (search, media) = (library.faceSearch, library.media)
        let picture = try await refusingBadFiles { try await media.picture(original.path, within: search.detail) }
        let faces = try await vision.faces(
            in: picture.bytes, width: picture.size.width, height: picture.size.height, search.limits)
        let placed = faces.compactMap { PlacedFace($0, in: picture.size, of: task.upload.size ?? picture.size) }
        let taking = FaceTaking(asset: asset, library: scope, space: vision.pack.id, found: placed, ids: library.ids)
        return JobCompletion(outcome: "ran", result: "\(placed.count) faces", alone: scope.uuid) {
            [now = library.clock.now, jobs = library.jobs] tx in
            guard let place = try AssetStore.place(of: asset, tx) else { return }
            // It has moved meanwhile, and it is the lock of the old library that is held.
            guard place == scope else { return try Pipeline.enqueueFaceDetection(of: asset, in: place, jobs, tx) }
            let hasChanged = try taking.run(at: now, tx)
            try FaceGroupingStage.enqueue(in: place, hasChanged: hasChanged, jobs, at: now, tx)
        }
    }
}
