import BanksiaCore
import BanksiaJobs
import BanksiaSQL

/// Deletes what is in a trashed library whose time is over, and then the library.
struct LibraryPurgeStage: Sendable {
    let library: PhotoLibrary

    /// After this long a purge that was given up is tried again.
    private static let pause = Duration.seconds(3600)

    /// A million assets at some 200 a second on a slow disk take an hour and a half.
    var handler: JobHandler { JobHandler(kind: Pipeline.libraryPurge, timeout: .seconds(6 * 3600), run: run) }

    private func run(_ job: Job) async throws -> JobCompletion {
        guard let id = job.subject.map({ LibraryID(uuid: $0) }) else {
            throw JobFailure.permanent("The task does not say which library.")
        }
        let purge = LibraryPurge(database: library.database, jobs: library.jobs, clock: library.clock)
        return JobCompletion(result: try await purge.run(id) == .purged ? "purged" : "restored meanwhile")
    }

    /// Begins the purge of libraries that have been in the trash for longer than `retention`, and takes up again what was left.
    static func enqueueIfDue(_ jobs: JobQueue, after retention: Duration, at now: Instant, _ tx: borrowing Transaction) throws {
        try LibraryStore.beginPurges(trashedBefore: now.adding(.zero - retention), at: now, tx)
        for library in try LibraryStore.purging(tx) {
            let last = try jobs.list(scopes: nil, subject: library.uuid, kinds: [Pipeline.libraryPurge], limit: 1, tx).first
            if let last, now.since(last.completedAt ?? now) < pause { continue }
            try Pipeline.enqueuePurge(of: library, jobs, tx)
        }
    }
}
