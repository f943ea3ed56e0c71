public import BanksiaCore
public import BanksiaFiles
public import BanksiaMedia
import BanksiaSQL

/// A search in one library: words, a picture, conditions, or several of these.
public struct SearchQuery: Sendable {
    /// Words that describe the picture, or name it.
    public var text: String?
    /// A picture that those to be found are like.
    public var picture: StagedFile?
    public var filter: AssetFilter
    /// The largest distance a match may have, 0…1.
    public var threshold: Double
    /// 1-based.
    public var page: Int
    public var limit: Int
    public var expansion: AssetExpansion
    /// The id of an asset that those to be found are like, as the client wrote it.
    public var likeAsset: String?
    /// Whether the words are taken as they are: no names, times or misspelt words are looked for in them.
    public var isLiteral = false
    /// Whether all matches are counted and can be paged through, and not the best 200.
    public var isWhole = false
    public var wantsFacets = false
    /// Whether it is told where in a picture the words stand.
    public var wantsLines = false

    public init(
        text: String?, picture: StagedFile? = nil, filter: AssetFilter = .init(), threshold: Double = 0.8, page: Int = 1,
        limit: Int = 20, expansion: AssetExpansion = .full
    ) {
        self.text = text
        self.picture = picture
        self.filter = filter
        self.threshold = threshold
        self.page = page
        self.limit = limit
        self.expansion = expansion
    }

    /// Whether it asks for more than conditions: words that are not blank, or a picture.
    public var hasContent: Bool { text?.nonBlank != nil || picture != nil || likeAsset != nil }
}

/// One asset that was found.
public struct SearchHit: Sendable {
    public var asset: Asset
    /// 0 identical, 1 unrelated; `nil` when the search had conditions alone.
    public var distance: Double?
    /// What led to it; nothing when the search had conditions alone.
    public var reasons: [SearchReason] = []
}

/// One way of searching that led to an asset.
public struct SearchReason: Sendable, Equatable {
    /// A way of searching.
    public enum Stage: String, Sendable {
        /// The picture looks like what the words describe.
        case description
        /// The picture is like the one that was given.
        case picture
        /// Words stand with the asset.
        case words
    }

    /// A word of the query that stands with the asset, and how.
    public struct Match: Sendable, Equatable {
        /// How a word was found.
        public enum Way: String, Sendable { case exact, beginning, misspelt, time }

        public var word: String
        public var way: Way
    }

    public var stage: Stage
    /// What this way alone says.
    public var distance: Double
    /// The cosine of two vectors; `nil` for words.
    public var score: Double?
    public var matches: [Match] = []
    /// The lines in the picture that hold one of its words; empty unless that was asked for.
    public var lines: [PictureText.Line] = []
}

/// What a search found.
public struct SearchAnswer: Sendable {
    public var page: Page<SearchHit>
    /// How many there are, when that was asked for.
    public var total: Int?
    /// What was understood of the query.
    public var readings: [SearchReading] = []
    public var facets: SearchFacets?
}

extension Candidate {
    /// What led to it, the nearest first.
    ///
    /// - Parameter text: what stands in the picture, if that is to be told.
    func reasons(_ terms: SearchTerms, in text: PictureText?) -> [SearchReason] {
        var reasons: [SearchReason] = []
        if let named {
            let matches = terms.words.indices.compactMap { index -> SearchReason.Match? in
                guard let way = named.way(of: index) else { return nil }
                let isTime = terms.times(of: index)?.holds(captured) ?? false
                let name: SearchReason.Match.Way =
                    switch way {
                    case .exact: isTime ? .time : .exact
                    case .beginning: .beginning
                    case .misspelt: .misspelt
                    }
                return SearchReason.Match(word: terms.words[index], way: name)
            }
            let lines = text?.lines.filter { line in
                let words = SearchWords(of: [line.text]).words
                return terms.words.contains { word in
                    terms.forms(of: word).contains { $0.forms.contains { $0.stands(among: words) } }
                }
            }
            reasons.append(
                SearchReason(
                    stage: .words, distance: terms.distance(rank: named.rank), matches: matches, lines: lines ?? []))
        }
        for (stage, likeness) in [(SearchReason.Stage.description, described), (.picture, pictured)] {
            guard let likeness else { continue }
            reasons.append(SearchReason(stage: stage, distance: likeness.distance, score: Double(likeness.score)))
        }
        return reasons.sorted { $0.distance < $1.distance }
    }
}

extension SQL.WordForm {
    /// Whether the engines would find it there.
    fileprivate func stands(among words: [String]) -> Bool {
        words.contains { isBeginning ? $0.hasPrefix(word) : $0 == word }
    }
}

/// What can go wrong with a search.
public enum SearchProblem: Problem, Equatable {
    case noCriterion
    case tooLong
    case unavailable(String)
    /// The picture to search with is none.
    case picture(MediaProblem)

    public var code: String {
        switch self {
        case .noCriterion: "search_criterion_required"
        case .tooLong: "validation_error"
        case .unavailable: "service_unavailable"
        case .picture(.unsupported): "unsupported_file_type"
        case .picture: "validation_error"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .noCriterion: .unusable
        case .tooLong, .picture: .invalid
        case .unavailable: .unavailable
        }
    }
    public var detail: String {
        switch self {
        case .noCriterion: "Say what to look for: words, a picture, an album, people, ratings, a media type or a time."
        case .tooLong: "`query` has at most 1000 characters."
        case .unavailable(let reason): "Search by content is not available: \(reason)"
        case .picture(let problem): problem.detail
        }
    }
    public var field: String? {
        switch self {
        case .tooLong: "query"
        case .picture: "image"
        case .noCriterion, .unavailable: nil
        }
    }
}
