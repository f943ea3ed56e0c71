public import BanksiaCore
public import BanksiaSQL
import BanksiaVision
import Foundation

/// Vector search without a server: exact, in files beside the database that follow it.
public struct EmbeddedVectors: VectorSearch {
    private let database: Database
    private let indexes: VectorIndexes
    private let pool: BlockingPool
    private let recent = RecentCache<Scan, [Neighbour]>(capacity: 256)
    /// A filter that leaves no more than so many leaves few, whatever their share.
    var few = 2000
    /// One in so many is few.
    private static let shareOfFew = 32

    /// - Parameters:
    ///   - folder: where the files are kept; they can be deleted at any time.
    ///   - pool: threads for scans.
    public init(database: Database, folder: String, pool: BlockingPool) {
        self.database = database
        self.pool = pool
        indexes = VectorIndexes(database: database, folder: folder, pool: pool)
    }

    /// Rows of the index whose asset is gone or trashed do not take a place.
    ///
    /// Of a filter that leaves few, only those are compared. Of one that leaves many, the nearest of all are looked at until enough
    /// of them meet it: reading a hundred thousand ids costs twenty times as much as comparing them. Which of the two it is, the
    /// first of the nearest tell.
    public func nearest(_ query: VectorQuery) async throws -> [VectorMatch] {
        let index = try await indexes.upToDate(query.library, space: query.space.name, dimension: query.space.dimension)
        let few = max(few, index.count / Self.shareOfFew)
        var selection = try await named(by: query, in: index)
        // One in four is a usual share of a span of time, and to look at some more costs less than to look again.
        var wanted = query.filter.isOnlyLive ? query.limit : 4 * query.limit
        while true {
            let found = try await scan(index, query, limit: wanted, among: selection)
            let result = try await shown(found, query)
            if result.count >= query.limit || found.count < wanted { return Array(result.prefix(query.limit)) }
            // As many as are needed if the others meet the filter as often, and some more.
            let step = max(2, min(64, 3 * query.limit / (2 * max(1, result.count))))
            let isFar = wanted * step > 4 * few
            if selection == nil, !query.filter.isOnlyLive, isFar || step > Self.longStep {
                selection = try await candidates(for: query, in: index, atMost: isFar ? .max : few)
                if selection != nil { continue }
            }
            wanted *= step
        }
    }

    /// With a longer step than this, what meets the filter is so rare that it may be few.
    private static let longStep = 8

    /// The rows that a filter names, or those of its people and albums; `nil` for a filter without any of these.
    ///
    /// They stand by themselves. What else is asked of them is looked up for the nearest only.
    private func named(by query: VectorQuery, in index: VectorIndex) async throws -> Selection? {
        guard !query.filter.isOnlyLive else { return nil }
        let ids = try await database.read { tx in
            try EmbeddingStore.named(by: query.filter, space: query.space.name, in: query.library, tx)
        }
        return ids.map { index.selection(of: $0) }
    }

    /// The rows that meet a filter; `nil` when more assets than so many do.
    private func candidates(for query: VectorQuery, in index: VectorIndex, atMost most: Int) async throws -> Selection? {
        let (library, space, filter, viewer) = (query.library, query.space.name, query.filter, query.viewer)
        let ids: [UUID]? = try await database.read { tx in
            let assets = try AssetStore.ids(matching: filter, upTo: most < .max ? most + 1 : most, in: library, by: viewer, tx)
            guard assets.count <= most else { return nil }
            return try assets.map(\.uuid)
                + EmbeddingStore.further(space: space, in: library, matching: filter, by: viewer, tx)
        }
        return ids.map { index.selection(of: $0) }
    }

    /// The nearest rows of an index, or of some of it.
    private func scan(_ index: VectorIndex, _ query: VectorQuery, limit: Int, among selection: Selection?) async throws
        -> [Neighbour]
    {
        if let selection {
            return try await pool.run { index.search(query.vector, limit: limit, among: selection) }
        }
        let scan = Scan(
            library: query.library, space: query.space.name, vector: query.vector, limit: limit, lastSequence: index.lastSequence,
            count: index.count)
        if let found = recent[scan] { return found }
        let found = try await pool.run { index.search(query.vector, limit: limit) }
        if found.count <= Self.longestKept { recent.keep(found, for: scan) }
        return found
    }

    /// What was compared with what: as long as nothing was added to an index, the same is nearest.
    private struct Scan: Hashable {
        var library: LibraryID
        var space: String
        var vector: [Float]
        var limit: Int
        var lastSequence: Int64
        var count: Int
    }

    /// Longer answers are not kept: 256 of 800 rows are 6 MB.
    private static let longestKept = 800

    /// What the viewer may be shown of some rows under the filter, with one match for each asset: as many as are wanted, or all.
    private func shown(_ found: [Neighbour], _ query: VectorQuery) async throws -> [VectorMatch] {
        let (space, library, filter, viewer) = (query.space.name, query.library, query.filter, query.viewer)
        return try await database.read { tx in
            var matches: [VectorMatch] = []
            // Often the nearest will do. Not all of the others at once: a statement takes some ten thousand values.
            var (rest, size) = (found[...], query.limit)
            while !rest.isEmpty, matches.count < query.limit {
                let some = rest.prefix(size)
                (rest, size) = (rest.dropFirst(size), 8192)
                let shown = try EmbeddingStore.shown(some.map(\.id), space: space, in: library, matching: filter, by: viewer, tx)
                let new = some.compactMap { neighbour in
                    shown[neighbour.id].map { VectorMatch(asset: $0.asset, score: neighbour.score, captured: $0.captured) }
                }
                matches = VectorMatch.best(matches + new)
            }
            return matches
        }
    }

    /// Opens and fills the indexes of all libraries.
    public func warmUp(_ space: VectorSpace) async throws {
        try await indexes.warmUp(space: space.name, dimension: space.dimension)
    }

    /// Nothing: an index follows the database by itself, before each search.
    public func maintain(_ spaces: [VectorSpace]) async throws {}
}
