public import BanksiaCore
public import BanksiaMedia

/// Which assets of one library: all conditions together.
public struct AssetFilter: Sendable {
    /// `nil`: no condition. An id that is no id of an asset is left out by the caller, so an empty list matches nothing.
    public var ids: [AssetID]?
    public var album: AlbumCondition?
    public var ratings: [Int]
    public var mediaClass: MediaClass?
    /// Taken strictly after each of these.
    public var takenAfter: [CaptureTime]
    /// Taken strictly before each of these.
    public var takenBefore: [CaptureTime]
    public var state: Library.State
    /// A condition that nothing can meet: some id in the request cannot exist.
    public var matchesNothing: Bool

    /// Membership in albums.
    public enum AlbumCondition: Sendable {
        case inAll([AlbumID]), inAny, inNone
    }

    public init(
        ids: [AssetID]? = nil, album: AlbumCondition? = nil, ratings: [Int] = [], mediaClass: MediaClass? = nil,
        takenAfter: [CaptureTime] = [], takenBefore: [CaptureTime] = [], state: Library.State = .live,
        matchesNothing: Bool = false
    ) {
        self.ids = ids
        self.album = album
        self.ratings = ratings
        self.mediaClass = mediaClass
        self.takenAfter = takenAfter
        self.takenBefore = takenBefore
        self.state = state
        self.matchesNothing = matchesNothing
    }
}

/// The direction of a list.
public enum ListOrder: String, Sendable, CaseIterable {
    case ascending = "asc"
    case descending = "desc"
}

/// One page of a library's assets.
public struct AssetQuery: Sendable {
    public var filter: AssetFilter
    public var order: ListOrder
    /// The id of the last asset of the page before, as the client sent it.
    public var startingAfter: String?
    /// 1…200.
    public var limit: Int
    public var expansion: AssetExpansion

    public init(
        filter: AssetFilter = .init(), order: ListOrder = .descending, startingAfter: String? = nil, limit: Int = 20,
        expansion: AssetExpansion = .full
    ) {
        self.filter = filter
        self.order = order
        self.startingAfter = startingAfter
        self.limit = limit
        self.expansion = expansion
    }
}

/// Counts of assets per period of the wall clock.
public struct AssetCountQuery: Sendable {
    /// A period; weeks start on Monday.
    public enum Bucket: String, Sendable, CaseIterable { case day, week, month, year }

    public var filter: AssetFilter
    public var bucket: Bucket
    public var order: ListOrder
    /// The start of the last bucket of the page before.
    public var startingAfterBucket: CaptureTime?
    public var limit: Int

    public init(
        filter: AssetFilter = .init(), bucket: Bucket = .month, order: ListOrder = .descending,
        startingAfterBucket: CaptureTime? = nil, limit: Int = 20
    ) {
        self.filter = filter
        self.bucket = bucket
        self.order = order
        self.startingAfterBucket = startingAfterBucket
        self.limit = limit
    }
}

/// How many assets one period holds.
public struct AssetCount: Sendable, Equatable {
    /// The wall-clock start of the period.
    public var start: CivilTime
    public var count: Int
}

/// What an existence check looks for.
public enum ExistenceCriterion: Sendable {
    /// Base64 SHA-256, with or without padding; anything else matches nothing.
    case checksums([String])
    /// Base64 SHA-1.
    case sha1s([String])
    case deviceAssets(deviceID: String, ids: [String])
}
