import BanksiaCore
import BanksiaFiles
import BanksiaSQL

/// Keeps and removes originals so that no row ever names a missing one, although the store cannot take part in a transaction.
///
/// The danger is a removal between the moment an upload has found its bytes in the store and the moment its row is
/// committed. So removals are counted. A removal counts up and marks itself as under way in the same transaction in which
/// it sees that no row refers to the bytes; only then it removes them, and unmarks itself. An upload reads the count, has
/// the file placed, and inserts its row only if no removal is under way and the count is still the same: otherwise it
/// starts anew. Both transactions lock the digest, so one sees what the other did.
///
/// A process may die in a removal. Its mark then stays, and after `takeoverAfter` whoever comes may set it aside. That is
/// safe because a living removal either begins to remove within `removalPatience` or gives up, and the store ends each
/// removal within half a minute.
struct Originals: Sendable {
    let database: Database
    let files: any FileStore
    let clock: any WallClock
    /// How often an upload starts anew, with what pause: ten seconds, the time a removal takes at its worst in good health.
    var patience = (attempts: 40, pause: Duration.milliseconds(250))

    /// More than both bounds of a removal, with room for clocks of different machines that differ by half a minute.
    static let takeoverAfter = Duration.seconds(120)
    /// A process that was held up for longer between its look and the removal does not remove.
    static let removalPatience = Duration.seconds(30)
    /// An upload is sure to be over by then, so that nobody remembers a count that has been forgotten, and nobody is
    /// between the file and its row.
    static let uploadsEndWithin = Duration.seconds(86_400)

    // MARK: Keeping

    /// Gives a received file its lasting place and runs `insert`, which inserts the row that names it.
    ///
    /// - Parameters:
    ///   - seen: what was known of removals before; read after the file had come whole.
    ///   - library: which `insert` counts up. Uploads into one library go one by one, or they would fail each other.
    ///   - insert: may run more than once; only its last run is committed.
    /// - Throws: what `insert` and the store throw; `AssetProblem.busy` when the same bytes are being removed all the time.
    func keep<Result: Sendable>(
        _ staged: StagedFile, seen: OriginalRemoval, in library: LibraryID,
        insert: @escaping @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        let digest = staged.sha256
        var seen = seen
        for _ in 0..<patience.attempts {
            if seen.isUnderWay { seen = try await takeOver(digest) }
            if !seen.isUnderWay {
                try await files.place(staged)
                if let result = try await commit(digest, expecting: seen, in: library, insert) { return result }
            }
            try await Task.sleep(for: patience.pause)
            seen = try await database.read { tx in try OriginalStore.removal(of: digest, tx) }
        }
        throw AssetProblem.busy
    }

    /// - Returns: `nil` when a removal has come between.
    private func commit<Result: Sendable>(
        _ digest: ContentDigest, expecting seen: OriginalRemoval, in library: LibraryID,
        _ insert: @escaping @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result? {
        try await database.write { tx in
            try tx.lock(digest.bytes)
            try tx.lock(library.uuid)
            let now = try OriginalStore.removal(of: digest, tx)
            guard now.count == seen.count, !now.isUnderWay else { return nil }
            return try insert(tx)
        }
    }

    /// Sets a removal aside whose process is gone.
    ///
    /// - Returns: what is known of removals now.
    private func takeOver(_ digest: ContentDigest) async throws -> OriginalRemoval {
        try await database.write { [now = clock.now] tx in
            try tx.lock(digest.bytes)
            let removal = try OriginalStore.removal(of: digest, tx)
            guard removal.isUnderWay, removal.isStale(at: now) else { return removal }
            let number = try OriginalStore.count(of: digest, isUnderWay: false, at: now, tx)
            return OriginalRemoval(count: number, isUnderWay: false, changedAt: now)
        }
    }

    // MARK: Removing

    /// Removes an original if no row refers to it.
    ///
    /// - Returns: whether it was removed.
    /// - Throws: `AssetProblem.busy` while another removal of it is under way; what the store throws.
    @discardableResult
    func remove(_ digest: ContentDigest) async throws -> Bool {
        let start = ContinuousClock.now
        let number = try await database.write { [now = clock.now] tx -> Int64? in
            try tx.lock(digest.bytes)
            guard try AssetStore.referenced([digest], tx).isEmpty else { return nil }
            let removal = try OriginalStore.removal(of: digest, tx)
            guard !removal.isUnderWay || removal.isStale(at: now) else { throw AssetProblem.busy }
            return try OriginalStore.count(of: digest, isUnderWay: true, at: now, tx)
        }
        guard let number else { return false }
        guard ContinuousClock.now - start < Self.removalPatience else { throw AssetProblem.busy }
        try await files.removeOriginal(digest)
        try await database.write { [now = clock.now] tx in try OriginalStore.end(digest, number: number, at: now, tx) }
        return true
    }

    /// Removes originals that no row refers to, and that are too old to belong to an upload under way.
    ///
    /// - Returns: how many were removed.
    func sweep() async throws -> Int {
        var removed = 0
        let newest = clock.now.adding(.zero - Self.uploadsEndWithin)
        try await files.forEachBatchOfOriginals { batch in
            let old = batch.filter { $0.writtenAt < newest }.map(\.digest)
            for some in old.inPieces(of: 500) {
                let referenced = try await database.read { tx in try AssetStore.referenced(some, tx) }
                for digest in some where !referenced.contains(digest) {
                    do {
                        if try await remove(digest) { removed += 1 }
                    } catch AssetProblem.busy {
                        // Someone else is at it.
                    }
                }
            }
        }
        return removed
    }
}

extension OriginalRemoval {
    /// Whether the process that began it must have ended or given up.
    fileprivate func isStale(at now: Instant) -> Bool { changedAt.map { now.since($0) >= Originals.takeoverAfter } ?? true }
}

extension Array {
    fileprivate func inPieces(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
