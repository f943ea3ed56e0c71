public import BanksiaCore
public import BanksiaSQL
import BanksiaVision
import Foundation

/// Vector search without a server: exact, in files beside the database that follow it.
public struct EmbeddedVectors: VectorSearch {
    private let database: Database
    private let indexes: VectorIndexes
    private let pool: BlockingPool

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
    /// of them meet it: reading a hundred thousand ids costs twenty times as much as comparing them.
    public func nearest(_ query: VectorQuery) async throws -> [VectorMatch] {
        let index = try await indexes.upToDate(query.library, space: query.space.name, dimension: query.space.dimension)
        let few = max(Self.few, index.count / Self.shareOfFew)
        var selection = query.filter.isOnlyLive ? nil : try await allowed(by: query, in: index, atMost: few)
        var wanted = query.limit
        while true {
            let found = try await pool.run { [wanted, selection] in
                if let selection {
                    index.search(query.vector, limit: wanted, among: selection)
                } else {
                    index.search(query.vector, limit: wanted)
                }
            }
            let result = try await shown(found, query)
            if result.count >= query.limit || found.count < wanted { return Array(result.prefix(query.limit)) }
            // As many as are needed if the others meet the filter as often, and some more.
            let step = max(2, min(64, 3 * query.limit / (2 * max(1, result.count))))
            if selection == nil, !query.filter.isOnlyLive, wanted * step > 4 * few {
                selection = try await allowed(by: query, in: index, atMost: .max)
            } else {
                wanted *= step
            }
        }
    }

    /// A filter leaves few when it leaves one in so many, or no more than a query looks at anyway.
    private static let shareOfFew = 32
    private static let few = 2000

    /// The rows whose assets meet a filter; `nil` when there are more than so many assets.
    private func allowed(by query: VectorQuery, in index: VectorIndex, atMost most: Int) async throws -> Selection? {
        let (library, filter, viewer) = (query.library, query.filter, query.viewer)
        let ids: [UUID]? = try await database.read { tx in
            let assets = try AssetStore.ids(matching: filter, upTo: most < .max ? most + 1 : most, in: library, by: viewer, tx)
            guard assets.count <= most else { return nil }
            return try assets.map(\.uuid)
                + EmbeddingStore.further(space: query.space.name, in: library, matching: filter, by: viewer, tx)
        }
        return ids.map { index.selection(of: $0) }
    }

    /// What the viewer may be shown of some rows under the filter, with one match for each asset.
    private func shown(_ found: [Neighbour], _ query: VectorQuery) async throws -> [VectorMatch] {
        let (space, library, filter, viewer) = (query.space.name, query.library, query.filter, query.viewer)
        let shown = try await database.read { tx in
            // Not all at once: a statement takes some ten thousand values.
            try stride(from: 0, to: found.count, by: 8192).reduce(into: [UUID: (asset: AssetID, captured: Int64)]()) {
                let ids = found[$1..<min($1 + 8192, found.count)].map(\.id)
                let some = try EmbeddingStore.shown(ids, space: space, in: library, matching: filter, by: viewer, tx)
                $0.merge(some) { one, _ in one }
            }
        }
        return VectorMatch.best(
            found.compactMap { neighbour in
                shown[neighbour.id].map { VectorMatch(asset: $0.asset, score: neighbour.score, captured: $0.captured) }
            })
    }

    /// Opens and fills the indexes of all libraries.
    public func warmUp(_ space: VectorSpace) async throws {
        try await indexes.warmUp(space: space.name, dimension: space.dimension)
    }

    /// Nothing: an index follows the database by itself, before each search.
    public func maintain(_ spaces: [VectorSpace]) async throws {}
}
