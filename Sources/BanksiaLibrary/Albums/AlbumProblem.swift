public import BanksiaCore

/// What can go wrong with albums.
public enum AlbumProblem: Problem, Equatable {
    case notFound
    case linkNotFound
    case cursor
    case nameTaken(String)
    case coverIsNoMember

    public var code: String {
        switch self {
        case .notFound, .linkNotFound: "not_found"
        case .cursor: "invalid_cursor"
        case .nameTaken: "name_conflict"
        case .coverIsNoMember: "validation_error"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound, .linkNotFound: .notFound
        case .cursor: .unusable
        case .nameTaken: .conflict
        case .coverIsNoMember: .invalid
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such album, or you cannot see it."
        case .linkNotFound: "There is no such membership in an album, or you cannot see it."
        case .cursor: "`starting_after_id` names nothing in this list. Start again from the first page."
        case .nameTaken(let name): "The library already has an album named \(name), with other values."
        case .coverIsNoMember: "The cover must be an asset of the album that is not in the trash."
        }
    }
    public var field: String? {
        switch self {
        case .notFound, .linkNotFound: nil
        case .cursor: "starting_after_id"
        case .nameTaken: "name"
        case .coverIsNoMember: "album_cover_asset_id"
        }
    }
}
