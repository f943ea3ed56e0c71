import BanksiaCore
import BanksiaJobs
import BanksiaSQL

/// Has all pictures of a library looked at that were passed over while nobody wanted faces to be found.
struct FaceBackfillStage: Sendable {
    let library: PhotoLibrary

    var handler: JobHandler { JobHandler(kind: Pipeline.faceBackfill, timeout: .seconds(600), run: run) }

    private func run(_ job: Job) async throws -> JobCompletion {
        guard let place = job.scope.map({ LibraryID(uuid: $0) }) else {
            throw JobFailure.permanent("The task does not say which library.")
        }
        let count = try await library.rebuild.enqueue([Pipeline.faceDetection], in: place)
        return JobCompletion(result: "\(count) photos")
    }

    static func enqueue(_ library: LibraryID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        try jobs.enqueue(
            NewJob(kind: Pipeline.faceBackfill, subject: library.uuid, scope: library.uuid, priority: .backlog), tx)
    }

    /// For every live library that somebody owns.
    static func enqueue(ownedBy user: UserID, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        let libraries: [LibraryID] = try tx.rows(
            "SELECT id FROM library WHERE owner_id = \(user) AND trashed_at IS NULL ORDER BY id"
        ) { try $0.value(0) }
        for library in libraries { try enqueue(library, jobs, tx) }
    }
}
