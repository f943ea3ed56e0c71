import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaVision

/// Reads what stands in a picture: signs, screens, documents.
struct ReadingStage: AssetStage {
    static let kind = Pipeline.reading
    static let recipe = 1
    static let media: Set<MediaClass> = [.image]

    /// The longest edge at which lines are read, in pixels; small print on a whole page needs it.
    private static let detail = 2048

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let scope = job.scope.map({ LibraryID(uuid: $0) }), let version = try await library.currentVersion(for: job),
            let original = try await library.files.localOriginal(version.checksum)
        else { return .assetGone }
        let vision = try await library.models.readingVision()
        let scratch = try library.files.temporaryFolder()
        defer { scratch.remove() }
        let picture = try await refusingBadFiles {
            try await library.media.picture(original.path, within: Self.detail, into: scratch.path)
        }
        let lines = try await vision.lines(inPixels: picture.path, width: picture.size.width, height: picture.size.height)
        let text = PictureText(lines, in: picture.size)
        return JobCompletion(result: "\(lines.count) lines", alone: scope.uuid) { [jobs = library.jobs] tx in
            // It has moved meanwhile, and it is the lock of the old library that is held; or something else is shown now.
            guard try AssetStore.place(of: version.assetID, tx) == scope,
                try AssetStore.version(nil, of: version.assetID, by: nil, tx)?.id == version.id
            else { return try Pipeline.enqueueOptional(Self.self, of: version.assetID, jobs, tx) }
            try PictureTextStore.keep(text, of: version.assetID, tx)
        }
    }
}
