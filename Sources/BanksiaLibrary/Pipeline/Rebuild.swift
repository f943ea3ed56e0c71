public import BanksiaCore
public import BanksiaJobs
import BanksiaSQL

/// Has things derived from assets again. What there is stays in use until the new is there.
public struct Rebuild: Sendable {
    /// Which results are made again.
    public enum Extent: Sendable, CaseIterable {
        /// Those that were never made, and those that an older version of the program made another way.
        case outdated
        /// Those whose last attempt was given up.
        case failed
        /// All.
        case everything
    }

    /// How far the work is.
    public struct Progress: Sendable, Equatable {
        /// Jobs that wait or are being worked on.
        public var unfinished: Int
        /// Jobs that were given up since the rebuild began.
        public var failed: Int
    }

    let database: Database
    let jobs: JobQueue
    let clock: any WallClock
    /// Stages that are switched off here, so that nothing is enqueued for them.
    let off: Set<JobKind>

    /// How many assets are enqueued in one transaction, so that others get their turn.
    private static let batch = 500

    /// The stages that can be done again, in the order in which a fresh upload goes through them. The names are those of tasks.
    public static var stages: [JobKind] { Pipeline.stages.map { $0.kind } }

    /// The same, and what is derived from whole libraries and done only when it is named: people from faces, all anew.
    public static var all: [JobKind] { stages + [Pipeline.faceGrouping] }

    /// Enqueues the jobs, behind every fresh upload.
    ///
    /// - Parameters:
    ///   - kinds: of `all`; others are passed over.
    ///   - library: only what is in this one; `nil` for all.
    /// - Returns: how many.
    public func enqueue(_ kinds: [JobKind], in library: LibraryID? = nil, _ extent: Extent = .outdated) async throws -> Int {
        var count = 0
        for stage in Pipeline.stages where kinds.contains(stage.kind) && !off.contains(stage.kind) {
            switch extent {
            case .failed:
                count += try await database.write { [jobs] tx in
                    try jobs.retryFailed(kind: stage.kind, scope: library?.uuid, tx)
                }
            case .outdated: count += try await enqueue(stage, in: library, isOutdated: true)
            case .everything: count += try await enqueue(stage, in: library, isOutdated: false)
            }
        }
        if kinds.contains(Pipeline.faceGrouping) { count += try await enqueueGrouping(in: library, extent) }
        return count
    }

    /// Enqueues the grouping of all faces, as if none had ever been grouped; what users said stays.
    private func enqueueGrouping(in library: LibraryID?, _ extent: Extent) async throws -> Int {
        guard extent != .failed else {
            return try await database.write { [jobs] tx in
                try jobs.retryFailed(kind: Pipeline.faceGrouping, scope: library?.uuid, tx)
            }
        }
        let libraries = try await database.read { tx in try GroupingStore.libraries(library, tx) }
        for library in libraries {
            try await database.change(library) { [jobs] tx in
                try GroupingStore.forgetKnots(in: library, tx)
                try FaceGroupingStage.enqueue(in: library, jobs, tx)
            }
        }
        return libraries.count
    }

    private func enqueue(_ stage: any AssetStage.Type, in library: LibraryID?, isOutdated: Bool) async throws -> Int {
        var (count, last) = (0, AssetID?.none)
        while true {
            try Task.checkCancellation()
            let batch = try await database.write { [jobs, last] tx in
                let batch = try DerivationStore.assets(
                    for: stage, in: library, isOutdated: isOutdated, after: last, limit: Self.batch, tx)
                for (asset, library) in batch {
                    try jobs.enqueue(
                        NewJob(kind: stage.kind, subject: asset.uuid, scope: library.uuid, priority: .backlog), tx)
                }
                return batch.map(\.asset)
            }
            count += batch.count
            guard let end = batch.last else { return count }
            last = end
        }
    }

    /// How far the stages are.
    public func progress(of kinds: [JobKind], since start: Instant) async throws -> Progress {
        try await database.read { [jobs] tx in
            Progress(
                unfinished: try jobs.unfinished(kinds: kinds, tx), failed: try jobs.failed(kinds: kinds, since: start, tx))
        }
    }
}
