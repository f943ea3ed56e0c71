public import BanksiaCore
public import BanksiaFiles
public import BanksiaMedia

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
    public var hasContent: Bool { text?.nonBlank != nil || picture != nil }
}

/// One asset that was found.
public struct SearchHit: Sendable {
    public var asset: Asset
    /// 0 identical, 1 unrelated; `nil` when the search had conditions alone.
    public var distance: Double?
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
