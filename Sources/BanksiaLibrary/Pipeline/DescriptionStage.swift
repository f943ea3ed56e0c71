import BanksiaCore
import BanksiaDescriptions
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import Foundation

/// Has a vision model say what a picture, or a film's still, shows. It speaks in a place of its own and over nobody's words:
/// what people and files say is metadata.
struct DescriptionStage: AssetStage {
    static let kind = Pipeline.description
    static let recipe = 1
    static let timeout = Duration.seconds(900)
    /// More than an hour of pauses: a model on the same machine may have been switched off for the night's work of another.
    static let maxAttempts = 12

    /// What is sent: small enough for every model, large enough for the text on a sign, in a format that all of them take.
    private static let picture = RenditionRecipe(name: "described", longestEdge: 768, format: .jpeg(quality: 80))

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let describer = library.describer else {
            throw JobFailure.permanent("No vision model is set (`describe-url`), so nothing is described.")
        }
        guard let version = try await library.currentVersion(for: job) else { return .assetGone }
        guard let jpeg = try await picture(of: version) else { return .assetGone }
        let words: String
        do {
            words = try await describer.describe(jpeg: jpeg)
        } catch let problem as DescriberProblem {
            guard case .refused = problem else { throw problem }
            throw JobFailure.permanent(problem.detail)
        }
        return JobCompletion(
            outcome: words.isEmpty ? "declined" : nil, result: words.isEmpty ? "nothing said" : "described", alone: job.scope
        ) { [jobs = library.jobs, now = library.clock.now] tx in
            // Something else is shown meanwhile: that is not described yet, and may not have been asked for while this was done.
            guard try AssetStore.version(nil, of: version.assetID, by: nil, tx)?.id == version.id
            else { return try Pipeline.enqueueOptional(Self.self, of: version.assetID, jobs, tx) }
            guard let place = try AssetStore.set(description: words, of: version.assetID, version: version.id, at: now, tx)
            else { return }
            try EventStore.record([.assetUpdated(version.assetID)], in: place, at: now, tx)
            try SearchWordsStore.keep(of: [version.assetID], tx)
        }
    }

    /// A small copy of the preview: made of pixels alone, so that nothing of the file's metadata can be in it.
    private func picture(of version: AssetVersion) async throws -> Data? {
        let scratch = try library.files.temporaryFolder()
        defer { scratch.remove() }
        guard let source = try await library.renditions.preview(of: version, into: scratch.path) else { return nil }
        let made = try await refusingBadFiles {
            try await library.media.render(source, ladder: [Self.picture], into: scratch.path)
        }
        return try made.first.map { try Data(contentsOf: URL(filePath: $0.path)) }
    }
}
