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
    public func nearest(_ query: VectorQuery) async throws -> [VectorMatch] {
        let (library, filter, viewer) = (query.library, query.filter, query.viewer)
        let index = try await indexes.upToDate(library, space: query.space.name, dimension: query.space.dimension)
        let space = query.space.name
        let allowed =
            filter.isOnlyLive
            ? nil
            : try await database.read { tx in
                try AssetStore.ids(matching: filter, in: library, by: viewer, tx).map(\.uuid)
                    + EmbeddingStore.further(space: space, in: library, matching: filter, by: viewer, tx)
            }
        var wanted = query.limit
        let selection = allowed.map { index.selection(of: $0) }
        while true {
            let found = try await pool.run { [wanted] in
                if let selection {
                    index.search(query.vector, limit: wanted, among: selection)
                } else {
                    index.search(query.vector, limit: wanted)
                }
            }
            let shown = try await database.read { tx in
                // Not all at once: a statement takes some ten thousand values.
                try stride(from: 0, to: found.count, by: 8192).reduce(into: [UUID: (asset: AssetID, captured: Int64)]()) {
                    let ids = found[$1..<min($1 + 8192, found.count)].map(\.id)
                    let some = try EmbeddingStore.shown(ids, space: space, in: library, matching: filter, by: viewer, tx)
                    $0.merge(some) { one, _ in one }
                }
            }
            let result = VectorMatch.best(
                found.compactMap { neighbour in
                    shown[neighbour.id].map { VectorMatch(asset: $0.asset, score: neighbour.score, captured: $0.captured) }
                })
            if result.count >= query.limit || found.count < wanted { return Array(result.prefix(query.limit)) }
            wanted *= 4
        }
    }

    /// Opens and fills the indexes of all libraries.
    public func warmUp(_ space: VectorSpace) async throws {
        try await indexes.warmUp(space: space.name, dimension: space.dimension)
    }

    /// Nothing: an index follows the database by itself, before each search.
    public func maintain(_ spaces: [VectorSpace]) async throws {}
}
