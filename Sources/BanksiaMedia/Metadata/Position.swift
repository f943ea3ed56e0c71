/// Reads where a picture was taken.
enum Position {
    /// Degrees north and east and metres above the sea. A position comes whole or not at all: half of one, one beyond the
    /// globe, and exactly 0° 0°, which receivers write without a fix, are none.
    static func read(_ tags: Tags) -> (latitude: Double?, longitude: Double?, altitude: Double?) {
        let height = altitude(tags)
        for found in [exif(tags), xmp(tags), film(tags)] {
            guard let found, abs(found.latitude) <= 90, abs(found.longitude) <= 180, found.latitude != 0 || found.longitude != 0
            else {
                continue
            }
            return (found.latitude, found.longitude, found.altitude ?? height)
        }
        return (nil, nil, height)
    }

    private typealias Found = (latitude: Double, longitude: Double, altitude: Double?)

    /// EXIF keeps magnitudes and the hemisphere apart (CIPA DC-008 §4.6.6); without the hemisphere the place is not known.
    private static func exif(_ tags: Tags) -> Found? {
        guard let latitude = tags.number("GPS:GPSLatitude"), let longitude = tags.number("GPS:GPSLongitude"),
            let north = sign(tags.text("GPS:GPSLatitudeRef"), positive: "N", negative: "S"),
            let east = sign(tags.text("GPS:GPSLongitudeRef"), positive: "E", negative: "W")
        else { return nil }
        return (abs(latitude) * north, abs(longitude) * east, nil)
    }

    private static func xmp(_ tags: Tags) -> Found? {
        guard let latitude = tags.number("XMP-exif:GPSLatitude"), let longitude = tags.number("XMP-exif:GPSLongitude") else {
            return nil
        }
        return (latitude, longitude, nil)
    }

    /// QuickTime writes ISO 6709, which exiftool turns into two or three numbers.
    private static func film(_ tags: Tags) -> Found? {
        guard let text = tags.text("Keys:GPSCoordinates", "*:GPSCoordinates") else { return nil }
        let numbers = text.split(whereSeparator: { $0 == " " || $0 == "," }).compactMap { Double($0) }.filter(\.isFinite)
        guard numbers.count >= 2 else { return nil }
        return (numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : nil)
    }

    private static func altitude(_ tags: Tags) -> Double? {
        if let metres = tags.number("GPS:GPSAltitude") { return tags.number("GPS:GPSAltitudeRef") == 1 ? -abs(metres) : metres }
        guard let metres = tags.number("XMP-exif:GPSAltitude") else { return nil }
        return tags.number("XMP-exif:GPSAltitudeRef") == 1 ? -abs(metres) : metres
    }

    private static func sign(_ reference: String?, positive: Character, negative: Character) -> Double? {
        switch reference?.first {
        case positive: 1
        case negative: -1
        default: nil
        }
    }
}
