public import BanksiaCore
import BanksiaMedia

/// A face in one asset.
public struct Face: Sendable, Equatable {
    public var id: FaceID
    public var libraryID: LibraryID
    public var assetID: AssetID
    public var personID: PersonID?
    public var source: Source
    public var box: FaceBox
    /// Milliseconds into a video.
    public var timestampMs: Int?
    /// The detector's, 0 to 1; `nil` for faces that a user drew.
    public var confidence: Double?
    public var createdAt: Instant
    public var updatedAt: Instant

    /// Who found it.
    public enum Source: String, Sendable { case automatic, manual }
}

/// Where a face is, in display pixels of the upload.
public struct FaceBox: Sendable, Equatable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    var hasArea: Bool { width > 0 && height > 0 }

    /// Whether it lies wholly inside a picture.
    func fits(in size: PixelSize) -> Bool {
        guard x >= 0, y >= 0, hasArea else { return false }
        return x < size.width && width <= size.width - x && y < size.height && height <= size.height - y
    }

    /// How good a portrait a drawn face is: by its size alone, and never better than one that was looked at and found good.
    var drawnQuality: Double {
        // From here on a thumbnail does not get better.
        let enough = 400.0
        return min(1, Double(min(width, height)) / enough) / 2
    }
}
