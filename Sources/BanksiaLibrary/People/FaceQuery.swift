/// Which faces of one library: all conditions together. Faces of trashed assets are left out; the newest come first.
public struct FaceQuery: Sendable {
    /// `nil`: no condition. An id that is no id of a face is left out by the caller, so an empty list matches nothing.
    public var ids: [FaceID]?
    public var asset: AssetID?
    public var person: PersonID?
    /// A condition that nothing can meet: some id in the request cannot exist.
    public var matchesNothing: Bool
    /// The id of the last face of the page before, as the client sent it.
    public var startingAfter: String?
    /// 1…200.
    public var limit: Int

    public init(
        ids: [FaceID]? = nil, asset: AssetID? = nil, person: PersonID? = nil, matchesNothing: Bool = false,
        startingAfter: String? = nil, limit: Int = 20
    ) {
        self.ids = ids
        self.asset = asset
        self.person = person
        self.matchesNothing = matchesNothing
        self.startingAfter = startingAfter
        self.limit = limit
    }
}
