internal import BanksiaCore

/// Where each fact is looked for, the first found wins: the camera's own words (EXIF) before those of programs (XMP, IPTC)
/// before a film's container. The MWG's guidelines 2.0, chapter 5, say which tags mean the same.
extension EmbeddedMetadata {
    init(_ tags: Tags) {
        self.init()
        readCamera(tags)
        readTimes(tags)
        (latitude, longitude, altitude) = Position.read(tags)
        readWords(tags)
        readPlace(tags)
        fps = tags.first(["*:VideoFrameRate"]) { $0.number.flatMap { Film.isPace($0) ? $0 : nil } }
        duration = tags.first(["Composite:Duration", "QuickTime:Duration", "*:Duration"]) {
            $0.seconds.flatMap { $0 > 0 ? $0 : nil }
        }
    }

    private mutating func readCamera(_ tags: Tags) {
        make = tags.text("IFD0:Make", "XMP-tiff:Make", "Keys:Make", "QuickTime:Make") ?? tags.camcorderMake ?? tags.text("*:Make")
        model = tags.text("IFD0:Model", "XMP-tiff:Model", "Keys:Model", "QuickTime:Model", "*:Model")
        lensModel = tags.text("ExifIFD:LensModel", "XMP-exifEX:LensModel", "XMP-aux:Lens", "Keys:CameraLensModel", "*:LensModel")
        exposureTime = tags.positive("ExifIFD:ExposureTime", "XMP-exif:ExposureTime", "*:ExposureTime")
        fNumber = tags.positive("ExifIFD:FNumber", "XMP-exif:FNumber", "*:FNumber")
        iso = tags.first(["ExifIFD:ISO", "XMP-exif:ISO", "XMP-exifEX:PhotographicSensitivity", "*:ISO"]) { value in
            value.numbers.lazy.compactMap { Int(exactly: $0.rounded()) }.first { $0 > 0 }
        }
        focalLength = tags.positive("ExifIFD:FocalLength", "XMP-exif:FocalLength", "*:FocalLength")
        exposureBias = tags.number("ExifIFD:ExposureCompensation", "XMP-exif:ExposureBiasValue", "XMP-exif:ExposureCompensation")
        orientation = tags.first(["IFD0:Orientation", "XMP-tiff:Orientation"]) { value in
            value.number.flatMap { Int(exactly: $0) }.flatMap { (1...8).contains($0) ? $0 : nil }
        }
        profileDescription = tags.text("ICC_Profile:ProfileDescription", "*:ProfileDescription")
        projectionType = tags.text("XMP-GPano:ProjectionType", "XMP-GSpherical:ProjectionType", "*:ProjectionType")
        livePhotoContentID = tags.text(
            "Apple:ContentIdentifier", "Apple:MediaGroupUUID", "Keys:ContentIdentifier", "*:ContentIdentifier")
        autoStackID = tags.text("Apple:BurstUUID", "XMP-GCamera:BurstID", "*:BurstUUID", "*:BurstID")
    }

    private mutating func readTimes(_ tags: Tags) {
        originalDateTime =
            tags.time("ExifIFD:DateTimeOriginal", "ExifIFD:SubSecTimeOriginal", "ExifIFD:OffsetTimeOriginal")
            ?? tags.time("XMP-exif:DateTimeOriginal") ?? tags.time("XMP-photoshop:DateCreated") ?? tags.iptcTime
            ?? tags.time("Keys:CreationDate") ?? tags.time("*:DateTimeOriginal") ?? tags.filmTime("QuickTime:CreateDate")
        digitizedDateTime =
            tags.time("ExifIFD:CreateDate", "ExifIFD:SubSecTimeDigitized", "ExifIFD:OffsetTimeDigitized")
            ?? tags.time("XMP-exif:DateTimeDigitized") ?? tags.time("XMP-xmp:CreateDate") ?? tags.filmTime("QuickTime:CreateDate")
        modifiedDateTime =
            tags.time("IFD0:ModifyDate", "ExifIFD:SubSecTime", "ExifIFD:OffsetTime")
            ?? tags.time("XMP-xmp:ModifyDate") ?? tags.filmTime("QuickTime:ModifyDate")
        // A fix may be minutes old, which is better than nothing.
        if originalDateTime == nil, digitizedDateTime == nil { originalDateTime = tags.satelliteTime }
    }

    private mutating func readWords(_ tags: Tags) {
        description = tags.first([
            "IFD0:ImageDescription", "XMP-dc:Description", "XMP-tiff:ImageDescription", "IPTC:Caption-Abstract", "IFD0:XPComment",
            "ExifIFD:UserComment", "XMP-exif:UserComment", "Keys:Description", "ItemList:Description",
        ]) { value in value.text.flatMap { CameraPhrase.isMeaningless($0) ? nil : $0 } }
        rating = tags.number("XMP-xmp:Rating", "IFD0:Rating").map { rating in
            Int(exactly: rating).flatMap { (0...5).contains($0) ? $0 : nil } ?? 0
        }
    }

    private mutating func readPlace(_ tags: Tags) {
        let created = tags.locationCreated
        sublocation = tags.text("XMP-iptcCore:Location", "IPTC:Sub-location") ?? created["Sublocation"]?.text
        city = tags.text("XMP-photoshop:City", "IPTC:City") ?? created["City"]?.text
        state = tags.text("XMP-photoshop:State", "IPTC:Province-State") ?? created["ProvinceState"]?.text
        country = tags.text("XMP-photoshop:Country", "IPTC:Country-PrimaryLocationName") ?? created["CountryName"]?.text
    }
}

extension Tags {
    fileprivate func time(_ name: String, _ fraction: String? = nil, _ offset: String? = nil) -> CaptureTime? {
        first([name]) { value in
            value.text.flatMap {
                CameraTime.read($0, fraction: fraction.flatMap { text($0) }, offset: offset.flatMap { text($0) })
            }
        }
    }

    /// QuickTime's container times are UTC (ISO/IEC 14496-12 §8.2.2) and carry no offset.
    fileprivate func filmTime(_ name: String) -> CaptureTime? {
        time(name).map { CaptureTime(wallMicroseconds: $0.wallMicroseconds, offsetSeconds: $0.offsetSeconds ?? 0) }
    }

    /// What AVCHD camcorders have for a name (exiftool's documentation, "H264 Tags").
    fileprivate var camcorderMake: String? {
        first(["H264:Make"]) { value in
            value.number.flatMap { Int(exactly: $0) }.flatMap {
                [0x0103: "Panasonic", 0x0108: "Sony", 0x1011: "Canon", 0x1104: "JVC"][$0]
            }
        }
    }

    /// When a receiver had the position, in UTC (CIPA DC-008, tags 0x0007 and 0x001D).
    fileprivate var satelliteTime: CaptureTime? {
        guard let date = text("GPS:GPSDateStamp"), let time = text("GPS:GPSTimeStamp") else { return nil }
        return CameraTime.read("\(date) \(time)Z")
    }

    /// IPTC keeps date and time in two data sets (IIM 4.2, 2:55 and 2:60).
    fileprivate var iptcTime: CaptureTime? {
        guard let date = text("IPTC:DateCreated") else { return nil }
        return text("IPTC:TimeCreated").flatMap { CameraTime.read("\(date) \($0)") } ?? CameraTime.read(date)
    }

    /// The first place of IPTC Extension's list, or the only one.
    fileprivate var locationCreated: [String: TagValue] {
        switch self["XMP-iptcExt:LocationCreated"] {
        case .list(let places): if case .structure(let place) = places.first { place } else { [:] }
        case .structure(let place): place
        default: [:]
        }
    }
}
