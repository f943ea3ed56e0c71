import BanksiaCore
import BanksiaMedia

/// Who says what about an asset, for the facts on which more than one may speak.
///
/// A user's word counts before the file's, the file's before what was derived (contract §7). What an XMP file beside it says
/// lies between: a program wrote it after the camera, and before somebody spoke here. Taking a word back brings the one below
/// back, so what the file said is put aside before anyone speaks over it.
struct MetadataLayers: Equatable, Sendable {
    var user = UserFacts()
    /// `nil` when there is no sidecar.
    var sidecar: SidecarFacts?
    var file: FileFacts
    /// Names for the position that counts; `nil` before they were looked up.
    var derived: PlaceNames?

    struct UserFacts: Codable, Equatable, Sendable {
        var originalDateTime: CaptureTime?
        var position: GeoPosition?
        var rating: Int?
        var description: String?
    }

    /// What a sidecar says; it is kept with the sidecar.
    struct SidecarFacts: Codable, Equatable, Sendable {
        var originalDateTime: CaptureTime?
        var position: GeoPosition?
        var rating: Int?
        var description: String?
        var place = PlaceNames()
    }

    struct FileFacts: Codable, Equatable, Sendable {
        /// When the asset was taken while no user says otherwise: by its file, else by the device that sent it.
        var captured: CaptureTime
        var originalDateTime: CaptureTime?
        var position: GeoPosition?
        var rating: Int?
        var description: String?
        var place = PlaceNames()
    }

    /// Names for a position.
    struct PlaceNames: Codable, Equatable, Sendable {
        var placeName: String?
        var sublocation: String?
        var city: String?
        var state: String?
        var country: String?
        var countryCode: String?
        var timezone: String?
    }

    init(user: UserFacts = .init(), sidecar: SidecarFacts? = nil, file: FileFacts, derived: PlaceNames? = nil) {
        self.user = user
        self.sidecar = sidecar
        self.file = file
        self.derived = derived
    }

    /// The layers of an asset for which only its file has spoken.
    init(untouched asset: Asset, _ metadata: AssetMetadata) {
        file = FileFacts(
            captured: asset.localDateTime, originalDateTime: metadata.originalDateTime, position: metadata.position,
            rating: metadata.rating, description: metadata.description, place: PlaceNames(metadata))
    }

    /// What counts as the position.
    var position: GeoPosition? { user.position ?? sidecar?.position ?? file.position }

    /// When it was taken, if anyone knows.
    private var originalDateTime: CaptureTime? {
        user.originalDateTime ?? sidecar?.originalDateTime.map { $0.completed(by: file.originalDateTime) }
    }

    /// Takes in what a sidecar says; `nil` when there is none any more.
    mutating func apply(_ facts: SidecarFacts?) {
        let before = position
        sidecar = facts
        if position != before { derived = nil }
    }

    /// Takes in what a user says. Names were derived for a position, so they go when it is another one.
    mutating func apply(_ change: MetadataChange) {
        let before = position
        user.originalDateTime = change.originalDateTime.applied(to: user.originalDateTime)
        user.position = change.position.applied(to: user.position)
        user.rating = change.rating.applied(to: user.rating)
        user.description = change.description.applied(to: user.description)
        if position != before { derived = nil }
    }

    /// Writes what counts into an asset.
    func show(in asset: inout Asset, _ metadata: inout AssetMetadata) {
        asset.localDateTime = originalDateTime ?? file.captured
        metadata.originalDateTime = originalDateTime ?? file.originalDateTime
        metadata.latitude = position?.latitude
        metadata.longitude = position?.longitude
        metadata.rating = user.rating ?? sidecar?.rating ?? file.rating
        metadata.description = user.description ?? sidecar?.description ?? file.description
        let written = sidecar.map { $0.place.completed(by: file.place) } ?? file.place
        let place = derived.map { written.completed(by: $0) } ?? written
        metadata.placeName = place.placeName
        metadata.sublocation = place.sublocation
        metadata.city = place.city
        metadata.state = place.state
        metadata.country = place.country
        metadata.countryCode = place.countryCode
        metadata.timezone = place.timezone
    }
}

extension MetadataLayers.SidecarFacts {
    /// What was read in a sidecar.
    init(_ read: EmbeddedMetadata) {
        self.init(
            originalDateTime: read.originalDateTime, rating: read.rating, description: read.description,
            place: .init(sublocation: read.sublocation, city: read.city, state: read.state, country: read.country))
        if let latitude = read.latitude, let longitude = read.longitude {
            position = GeoPosition(latitude: latitude, longitude: longitude)
        }
    }
}

extension CaptureTime {
    /// This time. Where another has the same second, it fills in what is not known here: programs that write a sidecar often
    /// leave the offset and the fraction out.
    fileprivate func completed(by other: CaptureTime?) -> CaptureTime {
        let second: Int64 = 1_000_000
        guard let other, wallMicroseconds / second == other.wallMicroseconds / second else { return self }
        return CaptureTime(
            wallMicroseconds: wallMicroseconds % second == 0 ? other.wallMicroseconds : wallMicroseconds,
            offsetSeconds: offsetSeconds ?? other.offsetSeconds)
    }
}

extension MetadataLayers.PlaceNames {
    fileprivate init(_ metadata: AssetMetadata) {
        self.init(
            placeName: metadata.placeName, sublocation: metadata.sublocation, city: metadata.city, state: metadata.state,
            country: metadata.country, countryCode: metadata.countryCode, timezone: metadata.timezone)
    }

    /// These, and others where they say nothing. A part of a city is taken along with its city only.
    fileprivate func completed(by other: Self) -> Self {
        Self(
            placeName: placeName ?? other.placeName,
            sublocation: sublocation ?? (city == nil || city == other.city ? other.sublocation : nil), city: city ?? other.city,
            state: state ?? other.state, country: country ?? other.country, countryCode: countryCode ?? other.countryCode,
            timezone: timezone ?? other.timezone)
    }
}

extension AssetMetadata {
    /// `nil` unless both numbers are known.
    var position: GeoPosition? {
        guard let latitude, let longitude else { return nil }
        return GeoPosition(latitude: latitude, longitude: longitude)
    }
}
