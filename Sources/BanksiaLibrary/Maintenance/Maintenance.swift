import BanksiaCore
import BanksiaJobs
import BanksiaPlaces
import BanksiaSQL
import BanksiaVision

extension PhotoLibrary {
    /// Finished tasks are shown this long.
    static let taskRetention = Duration.seconds(90 * 86_400)
    /// How long libraries stay in the trash when nobody says (contract §6).
    public static let libraryRetention = Duration.seconds(90 * 86_400)

    /// What has to be done now and then. Safe at any time, and from several processes.
    ///
    /// - Parameter libraryRetention: how long libraries stay in the trash.
    public func maintain(libraryRetention: Duration = PhotoLibrary.libraryRetention) async throws {
        try await models.promoteIfComplete()
        try await database.write { [jobs, now = clock.now] tx in
            try jobs.prune(finishedBefore: now.adding(.zero - Self.taskRetention), tx)
            try OriginalStore.prune(endedBefore: now.adding(.zero - Originals.uploadsEndWithin), tx)
            try SignInStore.prune(at: now, tx)
            try RequestCountStore.prune(at: now, tx)
            try CorrectionStore.prune(before: now.adding(.zero - undoRetention), tx)
            try OriginalSweepStage.enqueueIfDue(jobs, at: now, tx)
            try LibraryPurgeStage.enqueueIfDue(jobs, after: libraryRetention, at: now, tx)
            try TrashPurgeStage.enqueueIfDue(jobs, at: now, tx)
        }
        try await search.vectors.maintain(models.vectorSpaces())
    }

    /// Removes originals that are older than a day and that no row refers to. A job does it daily.
    ///
    /// - Returns: how many were removed.
    @discardableResult
    public func sweepOriginals() async throws -> Int { try await originals.sweep() }

    /// Prepares searches, so that the first one does not wait: opens the indexes of the active pack, and makes the search
    /// words that are missing, which after an upgrade with new rules are all of them. Has positions named that have no names, or
    /// such of older rules.
    public func warmUp() async throws {
        if let space = try await models.vectorSpaces().first { try await search.vectors.warmUp(space) }
        try await search.keepMissingWords()
        try await namePlaces()
    }

    /// Without the file of places it would only fail once more.
    func namePlaces() async throws {
        if geocoder.isAvailable { _ = try await rebuild.enqueue([Pipeline.placeNames]) }
    }
}
