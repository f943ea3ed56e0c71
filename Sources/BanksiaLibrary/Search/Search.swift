public import BanksiaCore
import BanksiaMedia
import BanksiaSQL
import BanksiaVision
import Foundation

/// Finding assets by words that describe or name them, by a picture they are like, by conditions, or by several of these.
public struct Search: Sendable {
    let database: Database
    let media: MediaWorkers
    let models: Models
    let vectors: any VectorSearch
    let clock: any WallClock

    /// At most this many assets are ranked by content (contract §12).
    static let candidateLimit = 200
    /// Longest text that is taken (contract §17).
    static let longestText = 1000

    /// One page of what was found: closest first, or newest first when there were conditions alone.
    ///
    /// - Throws: as `answer`.
    public func find(_ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<SearchHit> {
        try await answer(query, in: library, by: viewer).page
    }

    /// One page of what was found, and what was asked to be told about it.
    ///
    /// Words are looked for in two ways: as a description of the picture, by its vector, and as text, in names, captions,
    /// cameras, places, people and albums. While there is no model pack, or it fails, the text alone answers: that is less than
    /// could be found, but what it finds is right, and videos and fresh uploads are found no other way in any case. Only
    /// when neither way can look at all (no pack, and a query such as "🦄" that has no letters) is that a problem. A picture
    /// is looked at by its vector alone, so it always needs a pack.
    ///
    /// - Throws: `SearchProblem`; `AssetProblem.notFound` for a picture of the library that is not there.
    public func answer(_ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> SearchAnswer {
        guard query.hasContent else { return try await byConditions(query, query.filter, in: library, by: viewer) }
        guard query.text?.count ?? 0 <= Self.longestText else { throw SearchProblem.tooLong }
        let plan = try await understand(query, in: library, by: viewer)
        if plan.isConditionsAlone, query.picture == nil, query.likeAsset == nil, plan.filter.hasCriterion {
            return try await byConditions(query, plan.filter, plan.readings, in: library, by: viewer)
        }
        let scope = Scope(
            library: library, filter: plan.filter, viewer: viewer, threshold: query.threshold, isWhole: query.isWhole)
        let ranked = try await rank(query, plan, in: scope)
        var answer = SearchAnswer(page: Page(items: [], hasMore: false), readings: plan.readings)
        if query.isWhole { answer.total = ranked.count }
        if query.wantsFacets {
            answer.facets = try await database.read { tx in
                try SearchFacets.of(.assets(ranked.prefix(SearchFacets.mostAssets).map(\.asset)), in: library, by: viewer, tx)
            }
        }
        let (start, overflowed) = (query.page - 1).multipliedReportingOverflow(by: query.limit)
        guard !overflowed, start < ranked.count else { return answer }
        let page = ranked[start..<min(start + query.limit, ranked.count)]
        let (assets, texts) = try await database.read { tx in
            let assets = try AssetStore.assets(
                page.map(\.asset), in: library, matching: plan.filter, query.expansion, by: viewer, tx)
            return (assets, query.wantsLines ? try PictureTextStore.texts(of: assets.map(\.id), tx) : [:])
        }
        let byID = Dictionary(uniqueKeysWithValues: assets.map { ($0.id, $0) })
        let hits = page.compactMap { candidate in
            byID[candidate.asset].map {
                SearchHit(
                    asset: $0, distance: candidate.distance(plan.terms), reasons: candidate.reasons(plan.terms, in: texts[$0.id]))
            }
        }
        answer.page = Page(items: hits, hasMore: start + query.limit < ranked.count)
        return answer
    }

    private func understand(_ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> QueryUnderstanding {
        let text = query.text ?? ""
        guard !query.isLiteral else { return QueryUnderstanding(literally: text, query.filter) }
        let plan = QueryUnderstanding(text, query.filter, today: CivilTime(microseconds: clock.now.microseconds))
        return try await database.read { tx in
            var plan = plan
            try plan.read(library, by: viewer, tx)
            return plan
        }
    }

    private func byConditions(
        _ query: SearchQuery, _ filter: AssetFilter, _ readings: [SearchReading] = [], in library: LibraryID, by viewer: Viewer
    ) async throws -> SearchAnswer {
        guard filter.hasCriterion else { throw SearchProblem.noCriterion }
        var answer = SearchAnswer(page: Page(items: [], hasMore: false), readings: readings)
        let (wantsTotal, wantsFacets) = (query.isWhole, query.wantsFacets)
        (answer.total, answer.facets) = try await database.read { tx in
            (
                wantsTotal ? try AssetStore.count(matching: filter, in: library, by: viewer, tx) : nil,
                wantsFacets ? try SearchFacets.of(.filter(filter), in: library, by: viewer, tx) : nil
            )
        }
        let (offset, overflowed) = (query.page - 1).multipliedReportingOverflow(by: query.limit)
        guard !overflowed else { return answer }
        let list = AssetQuery(filter: filter, limit: query.limit, expansion: query.expansion)
        let found = try await database.read { tx in
            try AssetStore.list(list, in: library, after: nil, skipping: offset, by: viewer, tx)
        }
        answer.page = Page(fetched: found, limit: query.limit).map { SearchHit(asset: $0, distance: nil) }
        return answer
    }
}

/// How a similarity becomes the contract's distance: 0 identical, 1 unrelated.
///
/// A line through three points, straight between them: a cosine of 1 lies at 0, the score of a sure match at 0.6 and of a
/// plausible one at 0.8, the default threshold.
struct DistanceScale {
    private let points: [(score: Double, distance: Double)]

    /// For words and pictures. The pack's manifest says which scores are sure and plausible.
    ///
    /// What is plausible depends on the best match as well: beside a sure one, half of what is plausible alone is not. The same
    /// weak score is all there is to find for one query, and for another lies far behind what is meant.
    init(_ range: ModelPack.ScoreRange, best: Float?) {
        let (show, good) = (Double(range.show), Double(range.good))
        let sureness = best.map { min(max((Double($0) - show) / (good - show), 0), 1) } ?? 0
        self.init(good: good, show: show + Self.demand * sureness * (good - show))
    }

    /// How far the score of a plausible match rises towards that of a sure one. Measured with the default pack on forty judged
    /// queries over 323 photos (bench/judgements.json): at 0, 792 were plausible and one in eight was right; at 0.5, 255 and three in ten.
    private static let demand = 0.5

    private init(good: Double, show: Double) { points = [(1, 0), (good, 0.6), (show, 0.8), (-1, 1)] }

    /// For two pictures, whose vectors lie closer than those of a picture and its description. In the default pack, of 120
    /// unrelated scenes one pair in ten scores 0.5 and one in a hundred 0.8, which is also what the nearest other scene
    /// scores in the middle; a smaller copy of a picture scores 0.87 at least.
    static let betweenPictures = DistanceScale(good: 0.8, show: 0.5)

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
