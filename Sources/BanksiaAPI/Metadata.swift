package import BanksiaCore

/// Camera, position and place of an asset. Two shapes are written from one value: `metadata` and, for older
/// clients, `exif`.
package struct MetadataResponse: JSONWritable, Sendable {
    package let assetID: String
    package let createdAt: Instant
    package let updatedAt: Instant
    package let altitude: Double?
    package let autoStackID: String?
    package let city: String?
    package let country: String?
    package let description: String?
    package let digitizedDatetime: CaptureTime?
    package let exposureBias: Double?
    package let exposureTime: Double?
    package let fNumber: Double?
    package let focalLength: Double?
    package let fps: Double?
    package let iso: Int?
    package let latitude: Double?
    package let lensModel: String?
    package let livePhotoCID: String?
    package let longitude: Double?
    package let make: String?
    package let model: String?
    package let modifiedDatetime: CaptureTime?
    package let orientation: Int?
    package let originalDatetime: CaptureTime?
    package let projectionType: String?
    package let rating: Int?
    package let state: String?
    package let countryCode: String?
    package let sublocation: String?
    package let placeName: String?
    package let timezone: String?
    package let displayLabel: String?
    package let rawWidth: Int?
    package let rawHeight: Int?
    /// Name of the embedded colour profile; written in the `exif` shape only.
    package let profileDescription: String?

    package init(
        assetID: String, createdAt: Instant, updatedAt: Instant, altitude: Double?, autoStackID: String?, city: String?,
        country: String?, description: String?, digitizedDatetime: CaptureTime?, exposureBias: Double?, exposureTime: Double?,
        fNumber: Double?, focalLength: Double?, fps: Double?, iso: Int?, latitude: Double?, lensModel: String?,
        livePhotoCID: String?, longitude: Double?, make: String?, model: String?, modifiedDatetime: CaptureTime?,
        orientation: Int?, originalDatetime: CaptureTime?, projectionType: String?, rating: Int?, state: String?,
        countryCode: String?, sublocation: String?, placeName: String?, timezone: String?, displayLabel: String?,
        rawWidth: Int?, rawHeight: Int?,
        profileDescription: String?
    ) {
        self.assetID = assetID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.altitude = altitude
        self.autoStackID = autoStackID
        self.city = city
        self.country = country
        self.description = description
        self.digitizedDatetime = digitizedDatetime
        self.exposureBias = exposureBias
        self.exposureTime = exposureTime
        self.fNumber = fNumber
        self.focalLength = focalLength
        self.fps = fps
        self.iso = iso
        self.latitude = latitude
        self.lensModel = lensModel
        self.livePhotoCID = livePhotoCID
        self.longitude = longitude
        self.make = make
        self.model = model
        self.modifiedDatetime = modifiedDatetime
        self.orientation = orientation
        self.originalDatetime = originalDatetime
        self.projectionType = projectionType
        self.rating = rating
        self.state = state
        self.countryCode = countryCode
        self.sublocation = sublocation
        self.placeName = placeName
        self.timezone = timezone
        self.displayLabel = displayLabel
        self.rawWidth = rawWidth
        self.rawHeight = rawHeight
        self.profileDescription = profileDescription
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("asset_id", assetID)
            $0.field("created_at", createdAt)
            $0.field("updated_at", updatedAt)
            $0.field("altitude", altitude)
            $0.field("auto_stack_id", autoStackID)
            $0.field("city", city)
            $0.field("country", country)
            $0.field("description", description)
            $0.field("digitized_datetime", digitizedDatetime)
            $0.field("exposure_bias", exposureBias)
            $0.field("exposure_time", exposureTime)
            $0.field("f_number", fNumber)
            $0.field("focal_length", focalLength)
            $0.field("fps", fps)
            $0.field("iso", iso)
            $0.field("latitude", latitude)
            $0.field("lens_model", lensModel)
            $0.field("live_photo_cid", livePhotoCID)
            $0.field("longitude", longitude)
            $0.field("make", make)
            $0.field("model", model)
            $0.field("modified_datetime", modifiedDatetime)
            $0.field("orientation", orientation)
            $0.field("original_datetime", originalDatetime)
            $0.field("projection_type", projectionType)
            $0.field("rating", rating)
            $0.field("state", state)
            $0.field("country_code", countryCode)
            $0.field("sublocation", sublocation)
            $0.field("place_name", placeName)
            $0.field("timezone", timezone)
            $0.field("display_label", displayLabel)
            $0.field("raw_width", rawWidth)
            $0.field("raw_height", rawHeight)
        }
    }
}

/// The seed-era shape of `MetadataResponse`: without the newer place fields, and with the colour profile.
struct ExifResponse: JSONWritable {
    let metadata: MetadataResponse

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("asset_id", metadata.assetID)
            $0.field("created_at", metadata.createdAt)
            $0.field("updated_at", metadata.updatedAt)
            $0.field("altitude", metadata.altitude)
            $0.field("auto_stack_id", metadata.autoStackID)
            $0.field("city", metadata.city)
            $0.field("country", metadata.country)
            $0.field("description", metadata.description)
            $0.field("digitized_datetime", metadata.digitizedDatetime)
            $0.field("exposure_bias", metadata.exposureBias)
            $0.field("exposure_time", metadata.exposureTime)
            $0.field("f_number", metadata.fNumber)
            $0.field("focal_length", metadata.focalLength)
            $0.field("fps", metadata.fps)
            $0.field("iso", metadata.iso)
            $0.field("latitude", metadata.latitude)
            $0.field("lens_model", metadata.lensModel)
            $0.field("live_photo_cid", metadata.livePhotoCID)
            $0.field("longitude", metadata.longitude)
            $0.field("make", metadata.make)
            $0.field("model", metadata.model)
            $0.field("modified_datetime", metadata.modifiedDatetime)
            $0.field("orientation", metadata.orientation)
            $0.field("original_datetime", metadata.originalDatetime)
            $0.field("projection_type", metadata.projectionType)
            $0.field("rating", metadata.rating)
            $0.field("state", metadata.state)
            $0.field("profile_description", metadata.profileDescription)
        }
    }
}
