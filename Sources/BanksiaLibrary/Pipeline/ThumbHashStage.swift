import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia

/// Computes the few bytes that stand in for a picture until it has loaded.
struct ThumbHashStage: AssetStage {
    static let kind = Pipeline.thumbHash
    static let recipe = 2

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job),
            let hash = try await library.develop(DevelopmentWish(thumbHash: true), of: version, for: job, { $0.thumbHash ?? [] })
        else { return .assetGone }
        return JobCompletion(result: "\(hash.count) bytes", alone: job.scope) { [now = library.clock.now] tx in
            guard let library = try AssetStore.set(thumbHash: hash, of: version.assetID, version: version.id, at: now, tx) else {
                return
            }
            try EventStore.record([.assetUpdated(version.assetID)], in: library, at: now, tx)
        }
    }
}
