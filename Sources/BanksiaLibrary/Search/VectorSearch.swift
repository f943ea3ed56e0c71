public import BanksiaCore

/// Finding the vectors of a library that are nearest to another.
///
/// Two engines do it: `EmbeddedVectors` scans files of its own that follow the database, `PostgresVectors` asks the database.
/// Both give the same assets in the same order.
public protocol VectorSearch: Sendable {
    /// The assets with the highest cosines, highest first, that the viewer may be shown under a filter.
    func nearest(_ query: VectorQuery) async throws -> [VectorMatch]

    /// Does what the first search in a space would otherwise wait for.
    func warmUp(_ space: VectorSpace) async throws

    /// Makes what searches in these spaces need and removes what others left behind. Safe at any time, and from several
    /// processes; it may take minutes.
    func maintain(_ spaces: [VectorSpace]) async throws
}

/// The vectors of one model pack.
public struct VectorSpace: Hashable, Sendable {
    /// The pack's id.
    public var name: String
    /// How many numbers a vector has.
    public var dimension: Int

    public init(name: String, dimension: Int) {
        self.name = name
        self.dimension = dimension
    }
}

/// What a search by vector looks for.
public struct VectorQuery: Sendable {
    /// Of unit length.
    public var vector: [Float]
    public var space: VectorSpace
    public var library: LibraryID
    public var filter: AssetFilter
    public var viewer: Viewer
    public var limit: Int

    public init(
        vector: [Float], space: VectorSpace, library: LibraryID, filter: AssetFilter = .init(), viewer: Viewer, limit: Int
    ) {
        self.vector = vector
        self.space = space
        self.library = library
        self.filter = filter
        self.viewer = viewer
        self.limit = limit
    }
}

/// One asset of which a vector is near.
public struct VectorMatch: Sendable, Equatable {
    public var asset: AssetID
    /// The cosine of the angle between the vectors, -1…1.
    public var score: Float
    /// Its wall clock, which puts the newest first among equals.
    public var captured: Int64

    public init(asset: AssetID, score: Float, captured: Int64) {
        self.asset = asset
        self.score = score
        self.captured = captured
    }

    /// Each asset once, by its nearest vector, of matches that come highest first.
    static func best(_ matches: [VectorMatch]) -> [VectorMatch] {
        var seen: Set<AssetID> = []
        return matches.filter { seen.insert($0.asset).inserted }
    }
}
