import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaVision

/// Turns a picture into the vector that searches compare.
struct EmbeddingStage: AssetStage {
    static let kind = Pipeline.embedding
    static let recipe = 1

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job),
            let original = try await library.files.localOriginal(version.checksum)
        else { return .assetGone }
        let spaces = try await library.models.spaces()
        guard !spaces.isEmpty else {
            throw JobFailure.permanent("No model pack is installed, so the picture cannot be searched by its content.")
        }
        var vectors: [(space: String, vector: [Float])] = []
        for space in spaces {
            guard let vision = library.models.vision(of: space) else {
                throw JobFailure.permanent("The model pack \(space) is not installed.")
            }
            let tower = vision.pack.image
            let pixels = try await refusingBadFiles {
                try await library.media.pixels(original.path, for: tower)
            }
            vectors.append((space, try await vision.embed(pixels: pixels, size: tower.size).embedding))
        }
        return JobCompletion(result: spaces.joined(separator: ", ")) { [vectors, now = library.clock.now] tx in
            for (space, vector) in vectors { try EmbeddingStore.keep(vector, of: version.assetID, space: space, at: now, tx) }
        }
    }
}
