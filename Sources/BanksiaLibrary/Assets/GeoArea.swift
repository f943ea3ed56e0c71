import Foundation

/// A place on the globe, in degrees.
public struct GeoPoint: Sendable, Hashable {
    /// North positive, -90…90.
    public let latitude: Double
    /// East positive, -180…180.
    public let longitude: Double

    /// `nil` when it lies beyond a pole or the 180th meridian.
    public init?(latitude: Double, longitude: Double) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }
}

/// All places between two meridians and two parallels, edges included.
///
/// From `west` one goes east to `east`, so a box whose west is the larger number crosses the 180th meridian.
public struct GeoBox: Sendable, Hashable {
    public let west: Double
    public let south: Double
    public let east: Double
    public let north: Double

    /// `nil` when a side lies off the globe or the south is north of the north.
    public init?(west: Double, south: Double, east: Double, north: Double) {
        guard let low = GeoPoint(latitude: south, longitude: west), let high = GeoPoint(latitude: north, longitude: east),
            low.latitude <= high.latitude
        else { return nil }
        (self.west, self.south, self.east, self.north) = (west, south, east, north)
    }

    /// The smallest box around a circle.
    ///
    /// A meridian touches the circle at `asin(sin r / cos φ)` from its centre, `r` as an angle (Bronshtein, spherical
    /// trigonometry); a circle that reaches a pole touches all of them.
    init(around circle: GeoCircle) {
        // What rounding might cut off at the edges; a tenth of a millimetre.
        let margin = 1e-9
        let reach = circle.radius / GeoCircle.earthRadius
        let height = reach * 180 / .pi + margin
        let (latitude, longitude) = (circle.center.latitude, circle.center.longitude)
        (south, north) = (max(latitude - height, -90), min(latitude + height, 90))
        let ratio = sin(reach) / cos(latitude * .pi / 180)
        guard south > -90, north < 90, ratio < 1 else {
            (west, east) = (-180, 180)
            return
        }
        let width = asin(ratio) * 180 / .pi + margin
        west = longitude - width < -180 ? longitude - width + 360 : longitude - width
        east = longitude + width > 180 ? longitude + width - 360 : longitude + width
    }

    /// Whether the box reaches all around the globe.
    var isFullCircle: Bool { west == -180 && east == 180 }

    /// How much of the globe it covers, 0…1.
    var share: Double {
        let width = east >= west ? east - west : east - west + 360
        return width / 360 * (sin(north * .pi / 180) - sin(south * .pi / 180)) / 2
    }
}

/// All places within a distance of a point.
public struct GeoCircle: Sendable, Hashable {
    /// Metres; the mean radius of the Earth (IUGG).
    static let earthRadius = 6_371_008.8

    public let center: GeoPoint
    /// Metres.
    public let radius: Double

    /// - Parameter radius: metres, above 0.
    public init(center: GeoPoint, radius: Double) {
        self.center = center
        self.radius = radius
    }
}

/// A part of the globe.
public enum GeoArea: Sendable, Hashable {
    case box(GeoBox)
    case circle(GeoCircle)
}
