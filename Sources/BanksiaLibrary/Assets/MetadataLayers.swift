import BanksiaCore

/// Who says what about an asset, for the facts on which more than one may speak.
///
/// A user's word counts before the file's, the file's before what was derived (contract §7). Taking a user's word back brings
/// the file's back, so what the file said is put aside before anyone speaks over it.
struct MetadataLayers: Equatable, Sendable {
    var user = UserFacts()
    var file: FileFacts
    /// Names for the position that counts; `nil` before they were looked up.
    var derived: PlaceNames?

    struct UserFacts: Codable, Equatable, Sendable {
        var originalDateTime: CaptureTime?
        var position: GeoPosition?
        var rating: Int?
        var description: String?
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

    init(user: UserFacts = .init(), file: FileFacts, derived: PlaceNames? = nil) {
        self.user = user
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
    var position: GeoPosition? { user.position ?? file.position }

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
        asset.localDateTime = user.originalDateTime ?? file.captured
        metadata.originalDateTime = user.originalDateTime ?? file.originalDateTime
        metadata.latitude = position?.latitude
        metadata.longitude = position?.longitude
        metadata.rating = user.rating ?? file.rating
        metadata.description = user.description ?? file.description
        let place = derived.map { file.place.completed(by: $0) } ?? file.place
        metadata.placeName = place.placeName
        metadata.sublocation = place.sublocation
        metadata.city = place.city
        metadata.state = place.state
        metadata.country = place.country
        metadata.countryCode = place.countryCode
        metadata.timezone = place.timezone
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
