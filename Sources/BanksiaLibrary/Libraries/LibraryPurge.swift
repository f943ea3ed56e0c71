import BanksiaCore
import BanksiaJobs
import BanksiaSQL

/// The end of a trashed library, in batches that are one short transaction each.
///
/// Each batch looks first whether the library is still to go, so a restore stops the purge at once, and whoever comes after a
/// crash goes on where it stopped. What is in the library goes first, assets before what groups them, and is told in its feed
/// like any deletion, because a library that was restored half-way is a library with a feed. Only when nothing is left it
/// vanishes for everyone; then its feed goes, and its row last.
struct LibraryPurge: Sendable {
    let database: Database
    let jobs: JobQueue
    let clock: any WallClock

    /// A batch of assets takes some ten statements for each, which holds the database for a few milliseconds.
    private static let assetBatch = 50
    /// A row of these costs one statement or none.
    private static let rowBatch = 500

    /// How a purge ended.
    enum Outcome { case purged, restored }

    /// Goes on until nothing is left, or the library was restored.
    func run(_ id: LibraryID) async throws -> Outcome {
        while true {
            try Task.checkCancellation()
            if let outcome = try await advance(id) { return outcome }
        }
    }

    /// One batch, on disk when it returns.
    ///
    /// - Returns: `nil` while there may be more to do.
    func advance(_ id: LibraryID) async throws -> Outcome? {
        try await database.change(id) { [self] tx in try step(id, tx) }
    }

    private func step(_ id: LibraryID, _ tx: borrowing Transaction) throws -> Outcome? {
        switch try LibraryStore.purgeState(of: id, tx) {
        case .notWanted: return .restored
        case .gone: return .purged
        case .underWay:
            if try emptySome(id, tx) { return nil }
            try LibraryStore.endPurge(of: id, at: clock.now, tx)
            return nil
        case .empty:
            if try LibraryStore.deleteEvents(of: id, atMost: Self.rowBatch, tx) > 0 { return nil }
            try jobs.cancel(scope: id.uuid, except: Pipeline.afterDeletion, tx)
            try LibraryStore.delete(id, tx)
            return .purged
        }
    }

    /// - Returns: whether there was anything to delete.
    private func emptySome(_ id: LibraryID, _ tx: borrowing Transaction) throws -> Bool {
        let assets = try LibraryStore.someAssets(of: id, atMost: Self.assetBatch, tx)
        try AssetRemoval(jobs: jobs).remove(assets, in: id, at: clock.now, tx)
        if !assets.isEmpty { return true }
        let albums: [AlbumID] = try LibraryStore.deleteSome("album", of: id, atMost: Self.rowBatch, tx)
        let stacks: [StackID] = try LibraryStore.deleteSome("stack", of: id, atMost: Self.rowBatch, tx)
        let people: [PersonID] = try LibraryStore.deleteSome("person", of: id, atMost: Self.rowBatch, tx)
        let changes = albums.map(Change.albumDeleted) + stacks.map(Change.stackDeleted) + people.map(Change.personDeleted)
        try EventStore.record(changes, in: id, at: clock.now, tx)
        return !changes.isEmpty
    }
}
