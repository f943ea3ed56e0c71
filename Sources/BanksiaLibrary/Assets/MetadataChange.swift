public import BanksiaCore

/// What a change does to one value.
public enum Edit<Value: Sendable & Equatable>: Sendable, Equatable {
    case keep
    /// Takes a user's word back, so that what the file or a machine says counts again.
    case clear
    case set(Value)

    /// The value after the change.
    func applied(to value: Value?) -> Value? {
        switch self {
        case .keep: value
        case .clear: nil
        case .set(let new): new
        }
    }
}

/// What a user says about an asset; everything else stays as it is.
public struct MetadataChange: Sendable, Equatable {
    public var originalDateTime: Edit<CaptureTime>
    public var position: Edit<GeoPosition>
    /// 0 to 5; 0 hides a rating of the file.
    public var rating: Edit<Int>
    public var description: Edit<String>

    /// Longest description (contract §17).
    public static let longestDescription = 10_000

    public init(
        originalDateTime: Edit<CaptureTime> = .keep, position: Edit<GeoPosition> = .keep, rating: Edit<Int> = .keep,
        description: Edit<String> = .keep
    ) {
        self.originalDateTime = originalDateTime
        self.position = position
        self.rating = rating
        self.description = description
    }
}

/// A place on earth.
public struct GeoPosition: Sendable, Equatable, Codable {
    /// Degrees, -90 to 90, north positive.
    public var latitude: Double
    /// Degrees, -180 to 180, east positive.
    public var longitude: Double

    public init(latitude: Double, longitude: Double) {
        self.latitude = latitude
        self.longitude = longitude
    }
}
