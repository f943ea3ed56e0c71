public import BanksiaCore

/// What can go wrong with faces.
public enum FaceProblem: Problem, Equatable {
    case notFound
    case assetNotFound
    case personNotFound
    case cursor
    case boxOutside
    case assetEdited
    case sizeUnknown

    public var code: String {
        switch self {
        case .notFound, .assetNotFound, .personNotFound: "not_found"
        case .cursor: "invalid_cursor"
        case .boxOutside: "validation_error"
        case .assetEdited: "asset_edited"
        case .sizeUnknown: "face_detection_unavailable"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound, .assetNotFound, .personNotFound: .notFound
        case .cursor: .unusable
        case .boxOutside: .invalid
        case .assetEdited, .sizeUnknown: .conflict
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such face, or you cannot see it."
        case .assetNotFound: "There is no such asset in this library."
        case .personNotFound: "There is no such person in the face's library."
        case .cursor: "`starting_after_id` names no face of this list. Start again from the first page."
        case .boxOutside: "The box must have an area and lie wholly inside the picture."
        case .assetEdited: "Faces are drawn on the upload, and this asset shows an edited version. Revert it first."
        case .sizeUnknown: "The size of this asset's picture is not known, so no face can be placed on it."
        }
    }
    public var field: String? {
        switch self {
        case .notFound, .assetEdited, .sizeUnknown: nil
        case .assetNotFound: "asset_id"
        case .personNotFound: "person_id"
        case .cursor: "starting_after_id"
        case .boxOutside: "bounding_box"
        }
    }
}
