import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import Foundation

/// Deletes for good what has been in the trash long enough: once a day in all libraries, and in one library what an emptying
/// left over.
struct TrashPurgeStage: Sendable {
    let library: PhotoLibrary

    /// What to delete; the daily round has neither.
    struct Payload: Codable {
        var library: UUID?
        /// Microseconds since 1970: what was trashed then or before.
        var until: Int64?
    }

    /// There is one daily round at a time in an installation; this stands for its subject.
    private static let subject = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2))
    private static let interval = Duration.seconds(86_400)

    /// A million assets at a thousand a second, with room. What is left after that is done by the next attempt.
    var handler: JobHandler { JobHandler(kind: Pipeline.trashPurge, timeout: .seconds(3600), run: run) }

    private func run(_ job: Job) async throws -> JobCompletion {
        guard let payload = try? JSONDecoder().decode(Payload.self, from: Data(job.payload.utf8)) else {
            throw JobFailure.permanent("The task does not say what to delete.")
        }
        let removed: Int =
            if let id = payload.library, let until = payload.until {
                try await library.purgeTrash(of: LibraryID(uuid: id), until: Instant(microseconds: until))
            } else {
                try await library.purgeTrash()
            }
        return JobCompletion(result: "\(removed) assets deleted")
    }

    /// Enqueues the round when the last one is a day old, or there was none.
    static func enqueueIfDue(_ jobs: JobQueue, at now: Instant, _ tx: borrowing Transaction) throws {
        let last = try jobs.list(scopes: nil, subject: subject, kinds: [Pipeline.trashPurge], limit: 1, tx).first
        if let last, now.since(last.completedAt ?? now) < interval { return }
        try jobs.enqueue(NewJob(kind: Pipeline.trashPurge, subject: subject, priority: .backlog), tx)
    }

    /// Enqueues the rest of an emptying.
    static func enqueue(_ library: LibraryID, until instant: Instant, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        let payload = Payload(library: library.uuid, until: instant.microseconds)
        let text = String(decoding: try JSONEncoder().encode(payload), as: UTF8.self)
        try jobs.enqueue(NewJob(kind: Pipeline.trashPurge, subject: library.uuid, payload: text), tx)
    }
}

extension PhotoLibrary {
    /// Deletes for good what has been in the trash of live libraries for longer than `trashRetention`.
    ///
    /// - Returns: how many assets.
    func purgeTrash() async throws -> Int {
        let until = clock.now.adding(.zero - trashRetention)
        var removed = 0
        for library in try await database.read({ tx in try AssetStore.librariesWithTrash(until: until, tx) }) {
            removed += try await purgeTrash(of: library, until: until)
        }
        return removed
    }

    /// Deletes for good what was trashed in a library at an instant or before, in pieces; each is a transaction of its own, so
    /// that it may be interrupted at any time.
    func purgeTrash(of library: LibraryID, until instant: Instant) async throws -> Int {
        var removed = 0
        while true {
            try Task.checkCancellation()
            let some = try await database.change(library) { [removal = assets.removal, now = clock.now] tx in
                let ids = try AssetStore.trashed(in: library, until: instant, limit: AssetRemoval.batch, tx)
                return try removal.remove(ids, in: library, at: now, tx)
            }
            removed += some
            if some < AssetRemoval.batch { return removed }
        }
    }
}
