import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// Scores once more how a picture, or a film's still, came out. The first time that is measured and scored along with its
/// renditions, for which it is decoded anyway.
struct QualityStage: AssetStage {
    static let kind = Pipeline.quality
    static let recipe = QualityScore.recipe

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job),
            let original = try await library.files.localOriginal(version.checksum)
        else { return .assetGone }
        let measures = try await refusingBadFiles { try await library.media.measures(original.path) }
        return JobCompletion(
            outcome: measures == nil ? "not_scored" : nil, result: measures == nil ? "too small to tell" : "scored",
            alone: job.scope
        ) { [now = library.clock.now] tx in try Self.take(measures, of: version, at: now, tx) }
    }

    /// Keeps the score of what was measured in a version; `nil` where it was too small to tell.
    static func take(_ measures: PictureMeasures?, of version: AssetVersion, at now: Instant, _ tx: borrowing Transaction) throws
    {
        try DerivationStore.note(Self.self, of: version.assetID, at: now, tx)
        guard let size = version.size, let measures else { return }
        let score = QualityScore(measures, size: size).value
        let library = try AssetStore.set(qualityScore: score, of: version.assetID, version: version.id, at: now, tx)
        if let library { try EventStore.record([.assetUpdated(version.assetID)], in: library, at: now, tx) }
    }
}
