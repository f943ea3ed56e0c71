public import BanksiaCore

/// A named selection of a library's assets.
public struct Album: Sendable, Equatable {
    public var id: AlbumID
    public var libraryID: LibraryID
    public var name: String
    public var description: String?
    /// Live assets.
    public var assetCount: Int
    /// The cover that a user chose, live or not.
    var pinnedCover: AssetID?
    /// The pinned cover if it is live, else the earliest live asset; `nil` without live assets.
    public var coverAssetID: AssetID?
    /// The cover's current rendering, which its URL names.
    public var coverVersionID: AssetVersionID?
    /// Capture times of the earliest and the latest live asset.
    public var startDate: CaptureTime?
    public var endDate: CaptureTime?
    public var createdAt: Instant
    public var updatedAt: Instant
}

/// The membership of one asset in one album.
public struct AlbumAsset: Sendable, Equatable {
    public var id: AlbumAssetID
    public var albumID: AlbumID
    public var assetID: AssetID
    public var createdAt: Instant
    public var updatedAt: Instant
}

/// Which albums of a library: all conditions together.
public struct AlbumQuery: Sendable {
    /// `nil`: no condition. An empty list matches nothing.
    public var ids: [AlbumID]?
    /// An asset that is in the album, as the client wrote its id.
    public var asset: String?
    /// A part of the name; case does not count.
    public var name: String?
    /// The id of the last album of the page before, as the client sent it.
    public var startingAfter: String?
    /// 1…200.
    public var limit: Int

    public init(
        ids: [AlbumID]? = nil, asset: String? = nil, name: String? = nil, startingAfter: String? = nil, limit: Int = 20
    ) {
        self.ids = ids
        self.asset = asset
        self.name = name
        self.startingAfter = startingAfter
        self.limit = limit
    }
}

/// Which memberships in the albums of a library: all conditions together.
public struct AlbumAssetQuery: Sendable {
    /// `nil`: no condition. An empty list matches nothing.
    public var ids: [AlbumAssetID]?
    /// As the client wrote it.
    public var album: String?
    /// As the client wrote it.
    public var asset: String?
    /// The id of the last membership of the page before, as the client sent it.
    public var startingAfter: String?
    /// 1…200.
    public var limit: Int

    public init(
        ids: [AlbumAssetID]? = nil, album: String? = nil, asset: String? = nil, startingAfter: String? = nil, limit: Int = 20
    ) {
        self.ids = ids
        self.album = album
        self.asset = asset
        self.startingAfter = startingAfter
        self.limit = limit
    }
}

/// What to change about an album.
public struct AlbumEdit: Sendable {
    /// A value that may be left, taken away or set.
    public enum Field: Sendable { case unchanged, cleared, set(String) }

    /// `nil` leaves it.
    public var name: Name?
    public var description: Field
    /// The pinned cover, as the client wrote it.
    public var cover: Field

    public init(name: Name? = nil, description: Field = .unchanged, cover: Field = .unchanged) {
        self.name = name
        self.description = description
        self.cover = cover
    }
}

/// What became of each asset that was to be added; every id is in exactly one list, in the order of the request.
public struct AlbumAddition: Sendable, Equatable {
    public var added: [AssetID] = []
    public var duplicates: [AssetID] = []
    /// As the client wrote them: missing, trashed, or in another library.
    public var notFound: [String] = []
}

/// Whether an album may have the name of another (contract §1, Client generation).
public enum AlbumNameRule: Sendable {
    /// It may: each is made anew.
    case alwaysNew
    /// It may not: an equal one is used again, and any other is in the way.
    case reuseEqual
}
