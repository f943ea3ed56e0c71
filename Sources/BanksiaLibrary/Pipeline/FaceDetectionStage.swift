import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import BanksiaVision

/// Finds the faces in a picture, or in pictures from all over a film. Whose they are is found by `FaceGroupingStage` when no picture is left to look at.
struct FaceDetectionStage: AssetStage {
    static let kind = Pipeline.faceDetection
    static let recipe = 2

    /// Where the owner wants it.
    static var condition: SQL {
        """
        asset.library_id IN (SELECT library.id FROM library JOIN "user" AS owner ON owner.id = library.owner_id
            WHERE library.finds_faces AND owner.face_detection_preference)
        """
    }

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let asset = job.assetID, let scope = job.scope.map({ LibraryID(uuid: $0) }),
            let task = try await library.database.read({ tx in try FaceSearchStore.task(for: asset, tx) })
        else { return .assetGone }
        guard task.isWanted else { return Self.skipped }
        let vision = try await library.models.faceVision()
        // the asset may have been deleted in between
        guard let original = try await library.files.localOriginal(task.upload.checksum) else { return .assetGone }
        let found = try await refusingBadFiles { try await faces(in: original.path, task, by: vision) }
        let taking = FaceTaking(
            asset: asset, library: scope, space: vision.pack.id, found: found, ids: library.ids, jobs: library.jobs)
        return JobCompletion(outcome: "ran", result: "\(found.count) faces", alone: scope.uuid) {
            [now = library.clock.now, jobs = library.jobs] tx in
            guard let place = try AssetStore.place(of: asset, tx) else { return }
            // It has moved meanwhile, and it is the lock of the old library that is held; or the search was switched off, perhaps
            // along with all that was known of faces, and then the next job says so.
            guard try place == scope && FaceSearchStore.task(for: asset, tx)?.isWanted == true else {
                return try Pipeline.enqueueFaceDetection(of: asset, in: place, jobs, tx)
            }
            let hasChanged = try taking.run(at: now, tx)
            try FaceGroupingStage.enqueue(in: place, hasChanged: hasChanged, jobs, at: now, tx)
        }
    }

    /// The looks of each face.
    private func faces(in path: String, _ task: FaceSearchStore.Task, by vision: Vision) async throws -> [[PlacedFace]] {
        let scratch = try library.files.temporaryFolder()
        defer { scratch.remove() }
        guard task.mediaClass == .video, let models = vision.pack.faces else {
            return try await faces(in: path, of: task.upload.size, at: nil, by: vision, through: scratch).map { [$0] }
        }
        var size = task.upload.size
        // It may not have been read yet.
        if size == nil { size = try await library.media.probe(path).displaySize }
        var found: [PlacedFace] = []
        for frame in try await library.media.frames(of: path, longestEdge: library.faceSearch.detail, into: scratch.path) {
            found += try await faces(
                in: frame.picture.path, of: size, at: frame.timestampMilliseconds, by: vision, through: scratch)
        }
        return PlacedFace.looks(found, GroupingRules(models))
    }

    /// - Parameter size: of the upload, in display pixels, where it is known.
    private func faces(
        in path: String, of size: PixelSize?, at milliseconds: Int?, by vision: Vision, through scratch: TemporaryFolder
    ) async throws -> [PlacedFace] {
        let picture = try await library.media.picture(path, within: library.faceSearch.detail, into: scratch.path)
        let faces = try await vision.faces(
            inPixels: picture.path, width: picture.size.width, height: picture.size.height, library.faceSearch.limits)
        return faces.compactMap { PlacedFace($0, in: picture.size, of: size ?? picture.size, at: milliseconds) }
    }

    private static let skipped = JobCompletion(outcome: "\(AssetStageOutcome.skipped)owner_off")
}
