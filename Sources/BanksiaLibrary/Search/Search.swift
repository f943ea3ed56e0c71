public import BanksiaCore
import BanksiaFiles
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

    /// At most this many assets are ranked by content (contract §12).
    static let candidateLimit = 200
    /// Longest text that is taken (contract §17).
    static let longestText = 1000

    /// One page of what was found: closest first, or newest first when there were conditions alone.
    ///
    /// Words are looked for in two ways: as a description of the picture, by its vector, and as text, in names, captions,
    /// cameras, places and albums. While there is no model pack, or it fails, the text alone answers: that is less than
    /// could be found, but what it finds is right, and videos and fresh uploads are found no other way in any case. Only
    /// when neither way can look at all (no pack, and a query such as "🦄" that has no letters) is that a problem. A picture
    /// is looked at by its vector alone, so it always needs a pack.
    ///
    /// - Throws: `SearchProblem`.
    public func find(_ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<SearchHit> {
        guard query.hasContent else { return try await findByConditions(query, in: library, by: viewer) }
        guard query.text?.count ?? 0 <= Self.longestText else { throw SearchProblem.tooLong }
        let ranked = try await rank(query, in: library, by: viewer)
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
    private func rank(_ query: SearchQuery, in library: LibraryID, by viewer: Viewer) async throws -> [Match] {
        async let similar = similar(to: query.picture, query.filter, in: library, by: viewer)
        async let named = named(SearchTerms(query.text ?? ""), query.filter, in: library, by: viewer)
        let described = try await described(query.text?.nonBlank, query.filter, in: library, by: viewer)
        var nearest: [AssetID: Match] = [:]
        for match in try await similar + named + described where match.distance <= query.threshold {
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
    private func described(_ text: String?, _ filter: AssetFilter, in library: LibraryID, by viewer: Viewer) async throws
        -> [Match]
    {
        guard let text else { return [] }
        do {
            let vision = try await models.activeVision()
            let vector = try await vision.embed(text: text)
            return try await nearest(vector, vision.pack, .init(vision.pack.scoreRange), filter, in: library, by: viewer)
        } catch let problem as any Problem where problem is SearchProblem || problem is VisionProblem {
            try Task.checkCancellation()
            guard SearchTerms(text).words.isEmpty else { return [] }
            throw problem
        }
    }

    /// By likeness to a picture.
    ///
    /// - Throws: `SearchProblem.picture` when it cannot be decoded, `.unavailable` without a model pack.
    private func similar(to picture: StagedFile?, _ filter: AssetFilter, in library: LibraryID, by viewer: Viewer) async throws
        -> [Match]
    {
        guard let picture else { return [] }
        if let format = MediaFormat.sniff(try picture.head()), format.mediaClass == .video {
            throw SearchProblem.picture(.unsupported(format.displayName))
        }
        let vision = try await models.activeVision()
        let pixels: [UInt8]
        do { pixels = try await media.pixels(picture.path, for: vision.pack.image) } catch  where error.isAboutTheFile {
            throw SearchProblem.picture(error)
        }
        let vector = try await vision.embed(pixels: pixels, size: vision.pack.image.size).embedding
        return try await nearest(vector, vision.pack, .betweenPictures, filter, in: library, by: viewer)
    }

    private func nearest(
        _ vector: [Float], _ pack: ModelPack, _ scale: DistanceScale, _ filter: AssetFilter, in library: LibraryID,
        by viewer: Viewer
    ) async throws -> [Match] {
        let space = VectorSpace(name: pack.id, dimension: pack.dimension)
        let matches = try await vectors.nearest(
            VectorQuery(
                vector: vector, space: space, library: library, filter: filter, viewer: viewer, limit: Self.candidateLimit))
        return matches.map { Match(asset: $0.asset, distance: scale.distance(of: $0.score), captured: $0.captured) }
    }
}

/// How a similarity becomes the contract's distance: 0 identical, 1 unrelated.
///
/// A line through three points, straight between them: a cosine of 1 lies at 0, the score of a sure match at 0.6 and of a
/// plausible one at 0.8, the default threshold. For words and pictures the pack's manifest says which scores these are.
struct DistanceScale {
    private let points: [(score: Double, distance: Double)]

    init(_ range: ModelPack.ScoreRange) { self.init(good: Double(range.good), show: Double(range.show)) }

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
