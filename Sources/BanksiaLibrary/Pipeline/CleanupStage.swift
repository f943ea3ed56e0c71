import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import Foundation

/// Removes the files of deleted assets once no row refers to them.
struct CleanupStage: Sendable {
    let library: PhotoLibrary

    /// What a deleted asset left behind.
    struct Payload: Codable {
        var versions: [UUID]
        /// SHA-256 in hex.
        var checksums: [String]
    }

    var handler: JobHandler { JobHandler(kind: Pipeline.cleanup, run: run) }

    private func run(_ job: Job) async throws -> JobCompletion {
        guard let payload = try? JSONDecoder().decode(Payload.self, from: Data(job.payload.utf8)) else {
            throw JobFailure.permanent("The task does not say what to clean up.")
        }
        for version in payload.versions { library.files.removeRenditions(of: version) }
        return JobCompletion(result: "\(payload.checksums.count) files looked at") { [files = library.files] tx in
            // Looking and removing happen inside the write transaction, so no upload of equal bytes can come between.
            for digest in payload.checksums.compactMap({ ContentDigest(hex: $0) }) where try !AssetStore.isReferenced(digest, tx)
            {
                try files.removeOriginal(digest)
            }
        }
    }
}
