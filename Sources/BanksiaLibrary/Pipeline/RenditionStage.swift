import BanksiaCore
import BanksiaJobs
import BanksiaMedia

/// Makes the rungs of the ladder that every list and grid needs.
struct RenditionStage: AssetStage {
    static let kind = Pipeline.renditions
    static let recipe = Variant.recipeVersion
    static let media: Set<MediaClass> = [.image]

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion { try await library.makeLadder(for: job, of: .image) }
}

/// Makes the same of a film's still.
struct StillStage: AssetStage {
    static let kind = Pipeline.still
    static let recipe = Variant.recipeVersion
    static let media: Set<MediaClass> = [.video]

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion { try await library.makeLadder(for: job, of: .video) }
}

extension PhotoLibrary {
    fileprivate func makeLadder(for job: Job, of media: MediaClass) async throws -> JobCompletion {
        guard let version = try await currentVersion(for: job) else { return .assetGone }
        let made = try await develop(DevelopmentWish(ladder: Variant.ladder.compactMap(\.recipe)), of: version, for: job) {
            made in
            try await renditions.keep(made.renditions, of: version)
        }
        guard let made else { return .assetGone }
        return JobCompletion(result: "\(made.count) renditions", alone: job.scope) {
            [jobs, optionalStages, now = clock.now] tx in
            for rendition in made { try RenditionStore.keep(rendition, tx) }
            try QualityStage.take(made.lazy.compactMap(\.measures).first, of: version, at: now, tx)
            if media == .image {
                try NearDuplicateStore.keep(made.lazy.compactMap(\.measures).first?.hash, of: version, tx)
                try Pipeline.enqueueNearDuplicates(of: version.assetID, jobs, tx)
            }
            for stage in optionalStages where stage.media.contains(media) {
                guard try !DerivationStore.isDone(stage, of: version.assetID, tx) else { continue }
                try Pipeline.enqueueOptional(stage, of: version.assetID, jobs, tx)
            }
        }
    }
}

/// Turns "this file cannot be decoded" into a failure that no retry helps.
func refusingBadFiles<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let problem as MediaProblem where problem.isAboutTheFile {
        throw JobFailure.permanent(problem.detail)
    }
}
