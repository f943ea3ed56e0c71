import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import Foundation

/// Removes the files of deleted assets and versions once no row refers to them.
struct CleanupStage: Sendable {
    let library: PhotoLibrary

    /// What a deleted asset left behind.
    struct Payload: Codable {
        var versions: [UUID]
        /// SHA-256 in hex.
        var checksums: [String]
        /// Single portraits of versions that stay.
        var portraits: [Portrait]?

        struct Portrait: Codable {
            var face: UUID
            var version: UUID
        }
    }

    /// Eight attempts take longer than the time after which an interrupted removal is taken over.
    func handler(of kind: JobKind) -> JobHandler { JobHandler(kind: kind, maxAttempts: 8, run: run) }

    private func run(_ job: Job) async throws -> JobCompletion {
        guard let payload = try? JSONDecoder().decode(Payload.self, from: Data(job.payload.utf8)) else {
            throw JobFailure.permanent("The task does not say what to clean up.")
        }
        for version in payload.versions { try await library.files.removeRenditions(of: version) }
        for portrait in payload.portraits ?? [] {
            try await library.files.removeRendition(
                FaceCrop.key(of: FaceID(uuid: portrait.face), in: AssetVersionID(uuid: portrait.version)))
        }
        for digest in payload.checksums.compactMap({ ContentDigest(hex: $0) }) { try await library.originals.remove(digest) }
        return JobCompletion(result: "\(payload.checksums.count + (payload.portraits?.count ?? 0)) files looked at")
    }
}
