import BanksiaJobs
import BanksiaMedia

/// Makes a film playable for browsers, where it is not.
struct PlaybackStage: AssetStage {
    static let kind = Pipeline.playback
    static let recipe = Variant.recipeVersion
    static let media: Set<MediaClass> = [.video]
    /// A film may take hours; see `MediaWorkers.playable`.
    static let timeout = Duration.seconds(5 * 3600)
    /// It costs too much to be tried in vain.
    static let maxAttempts = 2

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job) else { return .assetGone }
        let made = try await refusingBadFiles { try await library.renditions.playable(version) }
        guard let made else { return .assetGone }
        let result = made.checksum == version.checksum ? "played as it is" : "\(made.width) × \(made.height)"
        return JobCompletion(result: result) { tx in try RenditionStore.keep(made, tx) }
    }
}
