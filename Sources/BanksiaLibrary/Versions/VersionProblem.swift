public import BanksiaCore

/// What can go wrong with versions.
public enum VersionProblem: Problem, Equatable {
    case notFound
    /// The upload itself can be neither replaced nor deleted.
    case original
    /// Another version is current than the request takes for granted.
    case notCurrent
    /// There is a rendering on top of the original already.
    case occupied
    case video
    case unknownKind
    case params
    case empty
    case tooLarge
    case unsupported
    case declaredType(String, is: String)
    case undecodable(String)

    public var code: String {
        switch self {
        case .notFound: "not_found"
        case .original: "original_version"
        case .notCurrent, .occupied: "version_conflict"
        case .tooLarge: "payload_too_large"
        case .unsupported: "unsupported_file_type"
        case .video, .unknownKind, .params, .empty, .declaredType, .undecodable: "validation_error"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound: .notFound
        case .notCurrent, .occupied: .conflict
        case .tooLarge: .tooLarge
        default: .invalid
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such version of this asset, or you cannot see it."
        case .original: "The original can be neither replaced nor deleted."
        case .notCurrent: "Another version is current now. Look at the asset and try again."
        case .occupied: "The asset has an edited version already. Replace or delete that one."
        case .video: "Videos have no edited versions."
        case .unknownKind: "`kind` is `edit`, or `external:` followed by a name of letters, digits, `.`, `_` and `-`."
        case .params: "`params` is a JSON object of at most 64 KiB."
        case .empty: "The file is empty."
        case .tooLarge: "A version has at most 100 MiB, with the metadata of the original."
        case .unsupported: "A version is a JPEG or a PNG."
        case .declaredType(let declared, let actual): "The file is \(actual), but is sent as \(declared)."
        case .undecodable(let reason): reason
        }
    }
    public var field: String? {
        switch self {
        case .notFound, .notCurrent, .occupied: nil
        case .original: "version_id"
        case .video: "asset_id"
        case .unknownKind: "kind"
        case .params: "params"
        case .empty, .tooLarge, .unsupported, .declaredType, .undecodable: "file"
        }
    }
}
