import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// Finds the photos that show the same picture as one. It follows when both the hash and the vector of a photo are there, so
/// whichever of two copies comes last finds the other.
///
/// It asks the database and not the index of vectors: that belongs to the server, and this is done by workers too.
struct NearDuplicateStage: AssetStage {
    static let kind = Pipeline.nearDuplicates
    static let recipe = 1
    static let media: Set<MediaClass> = [.image]

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job) else { return .assetGone }
        guard let space = try await library.models.activeSpace() else { return JobCompletion(result: "no vector to compare") }
        if let hash = try await missingHash(of: version) {
            return JobCompletion(alone: job.scope) { [jobs = library.jobs] tx in
                try NearDuplicateStore.keep(hash, of: version, tx)
                // Once more, now that there is something to compare.
                try Pipeline.enqueueNearDuplicates(of: version.assetID, jobs, tx)
            }
        }
        let copies = try await library.database.read { tx in
            try NearDuplicateStore.copies(of: version.assetID, space: space, tx)
        }
        return JobCompletion(alone: job.scope) { tx in
            try NearDuplicateStore.pair(version.assetID, with: copies, space: space, tx)
        }
    }

    /// The hash of a photo that has none yet: only a rebuild decodes for it. `nil` where there is one, or can be none.
    private func missingHash(of version: AssetVersion) async throws -> UInt64? {
        guard try await library.database.read({ tx in try NearDuplicateStore.hash(of: version.assetID, tx) }) == nil,
            let original = try await library.files.localOriginal(version.checksum)
        else { return nil }
        return try await refusingBadFiles { try await library.media.measures(original.path) }?.hash
    }
}
