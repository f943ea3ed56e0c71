import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia

/// Computes the few bytes that stand in for a picture until it has loaded.
struct ThumbHashStage: AssetStage {
    static let kind = Pipeline.thumbHash
    static let recipe = 1

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job),
            let original = try await library.files.localOriginal(version.checksum)
        else { return .assetGone }
        let hash = try await refusingBadFiles { try await library.media.thumbHash(original.path) }
        return JobCompletion(result: "\(hash.count) bytes", alone: job.scope) { [now = library.clock.now] tx in
            guard let library = try AssetStore.set(thumbHash: hash, of: version.assetID, version: version.id, at: now, tx) else {
                return
            }
            try EventStore.record([.assetUpdated(version.assetID)], in: library, at: now, tx)
        }
    }
}
