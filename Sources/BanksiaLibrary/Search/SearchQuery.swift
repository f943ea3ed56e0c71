public import BanksiaCore

/// A search in one library: words, conditions, or both.
public struct SearchQuery: Sendable {
    /// Words that describe the picture; `nil` for a search by conditions alone.
    public var text: String?
    public var filter: AssetFilter
    /// The largest distance a match may have, 0…1.
    public var threshold: Double
    /// 1-based.
    public var page: Int
    public var limit: Int
    public var expansion: AssetExpansion

    public init(
        text: String?, filter: AssetFilter = .init(), threshold: Double = 0.8, page: Int = 1, limit: Int = 20,
        expansion: AssetExpansion = .full
    ) {
        self.text = text
        self.filter = filter
        self.threshold = threshold
        self.page = page
        self.limit = limit
        self.expansion = expansion
    }
}

/// One asset that was found.
public struct SearchHit: Sendable {
    public var asset: Asset
    /// 0 identical, 1 unrelated; `nil` when the search had no words.
    public var distance: Double?
}

/// What can go wrong with a search.
public enum SearchProblem: Problem, Equatable {
    case noCriterion
    case tooLong
    case unavailable(String)

    public var code: String {
        switch self {
        case .noCriterion: "search_criterion_required"
        case .tooLong: "validation_error"
        case .unavailable: "service_unavailable"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .noCriterion: .unusable
        case .tooLong: .invalid
        case .unavailable: .unavailable
        }
    }
    public var detail: String {
        switch self {
        case .noCriterion: "Say what to look for: words, an album, people, ratings, a media type or a time."
        case .tooLong: "`query` has at most 1000 characters."
        case .unavailable(let reason): "Search in words is not available: \(reason)"
        }
    }
    public var field: String? { if case .tooLong = self { "query" } else { nil } }
}
