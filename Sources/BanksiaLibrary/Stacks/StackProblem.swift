public import BanksiaCore

/// What can go wrong with stacks.
public enum StackProblem: Problem, Equatable {
    case notFound
    case cursor
    /// The stack went while the request was under way.
    case gone
    /// What the request relied on was changed while it was under way.
    case changed
    case tooFew
    case unknownAsset(String, field: String)
    case trashedAsset(AssetID)
    case coverIsNoMember

    public var code: String {
        switch self {
        case .notFound, .unknownAsset: "not_found"
        case .cursor: "invalid_cursor"
        case .gone: "stack_gone"
        case .changed: "concurrent_modification"
        case .tooFew, .trashedAsset, .coverIsNoMember: "validation_error"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .notFound, .unknownAsset: .notFound
        case .cursor: .unusable
        case .gone: .conflict
        case .changed: .contention
        case .tooFew, .trashedAsset, .coverIsNoMember: .invalid
        }
    }
    public var detail: String {
        switch self {
        case .notFound: "There is no such stack, or you cannot see it."
        case .cursor: "`starting_after_id` names no stack of this library. Start again from the first page."
        case .gone: "The stack was dissolved meanwhile."
        case .changed: "The stack was changed meanwhile. Look at it and try again."
        case .tooFew: "A stack takes at least two different assets."
        case .unknownAsset(let id, _): "There is no asset \(id) in this library, or you cannot see it."
        case .trashedAsset(let id): "The asset \(id) is in the trash. Restore it first."
        case .coverIsNoMember: "The cover must be a member of the stack that is not in the trash."
        }
    }
    public var field: String? {
        switch self {
        case .notFound, .gone, .changed: nil
        case .cursor: "starting_after_id"
        case .tooFew, .trashedAsset: "asset_ids"
        case .unknownAsset(_, let field): field
        case .coverIsNoMember: "primary_asset_id"
        }
    }
}
