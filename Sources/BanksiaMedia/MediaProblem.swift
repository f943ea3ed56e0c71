public import BanksiaCore
public import BanksiaProcesses

/// Why a file gave no picture.
public enum MediaProblem: Problem, Hashable {
    /// The bytes are not a whole picture of their kind; the reason is for a person.
    case undecodable(String)
    /// More pixels than are decoded here, known from the header alone.
    case tooManyPixels(PixelSize, limit: Int)
    /// Not a format that pictures are made of here; what it is, as far as known.
    case unsupported(String)
    /// The file could not be opened, or a result not be written: nothing is wrong with the picture.
    case storage(String)
    /// The tool that writes metadata is missing or failed; a sentence for a person.
    case metadata(String)
    /// The child process that did the work failed.
    case child(ChildProblem)

    /// Whether the file is the cause, so that trying again cannot help.
    public var isAboutTheFile: Bool {
        switch self {
        case .undecodable, .tooManyPixels, .unsupported: true
        case .storage, .metadata, .child: false
        }
    }

    public var code: String {
        switch self {
        case .undecodable: "media_undecodable"
        case .tooManyPixels: "media_too_many_pixels"
        case .unsupported: "media_unsupported"
        case .storage: "media_storage_failed"
        case .metadata: "service_unavailable"
        case .child(let problem): problem.code
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .undecodable, .tooManyPixels, .unsupported: .invalid
        case .storage: .storageFailed
        case .metadata: .unavailable
        case .child(let problem): problem.kind
        }
    }

    public var detail: String {
        switch self {
        case .undecodable(let reason): "The picture cannot be decoded: \(reason)."
        case .tooManyPixels(let size, let limit):
            "The picture has \(size.width) × \(size.height) pixels; at most \(limit / 1_000_000) million are decoded."
        case .unsupported(let what): "No pictures are made from files of this kind: \(what)."
        case .storage(let reason): "A file could not be read or written: \(reason)."
        case .metadata(let reason): reason
        case .child(let problem): problem.detail
        }
    }
}
