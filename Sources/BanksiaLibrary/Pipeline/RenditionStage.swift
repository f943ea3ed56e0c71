import BanksiaCore
import BanksiaJobs
import BanksiaMedia

/// Makes the rungs of the ladder that every list and grid needs.
struct RenditionStage: AssetStage {
    static let kind = Pipeline.renditions
    static let recipe = Variant.recipeVersion

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job) else { return .assetGone }
        let made = try await refusingBadFiles { try await library.renditions.render(Variant.ladder, of: version) }
        return JobCompletion(result: "\(made.count) renditions") { tx in
            for rendition in made { try RenditionStore.keep(rendition, tx) }
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
