public import BanksiaCore

/// A named selection of a library's assets.
public struct Album: Sendable, Equatable {
    public var id: AlbumID
    public var libraryID: LibraryID
    public var name: String
    public var description: String?
    /// Live assets.
    public var assetCount: Int
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

/// What became of each asset that was to be added; every id is in exactly one list, in the order of the request.
public struct AlbumAddition: Sendable, Equatable {
    public var added: [AssetID] = []
    public var duplicates: [AssetID] = []
    /// As the client wrote them: missing, trashed, or in another library.
    public var notFound: [String] = []
}

/// Whether a new album may reuse one of the same name (contract §1, Client generation).
public enum AlbumNameRule: Sendable {
    case alwaysNew
    case reuseEqual
}

/// What can go wrong with albums.
public enum AlbumProblem: Problem, Equatable {
    case notFound
    case nameTaken(String)
    /// No asset, or more than one call takes.
    case assetCount

    public var code: String {
        switch self {
        case .notFound: "not_found"
        case .nameTaken: "name_conflict"
        case .assetCount: "validation_error"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound: .notFound
        case .nameTaken: .conflict
        case .assetCount: .invalid
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such album, or you cannot see it."
        case .nameTaken(let name): "The library already has an album named \(name), with other values."
        case .assetCount: "`asset_ids` must hold 1 to 200 ids."
        }
    }
    public var field: String? {
        switch self {
        case .notFound: nil
        case .nameTaken: "name"
        case .assetCount: "asset_ids"
        }
    }
}
