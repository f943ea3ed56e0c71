public import BanksiaCore

/// A group of assets of one library that is shown as one tile. An asset belongs to one stack at most.
public struct Stack: Sendable, Equatable {
    public var id: StackID
    public var libraryID: LibraryID
    public var origin: Origin
    /// The pinned cover, which may be trashed; nothing is chosen where nobody pinned one.
    public var primaryAssetID: AssetID?
    /// Live members.
    public var assetCount: Int
    /// The live members, earliest capture first; `nil` when they were not asked for.
    public var assetIDs: [AssetID]?
    public var createdAt: Instant
    public var updatedAt: Instant

    /// Who made the stack, or changed it last: what a user touched, the detector leaves alone.
    public enum Origin: String, Sendable, CaseIterable {
        case burst = "auto_burst"
        case user
    }
}

/// Which stacks of a library: all conditions together.
public struct StackQuery: Sendable {
    /// `nil`: no condition. An empty list matches nothing.
    public var ids: [StackID]?
    public var origin: Stack.Origin?
    /// The asset the stack pins, as the client wrote it.
    public var primary: String?
    public var includesMembers: Bool
    /// The id of the last stack of the page before, as the client sent it.
    public var startingAfter: String?
    /// 1…200.
    public var limit: Int

    public init(
        ids: [StackID]? = nil, origin: Stack.Origin? = nil, primary: String? = nil, includesMembers: Bool = false,
        startingAfter: String? = nil, limit: Int = 20
    ) {
        self.ids = ids
        self.origin = origin
        self.primary = primary
        self.includesMembers = includesMembers
        self.startingAfter = startingAfter
        self.limit = limit
    }
}
