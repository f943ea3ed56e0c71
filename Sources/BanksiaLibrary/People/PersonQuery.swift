/// Which people of one library, in which order: all conditions together.
public struct PersonQuery: Sendable {
    /// Whether people have a name.
    public enum Names: String, Sendable, CaseIterable { case named, unnamed, all }

    /// The order of a list. By name, people without one come last in both directions.
    public enum Sort: String, Sendable, CaseIterable {
        case newest = "created_at_desc"
        case oldest = "created_at_asc"
        case nameAscending = "name_asc"
        case nameDescending = "name_desc"
        case mostAssets = "asset_count_desc"
        case fewestAssets = "asset_count_asc"

        /// Whether it is by name.
        public var isByName: Bool { self == .nameAscending || self == .nameDescending }
        var isAscending: Bool { [.oldest, .nameAscending, .fewestAssets].contains(self) }
    }

    /// `nil`: no condition. An id that is no id of a person is left out by the caller, so an empty list matches nobody.
    public var ids: [PersonID]?
    /// Seen in a live asset of this album.
    public var album: AlbumID?
    /// Seen in this asset, while it is live.
    public var asset: AssetID?
    /// A part of the name; case does not count.
    public var namePart: String?
    public var names: Names
    public var includesHidden: Bool
    public var sort: Sort
    /// A condition that nobody can meet: some id in the request cannot exist.
    public var matchesNobody: Bool
    /// The id of the last person of the page before, as the client sent it.
    public var startingAfter: String?
    /// 1…200.
    public var limit: Int

    public init(
        ids: [PersonID]? = nil, album: AlbumID? = nil, asset: AssetID? = nil, namePart: String? = nil, names: Names = .named,
        includesHidden: Bool = false, sort: Sort = .newest, matchesNobody: Bool = false, startingAfter: String? = nil,
        limit: Int = 20
    ) {
        self.ids = ids
        self.album = album
        self.asset = asset
        self.namePart = namePart
        self.names = names
        self.includesHidden = includesHidden
        self.sort = sort
        self.matchesNobody = matchesNobody
        self.startingAfter = startingAfter
        self.limit = limit
    }
}
