public import BanksiaCore
public import BanksiaFiles
public import BanksiaMedia

/// A photo or a video, as it shows itself now.
///
/// The optional groups are filled when an `AssetExpansion` asks for them.
public struct Asset: Sendable {
    public var id: AssetID
    public var libraryID: LibraryID
    public var createdAt: Instant
    public var updatedAt: Instant
    public var trashedAt: Instant?
    /// When it was taken: a user's word, else the file's, else the uploading device's.
    public var localDateTime: CaptureTime
    public var originalFileName: String
    /// The class of the uploaded file.
    public var mediaClass: MediaClass
    /// The current rendering.
    public var currentVersionID: AssetVersionID
    public var kind: String
    public var mimeType: String
    public var fileSizeBytes: Int64
    /// Display size with orientation applied; `nil` while unknown.
    public var size: PixelSize?
    /// Seconds, videos only.
    public var duration: Double?
    /// Written by a machine; `nil` before it ran.
    public var description: String?
    /// 0 (worst) to 1 (best); `nil` when not scored.
    public var qualityScore: Double?
    public var thumbHash: [UInt8]?
    public var stackID: StackID?

    public var file: FileProvenance?
    public var metadata: AssetMetadata?
    public var faces: [Face]?
    public var people: [Person]?
    /// The film of a live or motion photo; comes with the variants.
    public var film: AssetFilm?

    /// What the uploaded file was, whatever the current rendering.
    public struct FileProvenance: Sendable, Equatable {
        public var checksum: ContentDigest
        /// 20 bytes.
        public var sha1: [UInt8]
        public var deviceAssetID: String
        public var deviceID: String
        public var createdAt: Instant
        public var modifiedAt: Instant
        public var sizeBytes: Int64
    }
}

/// One rendering of an asset: the upload at position 0, at most one derived rendering on top.
public struct AssetVersion: Sendable, Equatable {
    public var id: AssetVersionID
    public var assetID: AssetID
    public var position: Int
    public var kind: String
    public var checksum: ContentDigest
    public var mimeType: String
    public var sizeBytes: Int64
    public var size: PixelSize?
    public var createdAt: Instant
    /// Its producer's recipe, a JSON object; `nil` for the upload.
    public var params: String?
}

/// Which groups of an asset to fill (contract §7, Expansion).
public struct AssetExpansion: OptionSet, Sendable, Hashable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let metadata = AssetExpansion(rawValue: 1)
    public static let faces = AssetExpansion(rawValue: 2)
    public static let people = AssetExpansion(rawValue: 4)
    public static let fileData = AssetExpansion(rawValue: 8)
    public static let variants = AssetExpansion(rawValue: 16)
    public static let metrics = AssetExpansion(rawValue: 32)
    /// The core alone.
    public static let lean: AssetExpansion = []
    /// Everything: the answer when nothing was asked for.
    public static let full: AssetExpansion = [.metadata, .faces, .people, .fileData, .variants, .metrics]
}

/// Camera, time, position and place of an asset: a user's word first, then the file's, then what was derived.
public struct AssetMetadata: Sendable, Equatable {
    public var createdAt: Instant
    public var updatedAt: Instant
    public var make: String?
    public var model: String?
    public var lensModel: String?
    /// Seconds.
    public var exposureTime: Double?
    public var fNumber: Double?
    public var iso: Int?
    /// Millimetres.
    public var focalLength: Double?
    /// EV.
    public var exposureBias: Double?
    public var originalDateTime: CaptureTime?
    public var digitizedDateTime: CaptureTime?
    public var modifiedDateTime: CaptureTime?
    /// Degrees, north positive.
    public var latitude: Double?
    /// Degrees, east positive.
    public var longitude: Double?
    /// Metres above sea level.
    public var altitude: Double?
    public var rating: Int?
    public var description: String?
    /// EXIF orientation, 1 to 8.
    public var orientation: Int?
    public var profileDescription: String?
    public var projectionType: String?
    public var livePhotoContentID: String?
    public var autoStackID: String?
    public var fps: Double?
    public var placeName: String?
    public var sublocation: String?
    public var city: String?
    public var state: String?
    public var country: String?
    public var countryCode: String?
    public var timezone: String?
    /// Encoded size before the orientation is applied; images only.
    public var rawSize: PixelSize?

    /// The rating that counts in filters: 1 to 5, or 0 for every form of "not rated".
    var stars: Int { rating.flatMap { (1...5).contains($0) ? $0 : nil } ?? 0 }

    /// The most specific place, followed by wider context; `nil` without any place.
    public var displayLabel: String? {
        let specific = [placeName, sublocation, city].compactMap { $0 }.first
        let wider = [specific == city ? nil : city, specific == nil ? state : nil, country].compactMap { $0 }
        let parts = [specific].compactMap { $0 } + wider
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
