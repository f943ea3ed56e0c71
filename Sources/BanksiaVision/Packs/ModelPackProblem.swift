public import BanksiaCore

/// What can be wrong with a model pack.
public enum ModelPackProblem: Problem, Hashable {
    /// No folder holds a pack of this id.
    case notInstalled(String)
    /// A file is not there.
    case missing(String)
    /// The manifest breaks a rule; says which.
    case manifest(String)
    /// What a hub lists breaks a rule; says which.
    case listing(String)
    /// The manifest asks for something that this version cannot do.
    case unsupported(String)
    /// A file has not the size that the manifest says.
    case wrongSize(String)
    /// A file has not the content that the manifest says.
    case wrongChecksum(String)
    /// No folder is set for packs, or it cannot be written.
    case folderUnusable(String)
    /// Another installation of the same pack is running.
    case busy(String)

    public var code: String {
        switch self {
        case .notInstalled: "model_pack_not_found"
        case .missing, .wrongSize, .wrongChecksum: "model_pack_damaged"
        case .manifest: "model_pack_manifest_invalid"
        case .listing: "model_listing_invalid"
        case .unsupported: "model_pack_unsupported"
        case .folderUnusable: "model_folder_unusable"
        case .busy: "model_pack_busy"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .notInstalled: .notFound
        case .manifest, .listing, .unsupported: .invalid
        case .missing, .wrongSize, .wrongChecksum: .unavailable
        case .folderUnusable: .storageFailed
        case .busy: .contention
        }
    }

    public var detail: String {
        switch self {
        case .notInstalled(let id): "There is no model pack \(id). `make setup` or `banksia models install` gets one."
        case .missing(let file): "The file \(file) of the model pack is missing. Install the pack again."
        case .manifest(let rule): "The model pack's manifest cannot be used: \(rule)."
        case .listing(let rule): "What the hub lists of the model cannot be used: \(rule)."
        case .unsupported(let what): "The model pack asks for \(what), which this version cannot do."
        case .wrongSize(let file): "The file \(file) of the model pack has the wrong size. Install the pack again."
        case .wrongChecksum(let file): "The file \(file) of the model pack has the wrong checksum. Install the pack again."
        case .folderUnusable(let reason): "The folder for model packs cannot be used: \(reason)."
        case .busy(let id): "The model pack \(id) is being installed by another process."
        }
    }
}
