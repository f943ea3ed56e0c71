public import BanksiaCore
import BanksiaSQL
import BanksiaVision
import Foundation

/// Finding assets by words that describe or name them, by conditions, or both.
public struct Search: Sendable {
    let database: Database
    let models: Models
    let vectors: any VectorSearch

    /// At most this many assets are ranked by content (contract §12).
    static let candidateLimit = 200
    /// Longest text that is taken (contract §17).
    static let longestText = 1000

    /// One page of what was found: closest first, or newest first when there were no words.
    ///
    /// Words are looked for in two ways: as a description of the picture, by its vector, and as text, in names, captions,
    /// cameras, places and albums. While there is no model pack, or it fails, the text alone answers: that is less than
    /// could be found, but what it finds is right, and videos and fresh uploads are found no other way in any case. Only
    /// when neither way can look at all (no pack, and a query such as "🦄" that has no letters) is that a problem.
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
    ///
    /// Each way hands over its best 200, and no more are wanted: whoever is among the 200 best of both together is among
    /// the 200 best of the way in which it is nearer.
    private func rank(_ text: String, _ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> [Match] {
        let terms = SearchTerms(text)
        async let named = named(terms, query.filter, in: library, by: viewer)
        let alike = try await alike(text, query.filter, in: library, by: viewer, orElse: terms)
        var nearest: [AssetID: Match] = [:]
        for match in try await named + alike where match.distance <= query.threshold {
            if let known = nearest[match.asset], known.distance <= match.distance { continue }
            nearest[match.asset] = match
        }
        let ranked = nearest.values.sorted {
            ($0.distance, $1.captured, $1.asset) < ($1.distance, $0.captured, $0.asset)
        }
        return Array(ranked.prefix(Self.candidateLimit))
    }

    /// By the words that lead to an asset.
    private func named(_ terms: SearchTerms, _ filter: AssetFilter, in library: LibraryID, by viewer: Viewer) async throws
        -> [Match]
    {
        let hits = try await database.read { tx in
            try SearchWordsStore.hits(terms, in: library, matching: filter, by: viewer, limit: Self.candidateLimit, tx)
        }
        return hits.map { Match(asset: $0.asset, distance: terms.distance(matching: $0.matched), captured: $0.captured) }
    }

    /// By what a picture shows. Nothing when that cannot be told and there are words to find something by.
    private func alike(
        _ text: String, _ filter: AssetFilter, in library: LibraryID, by viewer: Viewer, orElse terms: SearchTerms
    ) async throws -> [Match] {
        let (vision, vector): (Vision, [Float])
        do {
            vision = try await models.activeVision()
            vector = try await vision.embed(text: text)
        } catch let problem as any Problem where problem is SearchProblem || problem is VisionProblem {
            try Task.checkCancellation()
            guard terms.words.isEmpty else { return [] }
            throw problem
        }
        let space = VectorSpace(name: vision.pack.id, dimension: vision.pack.dimension)
        let matches = try await vectors.nearest(
            VectorQuery(
                vector: vector, space: space, library: library, filter: filter, viewer: viewer, limit: Self.candidateLimit))
        let scale = DistanceScale(vision.pack.scoreRange)
        return matches.map { Match(asset: $0.asset, distance: scale.distance(of: $0.score), captured: $0.captured) }
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
        matchesNothing || album != nil || !people.isEmpty || !ratings.isEmpty || mediaClass != nil || !takenAfter.isEmpty
            || !takenBefore.isEmpty
    }

    /// Whether it asks for nothing but live assets, so that the whole index may be scanned.
    var isOnlyLive: Bool { !hasCriterion && ids == nil && stack == nil && area == nil && state == .live }
}
