import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import Foundation

/// Scores how a picture, or a film's still, came out. It was measured when it was decoded for its renditions; where it was not, or
/// when it is to be done again, it is decoded for this.
struct QualityStage: AssetStage {
    static let kind = Pipeline.quality
    static let recipe = QualityScore.recipe

    let library: PhotoLibrary

    /// What was measured already; a rebuild has nothing.
    struct Payload: Codable {
        var version: UUID?
        var measures: PictureMeasures?
    }

    func run(_ job: Job) async throws -> JobCompletion {
        guard let version = try await library.currentVersion(for: job) else { return .assetGone }
        guard let payload = try? JSONDecoder().decode(Payload.self, from: Data(job.payload.utf8)) else {
            throw JobFailure.permanent("The task does not say what was measured.")
        }
        let known = payload.version == version.id.uuid ? payload.measures : nil
        guard let size = version.size, let measures = try await measures(of: version, known) else {
            return JobCompletion(outcome: "not_scored", result: "too small to tell")
        }
        let score = QualityScore(measures, size: size).value
        return JobCompletion(result: "\(score)", alone: job.scope) { [now = library.clock.now] tx in
            guard let library = try AssetStore.set(qualityScore: score, of: version.assetID, version: version.id, at: now, tx)
            else {
                return
            }
            try EventStore.record([.assetUpdated(version.assetID)], in: library, at: now, tx)
        }
    }

    private func measures(of version: AssetVersion, _ known: PictureMeasures?) async throws -> PictureMeasures? {
        if let known { return known }
        guard let original = try await library.files.localOriginal(version.checksum) else { return nil }
        return try await refusingBadFiles { try await library.media.measures(original.path) }
    }

    /// Enqueues the scoring of what another job of the same asset has just measured.
    static func enqueue(_ payload: Payload, for job: Job, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        let text = String(decoding: try JSONEncoder().encode(payload), as: UTF8.self)
        try jobs.enqueue(NewJob(kind: kind, subject: job.subject, scope: job.scope, payload: text, priority: .fresh), tx)
    }
}
