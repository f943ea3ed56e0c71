import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import BanksiaVision

extension PhotoLibrary {
    /// Finished tasks are shown this long.
    static let taskRetention = Duration.seconds(90 * 86_400)

    /// What has to be done now and then. Safe at any time, and from several processes.
    public func maintain() async throws {
        try await models.promoteIfComplete()
        try await database.write { [tasks, now = clock.now] tx in
            _ = try tasks.jobs.prune(finishedBefore: now.adding(.zero - Self.taskRetention), tx)
        }
    }

    /// Opens the indexes of the active pack, so that the first search does not wait for them.
    public func warmUp() async throws {
        guard let space = try await models.activeSpace(), let vision = models.vision(of: space) else { return }
        try await search.indexes.warmUp(space: space, dimension: vision.pack.dimension)
    }
}
