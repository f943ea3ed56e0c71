import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaSQL

/// Deletes assets for good, with everything that hangs on them and everything that has to be told about it.
struct AssetRemoval: Sendable {
    let jobs: JobQueue

    /// Assets that are deleted in one transaction when there is no end of them: some tenths of a second.
    static let batch = 200

    /// Deletes assets of a library whose lock the transaction holds. Ids of nothing that lies there are passed over.
    ///
    /// - Returns: how many there were.
    @discardableResult
    func remove(_ ids: [AssetID], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws -> Int {
        let ids = try AssetStore.lying(ids, in: library, tx)
        guard !ids.isEmpty else { return 0 }
        // First of all: a job that is just ending holds its row and may want others of the asset.
        for id in ids { try jobs.cancel(subject: id.uuid, tx) }
        try StackStore.leave(ids, in: library, at: now, tx)
        let parted = try FilmStore.leave(ids, in: library, at: now, tx)
        try AlbumStore.leave(ids, in: library, at: now, tx)
        let faces = try FaceStore.delete(of: ids, tx)
        for remains in try AssetStore.delete(ids, in: library, tx) {
            try Pipeline.enqueueCleanup(of: remains, in: library, jobs, tx)
        }
        for still in parted { try Pipeline.enqueueSiblings(of: still, jobs, tx) }
        let left = try GroupingStore.deleteDeserted(
            among: Set(faces.values.joined().compactMap(\.previousPerson)), in: library, tx)
        try EventStore.record(ids.flatMap { (faces[$0] ?? []) + [.assetDeleted($0)] } + left, in: library, at: now, tx)
        return ids.count
    }
}
