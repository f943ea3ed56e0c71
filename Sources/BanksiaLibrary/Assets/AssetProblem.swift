public import BanksiaCore

/// What can go wrong with assets.
public enum AssetProblem: Problem, Equatable {
    case notFound
    case cursor
    case fileName
    case emptyFile
    case unsupportedFile(String)
    case quotaExceeded
    case busy
    case tooManyCells(limit: Int)

    public var code: String {
        switch self {
        case .notFound: "not_found"
        case .cursor: "invalid_cursor"
        case .fileName, .emptyFile: "validation_error"
        case .unsupportedFile: "unsupported_file_type"
        case .quotaExceeded: "quota_exceeded"
        case .busy: "service_unavailable"
        case .tooManyCells: "too_many_cells"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound: .notFound
        case .cursor: .unusable
        case .fileName, .emptyFile, .unsupportedFile, .tooManyCells: .invalid
        case .quotaExceeded: .quotaExceeded
        case .busy: .unavailable
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such asset, or you cannot see it."
        case .cursor: "`starting_after_id` names no asset of this list. Start again from the first page."
        case .fileName: "The file's name must have 1 to 1024 characters."
        case .emptyFile: "The file is empty."
        case .unsupportedFile(let type): "Only photos and videos are taken; this is \(type)."
        case .tooManyCells(let limit): "The view falls into more than \(limit) cells. Take larger cells or a smaller view."
        case .busy: "An equal file is being removed at this moment. Try again soon."
        case .quotaExceeded: "The storage limit is reached. Delete something for good, or ask for more room."
        }
    }
    public var field: String? {
        switch self {
        case .notFound, .quotaExceeded, .busy: nil
        case .cursor: "starting_after_id"
        case .tooManyCells: "cell_size"
        case .fileName, .emptyFile, .unsupportedFile: "asset_data"
        }
    }
}
