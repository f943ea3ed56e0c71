public import BanksiaSQL
import Crypto
import Foundation

/// Vector search by the database itself, with pgvector. All statements that only PostgreSQL understands stand here.
///
/// Few rows are compared one by one, which is exact. For many there is an index, a navigable small world of vectors for each
/// space (HNSW; Malkov, Yashunin, 2016), which is not: it finds nearly all, if it is made to look long enough. The filter
/// and what the viewer may see are conditions of the same statement either way.
///
/// Where the border lies and how long the index looks was measured; see `docs/decisions/0013-search-on-two-engines.md`.
public struct PostgresVectors: VectorSearch {
    private let database: Database
    /// Up to this many rows are compared one by one.
    let comparedOneByOne: Int

    public init(database: Database) { self.init(database: database, comparedOneByOne: 50_000) }

    init(database: Database, comparedOneByOne: Int) {
        self.database = database
        self.comparedOneByOne = comparedOneByOne
    }

    /// How many candidates the index keeps at hand while it looks; the most that pgvector allows (`hnsw.ef_search`).
    static let candidates = 1000
    /// Of how many rows that it finds the best are taken, so that it does not stop at the first that do.
    static let found = 5000
    /// After it has looked at this many, of whatever filter and whether or not they are near, it stops (`hnsw.max_scan_tuples`).
    static let visited = 200_000
    /// An index holds vectors of at most this many numbers (pgvector, "HNSW"). Larger ones are always compared one by one.
    static let largestIndexed = 2000

    // MARK: Searching

    public func nearest(_ query: VectorQuery) async throws -> [VectorMatch] {
        try await database.read { tx in
            let rows = try tx.rows(try prepare(query, tx)) {
                VectorMatch(
                    asset: try $0.value(0), score: Float(1 - (try $0.value(2, as: Double.self))), captured: try $0.value(1))
            }
            return Array(VectorMatch.best(rows).prefix(query.limit))
        }
    }

    /// Chooses the way to search, and makes this transaction ready for it.
    @discardableResult func prepare(_ query: VectorQuery, _ tx: borrowing Transaction) throws -> SQL {
        if try query.space.dimension > Self.largestIndexed || areFew(query, tx) { return Self.exactStatement(query) }
        try Self.tuneIndex(tx)
        return Self.indexedStatement(query)
    }

    /// Whether the library, or else the filter, leaves few rows.
    private func areFew(_ query: VectorQuery, _ tx: borrowing Transaction) throws -> Bool {
        let live: Int = try tx.value("SELECT live_assets FROM library_usage WHERE library_id = \(query.library)") ?? 0
        if query.filter.state == .live, live <= comparedOneByOne { return true }
        if query.filter.isOnlyLive { return false }
        let count: Int? = try tx.value(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 FROM asset WHERE \(Self.condition(query)) LIMIT \(comparedOneByOne + 1)) AS few
            """)
        return count ?? 0 <= comparedOneByOne
    }

    private static func condition(_ query: VectorQuery) -> SQL {
        "asset.library_id = \(query.library) AND \(query.viewer.seesAsset) AND \(query.filter.condition)"
    }

    /// Without the cast that the index is over, so the index is out of the question.
    static func exactStatement(_ query: VectorQuery) -> SQL {
        """
        SELECT asset.id, asset.local_wall, asset_embedding.vector <=> \(query.vector) AS distance
        FROM asset JOIN asset_embedding ON asset_embedding.asset_id = asset.id AND asset_embedding.space = \(query.space.name)
        WHERE \(condition(query))
        ORDER BY distance, asset.local_wall DESC, asset.id DESC LIMIT \(rows(of: query))
        """
    }

    /// As many rows have so many assets among them at the least.
    private static func rows(of query: VectorQuery) -> Int { query.limit * Scene.most }

    /// The index hands its finds over almost in order. They are put in order once they are together: adding nothing to the
    /// distance keeps the planner from taking them for sorted (pgvector, "Iterative Index Scans").
    static func indexedStatement(_ query: VectorQuery) -> SQL {
        """
        WITH near AS MATERIALIZED (
            SELECT asset.id, asset.local_wall, \(vectors(of: query.space)) <=> \(query.vector) AS distance
            FROM asset_embedding JOIN asset ON asset.id = asset_embedding.asset_id
            WHERE \(isOf(query.space)) AND \(condition(query))
            ORDER BY distance LIMIT \(max(found, rows(of: query))))
        SELECT id, local_wall, distance FROM near ORDER BY distance + 0, local_wall DESC, id DESC LIMIT \(rows(of: query))
        """
    }

    /// For this transaction. Without sorting and reading whole tables the planner is left with the index where there is one.
    private static func tuneIndex(_ tx: borrowing Transaction) throws {
        _ = try tx.value(
            """
            SELECT concat(set_config('hnsw.iterative_scan', 'relaxed_order', TRUE), set_config('hnsw.ef_search', \("\(candidates)"), TRUE),
                set_config('hnsw.max_scan_tuples', \("\(visited)"), TRUE), set_config('hnsw.scan_mem_multiplier', '8', TRUE),
                set_config('enable_sort', 'off', TRUE), set_config('enable_seqscan', 'off', TRUE))
            """, as: String.self)
    }

    // MARK: Indexes

    /// Nothing: the index is in the database.
    public func warmUp(_ space: VectorSpace) async throws {}

    /// Makes the index of each space, beside those who write, and drops the others.
    ///
    /// A space that was just chosen has no vectors yet, so its index is made in no time and grows with them.
    public func maintain(_ spaces: [VectorSpace]) async throws {
        let wanted = Dictionary(
            spaces.filter { $0.dimension <= Self.largestIndexed }.map { (Self.indexName($0), $0) },
            uniquingKeysWith: { one, _ in one })
        let known = try await database.read { tx in try Self.indexes(tx) }
        guard known != Set(wanted.keys.map { Index(name: $0, isValid: true) }) else { return }
        try await database.upkeep("vector indexes") { upkeep in
            let known = try upkeep.read { tx in try Self.indexes(tx) }
            // One that is not valid was being made when its maker stopped.
            for index in known where wanted[index.name] == nil || !index.isValid {
                try upkeep.run("DROP INDEX CONCURRENTLY IF EXISTS \(index.name)")
            }
            for (name, space) in wanted where !known.contains(Index(name: name, isValid: true)) {
                let count = try upkeep.read { tx in
                    try tx.value("SELECT COUNT(*) FROM asset_embedding WHERE space = \(space.name)", as: Int.self) ?? 0
                }
                try upkeep.run("SET maintenance_work_mem = '\(Self.megabytes(count, space))MB'")
                try upkeep.run(Self.indexDefinition(space))
            }
        }
    }

    struct Index: Hashable, Sendable {
        var name: String
        var isValid: Bool
    }

    private static let prefix = "asset_embedding_near_"

    static func indexes(_ tx: borrowing Transaction) throws -> Set<Index> {
        Set(
            try tx.rows(
                """
                SELECT pg_class.relname, pg_index.indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid
                WHERE pg_index.indrelid = 'asset_embedding'::regclass AND starts_with(pg_class.relname, \(prefix))
                """
            ) { Index(name: try $0.value(0), isValid: try $0.value(1)) })
    }

    /// The name of a pack may be too long for that of an index (63 bytes), so it is part of it as a digest.
    static func indexName(_ space: VectorSpace) -> String {
        let digest = SHA256.hash(data: Data("\(space.name) \(space.dimension)".utf8))
        return prefix + digest.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// With pgvector's defaults, spelled out because the figures were measured with them. Twice the links are not worth it: they
    /// find in 3000 rows what these find in 5000, for the same time, but a vector takes five times as long to add.
    static func indexDefinition(_ space: VectorSpace) -> String {
        """
        CREATE INDEX CONCURRENTLY IF NOT EXISTS \(indexName(space)) ON asset_embedding
        USING hnsw ((\(vectors(of: space).text)) vector_cosine_ops) WITH (m = 16, ef_construction = 64) WHERE \(isOf(space).text)
        """
    }

    /// The graph should fit, or the rest is added slowly: the numbers, and some 400 bytes of links and headers for each
    /// vector. Within what a server that has other things to do can spare.
    static func megabytes(_ count: Int, _ space: VectorSpace) -> Int {
        min(max(64, count * (4 * space.dimension + 400) / 1_000_000), 1024)
    }

    // The names of packs are of a–z, 0–9, '.', '_' and '-'. They and the dimension stand in the text, because an index is of
    // one space, which a statement must say in the same words.
    private static func isOf(_ space: VectorSpace) -> SQL {
        let name = space.name.filter { $0 != "'" }
        return SQL(trusted: "asset_embedding.space = '\(name)'")
    }

    private static func vectors(of space: VectorSpace) -> SQL {
        SQL(trusted: "CAST(asset_embedding.vector AS vector(\(space.dimension)))")
    }
}
