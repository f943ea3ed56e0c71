internal import Foundation

/// The tags of one file, by group and name as exiftool's family 1 has them: `ExifIFD:ISO`, `XMP-dc:Description`.
struct Tags {
    private let values: [String: TagValue]

    init(_ values: [String: TagValue]) { self.values = values }

    /// Reads exiftool's JSON: an array with one object. `nil` when it is something else.
    init?(json: [UInt8]) {
        // Not JSON, or not of that form, is the one thing that can be wrong here.
        guard let files = try? JSONDecoder().decode([[String: TagValue]].self, from: Data(json)), let file = files.first else {
            return nil
        }
        values = file
    }

    subscript(name: String) -> TagValue? { values[name] }

    /// The text of the first of these that has one. `*:Name` stands for any group, in alphabetical order.
    func text(_ names: String...) -> String? { first(names) { $0.text } }

    func number(_ names: String...) -> Double? { first(names) { $0.number } }

    /// A number above zero: cameras write 0 for "not known" in most places.
    func positive(_ names: String...) -> Double? { first(names) { value in value.number.flatMap { $0 > 0 ? $0 : nil } } }

    func first<Result>(_ names: [String], _ reading: (TagValue) -> Result?) -> Result? {
        for name in names {
            for key in keys(name) {
                if let value = values[key], let result = reading(value) { return result }
            }
        }
        return nil
    }

    private func keys(_ name: String) -> [String] {
        guard name.hasPrefix("*") else { return [name] }
        return values.keys.filter { $0.hasSuffix(name.dropFirst()) }.sorted()
    }
}

extension Tags {
    /// What exiftool is asked for: all that `EmbeddedMetadata` is made of, and no more, so that its answers stay small.
    static let wanted = described + wantedOfFilms

    private static let described = [
        "FileType", "ImageSize", "ImageWidth", "ImageHeight", "Orientation", "Rotation", "Make", "Model", "LensModel",
        "CameraLensModel", "Lens",
        "ExposureTime", "FNumber", "ISO", "PhotographicSensitivity", "FocalLength", "ExposureCompensation",
        "ExposureBiasValue", "DateTimeOriginal", "SubSecTimeOriginal", "OffsetTimeOriginal", "CreateDate", "SubSecTimeDigitized",
        "OffsetTimeDigitized", "DateTimeDigitized", "ModifyDate", "SubSecTime", "OffsetTime", "CreationDate", "DateCreated",
        "TimeCreated", "GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef", "GPSAltitude", "GPSAltitudeRef",
        "GPSCoordinates", "GPSDateStamp", "GPSTimeStamp", "Rating", "ImageDescription", "Description", "Caption-Abstract",
        "UserComment", "XPComment",
        "ProfileDescription", "ProjectionType", "ContentIdentifier", "MediaGroupUUID", "BurstUUID", "BurstID",
        "VideoFrameRate", "Duration", "City", "State", "Province-State", "Country", "Country-PrimaryLocationName", "Location",
        "Sub-location", "LocationCreated",
    ]
}
