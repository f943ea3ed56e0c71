import BanksiaCore
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import BanksiaVision

/// Turns a picture, or the scenes of a film, into vectors that searches compare.
struct EmbeddingStage: AssetStage {
    static let kind = Pipeline.embedding
    static let recipe = 2

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job) else { return .assetGone }
        let spaces = try await library.models.spaces()
        guard !spaces.isEmpty else {
            throw JobFailure.permanent("No model pack is installed, so the picture cannot be searched by its content.")
        }
        let hasVector = try await library.database.read { [active = spaces[0]] tx in
            try !EmbeddingStore.assets(among: [version.assetID], in: active, tx).isEmpty
        }
        let visions = spaces.map { library.models.vision(of: $0) }
        let wish = DevelopmentWish(inputs: visions.compactMap { $0?.pack.image.input })
        let found = try await library.develop(wish, of: version, for: job) { made in
            var found: [[Scene]] = []
            for (space, vision) in zip(spaces, visions) {
                do {
                    guard let vision else { throw JobFailure.permanent("The model pack \(space) is not installed.") }
                    found.append(try await scenes(in: made.views, by: vision))
                } catch  where !found.isEmpty && !hasVector {
                    // A coming pack that fails keeps nothing from being found by the present one.
                    try Task.checkCancellation()
                    break
                }
            }
            return found
        }
        guard let found else { return .assetGone }
        return JobCompletion(result: spaces.prefix(found.count).joined(separator: ", ")) {
            [jobs = library.jobs, now = library.clock.now] tx in
            for (space, scenes) in zip(spaces, found) {
                try EmbeddingStore.keep(scenes, of: version.assetID, space: space, at: now, tx)
            }
            try Pipeline.enqueueNearDuplicates(of: version.assetID, jobs, tx)
            if found.count < spaces.count { try Pipeline.enqueueEmbedding(of: version.assetID, jobs, tx) }
        }
    }

    /// Those that differ, in the order in which they are shown.
    private func scenes(in views: [Development.View], by vision: Vision) async throws -> [Scene] {
        var scenes: [Scene] = []
        for view in views {
            guard let pixels = view.path(of: vision.pack.image.input) else { continue }
            let vector = try await vision.embed(pixelsIn: pixels).embedding
            let scene = Scene(timestampMilliseconds: view.timestampMilliseconds, vector: vector)
            if !scenes.contains(where: { $0.isLike(scene) }) { scenes.append(scene) }
        }
        return scenes
    }
}
