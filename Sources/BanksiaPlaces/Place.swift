/// Names for a position on earth, in the words of GeoNames.
public struct Place: Sendable, Hashable {
    /// The town or village that the position is in or near; `nil` in empty country.
    public var city: String?
    /// The part of the city, where the nearest place is none of its own.
    public var district: String?
    /// State or province.
    public var state: String?
    public var country: String
    /// ISO 3166-1 alpha-2, or XK for Kosovo.
    public var countryCode: String
    /// By its IANA name; `nil` in empty country, where the nearest place often has another one.
    public var timezone: String?

    public init(
        city: String? = nil, district: String? = nil, state: String? = nil, country: String, countryCode: String,
        timezone: String? = nil
    ) {
        self.city = city
        self.district = district
        self.state = state
        self.country = country
        self.countryCode = countryCode
        self.timezone = timezone
    }
}
