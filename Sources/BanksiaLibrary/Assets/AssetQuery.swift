public import BanksiaCore
public import BanksiaMedia

/// Which assets of one library: all conditions together.
public struct AssetFilter: Sendable {
    /// `nil`: no condition. An id that is no id of an asset is left out by the caller, so an empty list matches nothing.
    public var ids: [AssetID]?
    public var album: AlbumCondition?
    /// All of these people are shown.
    public var people: [PersonID]
    public var stack: StackID?
    public var area: GeoArea?
    /// Any of these; 0 stands for every form of "not rated".
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
        ids: [AssetID]? = nil, album: AlbumCondition? = nil, people: [PersonID] = [], stack: StackID? = nil, area: GeoArea? = nil,
        ratings: [Int] = [], mediaClass: MediaClass? = nil, takenAfter: [CaptureTime] = [], takenBefore: [CaptureTime] = [],
        state: Library.State = .live, matchesNothing: Bool = false
    ) {
        self.ids = ids
        self.album = album
        self.people = people
        self.stack = stack
        self.area = area
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

/// What an existence check looks for.
public enum ExistenceCriterion: Sendable {
    /// Base64 SHA-256, with or without padding; anything else matches nothing.
    case checksums([String])
    /// Base64 SHA-1.
    case sha1s([String])
    case deviceAssets(deviceID: String, ids: [String])
}
