public import BanksiaCore
import BanksiaSQL
import BanksiaVision
import Foundation

/// Finding assets by words that describe them, by conditions, or both.
public struct Search: Sendable {
    let database: Database
    let models: Models
    let indexes: VectorIndexes
    let pool: BlockingPool

    /// At most this many assets are ranked by content (contract §12).
    static let candidateLimit = 200
    /// Longest text that is taken (contract §17).
    static let longestText = 1000

    /// One page of what was found: closest first, or newest first when there were no words.
    ///
    /// - Throws: `SearchProblem`.
    public func find(_ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<SearchHit> {
        guard let text = query.text?.nonBlank else { return try await findByConditions(query, in: library, by: viewer) }
        guard text.count <= Self.longestText else { throw SearchProblem.tooLong }
        let ranked = try await rank(text, query, in: library, by: viewer)
        let (start, overflowed) = (query.page - 1).multipliedReportingOverflow(by: query.limit)
        guard !overflowed, start < ranked.count else { return Page(items: [], hasMore: false) }
        let page = ranked[start..<min(start + query.limit, ranked.count)]
        let assets = try await database.read { tx in
            try AssetStore.assets(page.map(\.asset), in: library, matching: query.filter, query.expansion, by: viewer, tx)
        }
        let byID = Dictionary(uniqueKeysWithValues: assets.map { ($0.id, $0) })
        let hits = page.compactMap { match in byID[match.asset].map { SearchHit(asset: $0, distance: match.distance) } }
        return Page(items: hits, hasMore: start + query.limit < ranked.count)
    }

    private func findByConditions(_ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<SearchHit>
    {
        guard query.filter.hasCriterion else { throw SearchProblem.noCriterion }
        let (offset, overflowed) = (query.page - 1).multipliedReportingOverflow(by: query.limit)
        guard !overflowed else { return Page(items: [], hasMore: false) }
        let list = AssetQuery(filter: query.filter, limit: query.limit, expansion: query.expansion)
        let found = try await database.read { tx in
            try AssetStore.list(list, in: library, after: nil, skipping: offset, by: viewer, tx)
        }
        return Page(fetched: found, limit: query.limit).map { SearchHit(asset: $0, distance: nil) }
    }

    private struct Match: Sendable {
        var asset: AssetID
        var distance: Double
        var captured: Int64
    }

    /// All matches within the threshold, closest first, the newest first among equals.
    private func rank(_ text: String, _ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> [Match] {
        guard let space = try await models.activeSpace(), let vision = models.vision(of: space) else {
            throw SearchProblem.unavailable("no model pack is installed.")
        }
        if case .unavailable(let reason) = vision.capability { throw SearchProblem.unavailable(reason) }
        async let vector = vision.embed(text: text)
        let index = try await indexes.upToDate(library, space: space, dimension: vision.pack.dimension)
        let neighbours = try await nearest(to: try await vector, in: index, query.filter, library, by: viewer)
        let scale = DistanceScale(vision.pack.scoreRange)
        let matches = neighbours.map { Match(asset: $0.asset, distance: scale.distance(of: $0.score), captured: $0.captured) }
        return matches.filter { $0.distance <= query.threshold }.sorted {
            ($0.distance, $1.captured, $1.asset) < ($1.distance, $0.captured, $0.asset)
        }
    }

    /// The best candidates that the viewer may be shown. Rows of the index whose asset is gone or trashed do not take a place.
    private func nearest(
        to vector: [Float], in index: VectorIndex, _ filter: AssetFilter, _ library: LibraryID, by viewer: Viewer
    ) async throws -> [(asset: AssetID, score: Float, captured: Int64)] {
        let allowed =
            filter.isOnlyLive
            ? nil : try await database.read { tx in try AssetStore.ids(matching: filter, in: library, by: viewer, tx) }
        var wanted = Self.candidateLimit
        let selection = allowed.map { index.selection(of: $0.map(\.uuid)) }
        while true {
            let found = try await pool.run { [wanted] in
                if let selection {
                    index.search(vector, limit: wanted, among: selection)
                } else {
                    index.search(vector, limit: wanted)
                }
            }
            let shown = try await database.read { tx in
                try EmbeddingStore.shown(found.map { AssetID(uuid: $0.id) }, in: library, matching: filter, by: viewer, tx)
            }
            let result = found.compactMap { neighbour in
                shown[AssetID(uuid: neighbour.id)].map {
                    (asset: AssetID(uuid: neighbour.id), score: neighbour.score, captured: $0)
                }
            }
            if result.count >= Self.candidateLimit || found.count < wanted { return Array(result.prefix(Self.candidateLimit)) }
            wanted *= 4
        }
    }
}

/// How a similarity becomes the contract's distance: 0 identical, 1 unrelated.
///
/// A straight line through three points that the pack's manifest fixes: a cosine of 1 lies at 0, the pack's score of a
/// sure match at 0.6 and of a plausible one at 0.8, the default threshold.
struct DistanceScale {
    private let points: [(score: Double, distance: Double)]

    init(_ range: ModelPack.ScoreRange) {
        points = [(1, 0), (Double(range.good), 0.6), (Double(range.show), 0.8), (-1, 1)]
    }

    func distance(of score: Float) -> Double {
        let score = min(max(Double(score), -1), 1)
        for (upper, lower) in zip(points, points.dropFirst()) where score >= lower.score {
            guard upper.score > lower.score else { return lower.distance }
            return lower.distance + (upper.distance - lower.distance) * (score - lower.score) / (upper.score - lower.score)
        }
        return 1
    }
}

extension AssetFilter {
    /// Whether there is a condition that a search can stand on by itself (contract §12).
    package var hasCriterion: Bool {
        matchesNothing || album != nil || !ratings.isEmpty || mediaClass != nil || !takenAfter.isEmpty || !takenBefore.isEmpty
    }

    /// Whether it asks for nothing but live assets, so that the whole index may be scanned.
    var isOnlyLive: Bool { !hasCriterion && ids == nil && state == .live }
}
