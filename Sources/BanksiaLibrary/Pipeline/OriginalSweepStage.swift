import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaSQL
import Foundation

/// Once a day, removes what interrupted uploads left: originals that no row refers to, and files that never became one.
struct OriginalSweepStage: Sendable {
    let library: PhotoLibrary

    /// There is one such job at a time in an installation, whoever enqueues it; this stands for its subject.
    private static let subject = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))
    private static let interval = Duration.seconds(86_400)

    /// Listing a large bucket takes its time: a thousand files a second, say, make 20 million in six hours.
    var handler: JobHandler { JobHandler(kind: Pipeline.originalSweep, timeout: .seconds(6 * 3600), run: run) }

    private func run(_ job: Job) async throws -> JobCompletion {
        let count = try await library.sweepOriginals() + library.files.sweepStaging()
        return JobCompletion(result: "\(count) files removed")
    }

    /// Enqueues the sweep when the last one is a day old, or there was none.
    static func enqueueIfDue(_ jobs: JobQueue, at now: Instant, _ tx: borrowing Transaction) throws {
        let last = try jobs.list(scopes: nil, subject: subject, kinds: [Pipeline.originalSweep], limit: 1, tx).first
        if let last, now.since(last.completedAt ?? now) < interval { return }
        try jobs.enqueue(NewJob(kind: Pipeline.originalSweep, subject: subject, priority: .backlog), tx)
    }
}
