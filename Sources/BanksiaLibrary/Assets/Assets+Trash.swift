public import BanksiaCore
import BanksiaSQL

extension Assets {
    /// Moves assets of a library to the trash. What is there already or unknown is passed over.
    ///
    /// - Throws: `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    public func trash(_ ids: [String], in library: LibraryID, by viewer: Viewer) async throws {
        try await database.change(library, by: viewer) { [now = clock.now] tx in
            let changed = try AssetStore.trash(ids.compactMap { AssetID($0) }, in: library, at: now, tx)
            try PersonStore.recountPeople(in: changed, tx)
            try EventStore.record(changed.map { .assetTrashed($0) }, in: library, at: now, tx)
        }
    }

    /// Takes assets of a library out of the trash. What is not there is passed over.
    ///
    /// - Throws: `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    public func restore(_ ids: [String], in library: LibraryID, by viewer: Viewer) async throws {
        try await database.change(library, by: viewer) { [jobs, now = clock.now] tx in
            let changed = try AssetStore.restore(ids.compactMap { AssetID($0) }, in: library, at: now, tx)
            try PersonStore.recountPeople(in: changed, tx)
            try EventStore.record(changed.map { .assetRestored($0) }, in: library, at: now, tx)
            // What came meanwhile did not see them.
            for asset in changed { try Pipeline.enqueueSiblings(of: asset, jobs, tx) }
        }
    }

    /// Deletes everything in a library's trash for good.
    ///
    /// The trash is emptied in pieces, each a transaction of its own. What is left when the time for an answer runs out is
    /// done by a job.
    ///
    /// - Throws: `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    public func emptyTrash(of library: LibraryID, by viewer: Viewer) async throws {
        let started = ContinuousClock.now
        let now = clock.now
        while ContinuousClock.now - started < Self.patienceForTrash {
            let removed = try await database.change(library, by: viewer, as: .owner) { [removal] tx in
                let ids = try AssetStore.trashed(in: library, until: now, limit: AssetRemoval.batch, tx)
                try removal.remove(ids, in: library, at: now, tx)
                return ids.count
            }
            if removed < AssetRemoval.batch { return }
        }
        try await database.change(library, by: viewer, as: .owner) { [jobs] tx in
            try TrashPurgeStage.enqueue(library, until: now, jobs, tx)
        }
    }

    /// Half of what a client of the adapter waits (contract §1).
    private static let patienceForTrash = Duration.seconds(15)

    /// Deletes an asset for good, live or trashed: its rows now, its files once nothing refers to them.
    ///
    /// - Throws: `AssetProblem.notFound`, `AccountProblem.insufficientRole`.
    public func delete(_ id: String, by viewer: Viewer) async throws {
        let id = try AssetID(known: id)
        try await database.change(of: { tx in try AssetStore.library(of: id, by: viewer, tx) }, by: viewer, as: .owner) {
            [removal, now = clock.now] library, tx in
            guard try removal.remove([id], in: library, at: now, tx) == 1 else { throw AssetProblem.notFound }
        }
    }

    /// Deletes several assets of a library for good, all or none; ids of nothing that lies there are passed over.
    ///
    /// - Throws: `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    public func delete(_ ids: [String], in library: LibraryID, by viewer: Viewer) async throws {
        try await database.change(library, by: viewer, as: .owner) { [removal, now = clock.now] tx in
            _ = try removal.remove(ids.compactMap { AssetID($0) }, in: library, at: now, tx)
        }
    }

    var removal: AssetRemoval { AssetRemoval(jobs: jobs) }
}
