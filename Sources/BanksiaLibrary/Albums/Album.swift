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

    public var code: String { if case .notFound = self { "not_found" } else { "name_conflict" } }
    public var kind: ProblemKind { if case .notFound = self { .notFound } else { .conflict } }
    public var detail: String {
        switch self {
        case .notFound: "There is no such album, or you cannot see it."
        case .nameTaken(let name): "The library already has an album named \(name), with other values."
        }
    }
    public var field: String? { if case .nameTaken = self { "name" } else { nil } }
}
