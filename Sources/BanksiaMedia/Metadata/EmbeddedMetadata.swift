public import BanksiaCore

/// What a file says about itself: camera, time, position, words. Everything may be missing.
public struct EmbeddedMetadata: Sendable, Hashable, Codable {
    public var make: String?
    public var model: String?
    public var lensModel: String?
    /// Seconds.
    public var exposureTime: Double?
    public var fNumber: Double?
    public var iso: Int?
    /// Millimetres, of the lens itself.
    public var focalLength: Double?
    /// EV.
    public var exposureBias: Double?
    /// When the shutter was released.
    public var originalDateTime: CaptureTime?
    /// When it became a file: the same for a digital camera, later for a scan.
    public var digitizedDateTime: CaptureTime?
    /// When a program last changed it.
    public var modifiedDateTime: CaptureTime?
    /// Degrees, north positive.
    public var latitude: Double?
    /// Degrees, east positive.
    public var longitude: Double?
    /// Metres above sea level.
    public var altitude: Double?
    /// 0…5; a rating outside of that, such as "rejected", is 0.
    public var rating: Int?
    public var description: String?
    /// 1…8, as the metadata has it, even where the container turns the picture itself.
    public var orientation: Int?
    /// The colour profile's name.
    public var profileDescription: String?
    /// How a panorama is projected, `equirectangular` for instance.
    public var projectionType: String?
    /// Ties the still and the film of a Live Photo together.
    public var livePhotoContentID: String?
    /// Ties the pictures of a burst together.
    public var autoStackID: String?
    /// Frames per second of a video.
    public var fps: Double?
    /// Seconds, of a video.
    public var duration: Double?
    public var sublocation: String?
    public var city: String?
    public var state: String?
    public var country: String?

    /// Nothing known.
    public init() {}
}
