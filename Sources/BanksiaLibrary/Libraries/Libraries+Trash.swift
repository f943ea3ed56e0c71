import BanksiaCore
import BanksiaJobs
import BanksiaSQL

// A trashed library is hidden from everyone but its owner, and so is everything in it; its background work rests. It can be
// restored until its row is gone.
extension Libraries {
    /// Moves a library to the trash; one that is there already stays as it is.
    ///
    /// - Throws: `LibraryProblem.notFound`, `.lastLive`; `AccountProblem.insufficientRole`.
    public func trash(_ id: String, by viewer: Viewer) async throws {
        try await changeState(of: id, by: viewer) { [jobs, now = clock.now] library, tx in
            guard library.trashedAt == nil else { return }
            guard try LibraryStore.liveCount(of: library.ownerID, tx) > 1 else { throw LibraryProblem.lastLive }
            try LibraryStore.trash(library.id, at: now, tx)
            try jobs.pause(scope: library.id.uuid, except: Pipeline.afterDeletion, tx)
            try EventStore.record([.libraryTrashed(library.id)], in: library.id, at: now, tx)
        }
    }

    /// Brings a library back, with whatever has not been purged. A purge that has begun stops.
    ///
    /// - Throws: `LibraryProblem.notFound`; `AccountProblem.insufficientRole`.
    public func restore(_ id: String, by viewer: Viewer) async throws -> Library {
        try await changeState(of: id, by: viewer) { [jobs, now = clock.now] library, tx in
            guard library.trashedAt != nil else { return library }
            try LibraryStore.restore(library.id, at: now, tx)
            try jobs.resume(scope: library.id.uuid, tx)
            try EventStore.record([.libraryRestored(library.id)], in: library.id, at: now, tx)
            return try Self.seen(id, by: viewer, tx)
        }
    }

    /// Starts the purge of a trashed library before its time.
    ///
    /// - Throws: `LibraryProblem.notFound`, `.notTrashed`; `AccountProblem.insufficientRole`.
    public func purge(_ id: String, by viewer: Viewer) async throws {
        try await changeState(of: id, by: viewer) { [jobs, now = clock.now] library, tx in
            guard library.trashedAt != nil else { throw LibraryProblem.notTrashed }
            try LibraryStore.beginPurge(of: library.id, at: now, tx)
            try Pipeline.enqueuePurge(of: library.id, jobs, tx)
        }
    }

    /// Runs a change to the state of a library as its owner, trashed or not, alone among changes to their libraries and to
    /// what is in this one.
    private func changeState<Result: Sendable>(
        of id: String, by viewer: Viewer, _ body: @Sendable (Library, borrowing Transaction) throws -> Result
    ) async throws -> Result {
        guard let libraryID = LibraryID(id) else { throw LibraryProblem.notFound }
        return try await changeOwn(of: viewer) { tx in
            try tx.lock(libraryID.uuid)
            return try body(try Self.owned(id, by: viewer, tx), tx)
        }
    }
}
