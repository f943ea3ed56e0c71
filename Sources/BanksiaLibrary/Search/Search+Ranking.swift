import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL
import BanksiaVision

/// An asset on the way to its place among the others: what each way of searching says of it.
struct Candidate: Sendable {
    struct Likeness: Sendable {
        var score: Float
        var distance: Double
    }

    var asset: AssetID
    var captured: Int64
    /// How well the words describe it.
    var described: Likeness?
    /// How like it is to a picture.
    var pictured: Likeness?
    var named: SearchWordsStore.Hit?

    /// The best of the ways, as the contract (§12) has it, where words and what they describe are one way.
    func distance(_ terms: SearchTerms) -> Double {
        let byWords: Double? =
            switch (named, described) {
            case (let named?, let described): Fusion.distance(terms.distance(rank: named.rank), with: described?.distance)
            case (nil, let described?): Fusion.distance(described.distance, isOfTime: terms.times.contains { $0.holds(captured) })
            case (nil, nil): nil
            }
        return [byWords, pictured?.distance].compactMap { $0 }.min() ?? 1
    }
}

/// How two signs for the same asset make one distance. Both only ever bring it nearer, and the nearer one sign is, the nearer the
/// whole: whatever one way ranks first among equals stays first.
enum Fusion {
    /// Beyond, a likeness says nothing: it is the default threshold.
    private static let plausible = 0.8

    /// Words that lead to an asset, and whether it also looks like what they describe: up to a third nearer.
    static func distance(_ named: Double, with described: Double?) -> Double {
        guard let described, described < plausible else { return named }
        return min(named, described) * (1 - 0.3 * (plausible - max(named, described).clamped(to: 0...plausible)) / plausible)
    }

    /// A picture like what is described, of the time that was named: a seventh nearer.
    static func distance(_ described: Double, isOfTime: Bool) -> Double {
        isOfTime && described <= plausible ? described * 0.85 : described
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double { min(max(self, range.lowerBound), range.upperBound) }
}

extension Search {
    /// What may be found at all, and how much of it is looked at.
    struct Scope: Sendable {
        var library: LibraryID
        var filter: AssetFilter
        var viewer: Viewer
        var threshold: Double
        /// Whether all matches are wanted and not the best 200.
        var isWhole: Bool

        /// How many assets that words lead to are compared with what the words describe.
        var mostNamed: Int { isWhole ? Search.mostMatches : 1024 }
    }

    /// Even of all matches there are no more than these; whoever wants more has not searched.
    static let mostMatches = 100_000

    /// All matches within the threshold, closest first, the newest first among equals.
    ///
    /// What words lead to is compared with their description also where it is not among the nearest 200 by that, and so is what is
    /// of the time that was named. Else whoever has two signs for them would stand behind those who have one.
    func rank(_ query: SearchQuery, _ plan: QueryUnderstanding, in scope: Scope) async throws -> [Candidate] {
        async let similar = similar(to: query.picture, in: scope)
        async let alike = alike(query.likeAsset, in: scope)
        // While the words are looked up.
        async let meaning = meaning(of: plan)
        let named = try await database.read { tx in
            try SearchWordsStore.hits(
                plan.terms, in: scope.library, matching: scope.filter, by: scope.viewer, limit: scope.mostNamed, tx)
        }
        let described = try await described(plan, by: meaning, beside: named.map(\.asset), in: scope)
        var known: [AssetID: Candidate] = [:]
        for hit in named { known[hit.asset, default: Candidate(asset: hit.asset, captured: hit.captured)].named = hit }
        for (match, likeness) in described {
            known[match.asset, default: Candidate(asset: match.asset, captured: match.captured)].described = likeness
        }
        for (match, likeness) in try await similar + alike {
            let before = known[match.asset]?.pictured
            if let before, before.distance <= likeness.distance { continue }
            known[match.asset, default: Candidate(asset: match.asset, captured: match.captured)].pictured = likeness
        }
        let ranked = known.values.map { (candidate: $0, distance: $0.distance(plan.terms)) }
            .filter { $0.distance <= scope.threshold }
            .sorted {
                ($0.distance, $1.candidate.captured, $1.candidate.asset) < (
                    $1.distance, $0.candidate.captured, $0.candidate.asset
                )
            }
        return ranked.prefix(scope.isWhole ? Self.mostMatches : Self.candidateLimit).map(\.candidate)
    }

    private typealias Likeness = (match: VectorMatch, likeness: Candidate.Likeness)

    private typealias Meaning = (vector: [Float], pack: ModelPack)

    /// The vector of what the words describe. None when it cannot be made and there are words to find something by.
    private func meaning(of plan: QueryUnderstanding) async throws -> Meaning? {
        guard let text = plan.description else { return nil }
        do {
            let vision = try await models.activeVision()
            return (try await vision.embed(text: text), vision.pack)
        } catch let problem as any Problem where problem is SearchProblem || problem is VisionProblem {
            try Task.checkCancellation()
            guard plan.terms.words.isEmpty else { return nil }
            throw problem
        }
    }

    /// By what a picture shows.
    private func described(
        _ plan: QueryUnderstanding, by meaning: Meaning?, beside named: [AssetID], in scope: Scope
    ) async throws -> [Likeness] {
        guard let (vector, pack) = meaning else { return [] }
        var found = try await nearest(vector, pack.id, in: scope) { DistanceScale(pack.scoreRange, best: $0) }
        guard !scope.isWhole else { return found }
        // What is looked at beside is measured as the others are.
        let scale = DistanceScale(pack.scoreRange, best: found.first?.likeness.score)
        if !named.isEmpty {
            var among = scope
            among.filter = scope.filter.narrowed(to: named)
            found += try await nearest(vector, pack.id, in: among, limit: named.count) { _ in scale }
        }
        if !plan.terms.areTimesAlone, let walls = plan.terms.times.first?.walls, walls.count == 1, let wall = walls.first {
            var within = scope
            within.filter.takenAfter.append(CaptureTime(wallMicroseconds: wall.lowerBound - 1))
            within.filter.takenBefore.append(CaptureTime(wallMicroseconds: wall.upperBound))
            found += try await nearest(vector, pack.id, in: within) { _ in scale }
        }
        return found
    }

    /// By likeness to a picture.
    ///
    /// - Throws: `SearchProblem.picture` when it cannot be decoded, `.unavailable` without a model pack.
    private func similar(to picture: StagedFile?, in scope: Scope) async throws -> [Likeness] {
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
        return try await nearest(vector, vision.pack.id, in: scope) { _ in .betweenPictures }
    }

    /// By likeness to a picture of the library, which is left out itself. Nothing while it has no vector.
    ///
    /// - Throws: `AssetProblem.notFound`.
    private func alike(_ text: String?, in scope: Scope) async throws -> [Likeness] {
        guard let text else { return [] }
        guard let asset = AssetID(text) else { throw AssetProblem.notFound }
        guard let space = try await models.activeSpace() else { throw SearchProblem.unavailable("no model pack is installed.") }
        let vector = try await database.read { tx in
            let filter = AssetFilter(ids: [asset], state: .all)
            guard !(try AssetStore.ids(matching: filter, in: scope.library, by: scope.viewer, tx)).isEmpty
            else { throw AssetProblem.notFound }
            return try EmbeddingStore.vector(of: asset, space: space, tx)
        }
        guard let vector else { return [] }
        return try await nearest(vector, space, in: scope) { _ in .betweenPictures }.filter { $0.match.asset != asset }
    }

    /// The nearest, at most 200; of a whole search all within the threshold.
    ///
    /// - Parameter scale: what scores mean, by the score of the nearest.
    private func nearest(
        _ vector: [Float], _ space: String, in scope: Scope, limit: Int? = nil, scale: (_ best: Float?) -> DistanceScale
    ) async throws -> [Likeness] {
        var limit = limit ?? (scope.isWhole ? 2000 : Self.candidateLimit + 1)
        while true {
            let matches = try await vectors.nearest(
                VectorQuery(
                    vector: vector, space: VectorSpace(name: space, dimension: vector.count), library: scope.library,
                    filter: scope.filter, viewer: scope.viewer, limit: limit))
            let scale = scale(matches.first?.score)
            let found = matches.map { ($0, Candidate.Likeness(score: $0.score, distance: scale.distance(of: $0.score))) }
            // Of a time that was named they may come a little nearer than they are.
            let isEnough =
                !scope.isWhole || found.count < limit || found.last.map { $0.1.distance * 0.85 > scope.threshold } ?? true
            if isEnough || limit >= Self.mostMatches { return found }
            limit = min(4 * limit, Self.mostMatches)
        }
    }
}
