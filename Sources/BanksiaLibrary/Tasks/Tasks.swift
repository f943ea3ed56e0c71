public import BanksiaCore
public import BanksiaJobs
import BanksiaSQL

/// The background work on a viewer's assets, as it can be looked at.
public struct Tasks: Sendable {
    let database: Database
    let jobs: JobQueue

    /// Which tasks.
    public struct Query: Sendable {
        /// `nil`: all libraries the viewer sees.
        public var library: LibraryID?
        public var status: JobStatus?
        /// A task type, as clients know it; `nil`: all.
        public var type: String?
        public var limit: Int

        public init(library: LibraryID? = nil, status: JobStatus? = nil, type: String? = nil, limit: Int = 20) {
            self.library = library
            self.status = status
            self.type = type
            self.limit = limit
        }

        fileprivate var kinds: [JobKind] {
            guard let type else { return [] }
            let named = JobKind(rawValue: type)
            let others = (Pipeline.stages.map { $0.kind } + [Pipeline.faceBackfill]).filter { $0.taskType == type && $0 != named }
            return [named] + others
        }
    }

    /// Tasks, newest first.
    public func list(_ query: Query, by viewer: Viewer) async throws -> [Job] {
        try await database.read { [jobs] tx in
            let libraries = try query.library.map { [$0] } ?? LibraryStore.libraries(.live, by: viewer, tx).map(\.id)
            return try jobs.list(
                scopes: libraries.map(\.uuid), subject: nil, kinds: query.kinds, status: query.status, limit: query.limit, tx)
        }
    }

    /// One task.
    ///
    /// - Throws: `TaskProblem.notFound`.
    public func get(_ id: String, by viewer: Viewer) async throws -> Job {
        guard let id = JobID(id) else { throw TaskProblem.notFound }
        return try await database.read { [jobs] tx in
            guard let job = try jobs.job(id, tx), let scope = job.scope,
                let library = try LibraryStore.library(LibraryID(uuid: scope), by: viewer, tx), library.trashedAt == nil
            else { throw TaskProblem.notFound }
            return job
        }
    }

    /// The tasks of one asset, newest first.
    ///
    /// - Throws: `AssetProblem.notFound`.
    public func list(ofAsset id: String, by viewer: Viewer) async throws -> [Job] {
        guard let id = AssetID(id) else { throw AssetProblem.notFound }
        return try await database.read { [jobs] tx in
            guard let asset = try AssetStore.asset(id, .lean, by: viewer, tx) else { throw AssetProblem.notFound }
            return try jobs.list(scopes: [asset.libraryID.uuid], subject: id.uuid, limit: 200, tx)
        }
    }
}

/// What can go wrong with tasks.
public enum TaskProblem: Problem {
    case notFound

    public var code: String { "not_found" }
    public var kind: ProblemKind { .notFound }
    public var detail: String { "There is no such task, or you cannot see it." }
}
