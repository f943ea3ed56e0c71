import BanksiaCore
import BanksiaTestKit
import Testing

@testable import BanksiaPlaces

@Suite("Names for positions") struct GeocoderTests {
    private func place(_ places: [TestPlace], _ latitude: Double, _ longitude: Double) throws -> Place? {
        let scratch = try ScratchPlaces(places)
        return try scratch.geocoder.place(latitude: latitude, longitude: longitude)
    }

    @Test func `all levels come from the nearest place`() throws {
        let broome = TestPlace(name: "Broome", latitude: -17.96, longitude: 122.24, state: "Western Australia")
        #expect(
            try place([broome], -18, 122.2)
                == Place(
                    city: "Broome", state: "Western Australia", country: "Australia", countryCode: "AU",
                    timezone: "Australia/Perth"))
    }

    @Test func `the 180th meridian is no border`() throws {
        let taveuni = TestPlace(name: "Somosomo", latitude: -16.77, longitude: -179.97, country: "FJ", zone: "Pacific/Fiji")
        #expect(try place([taveuni], -16.8, 179.98)?.city == "Somosomo")
        #expect(try place([taveuni], -16.8, -179.98)?.city == "Somosomo")
        #expect(try place([taveuni], -16.8, 180)?.city == "Somosomo")
    }

    @Test func `at a pole all longitudes are near`() throws {
        let station = TestPlace(name: "Station", latitude: -89.99, longitude: 20)
        for longitude in [-180.0, -70, 0, 110, 180] { #expect(try place([station], -90, longitude)?.city == "Station") }
        #expect(try place([station], -89.99, -160)?.city == "Station")
    }

    @Test func `far from any place only the country is said, and farther off nothing`() throws {
        let town = TestPlace(name: "Town", latitude: 0, longitude: 0, state: "State")  // a degree has 111.2 km
        #expect(try place([town], 0, 0.44)?.city == "Town")
        #expect(try place([town], 0, 0.46) == Place(country: "Australia", countryCode: "AU"))
        #expect(try place([town], 0, 1.34)?.countryCode == "AU")
        #expect(try place([town], 0, 1.36) == nil)
        #expect(try place([], 0, 0) == nil)
    }

    @Test func `what is no position has no place`() throws {
        let town = TestPlace(latitude: 90, longitude: 0)
        for (latitude, longitude) in [(90.1, 0), (.nan, 0), (0, .infinity), (90, .nan)] as [(Double, Double)] {
            #expect(try place([town], latitude, longitude) == nil)
        }
    }

    @Test func `a city speaks for the small places that it covers, which become its districts`() throws {
        // It reaches 0.0085 · √4,000,000 = 17 km, cut to 15.
        let city = TestPlace(name: "City", latitude: 0, longitude: 0, population: 4_000_000, state: "East")
        let quarter = TestPlace(name: "Quarter", latitude: 0, longitude: 0.05, population: 20_000, state: "East")
        let found = try place([city, quarter], 0, 0.051)
        #expect(found?.city == "City" && found?.district == "Quarter")
        let inner = try place([city, quarter], 0, 0)
        #expect(inner?.city == "City" && inner?.district == nil)
        let village = TestPlace(name: "Village", latitude: 0, longitude: 0.14, population: 20_000, state: "East")
        #expect(try place([city, village], 0, 0.14)?.city == "Village")
    }

    @Test func `a town of its own, or one across a border, keeps its name beside a city`() throws {
        let city = TestPlace(name: "City", latitude: 0, longitude: 0, population: 4_000_000, state: "East")
        for town in [
            TestPlace(name: "Town", latitude: 0, longitude: 0.05, population: 600_000, state: "East"),
            TestPlace(name: "Town", latitude: 0, longitude: 0.05, population: 20_000, state: "West"),
            TestPlace(name: "Town", latitude: 0, longitude: 0.05, population: 20_000, state: "East", country: "US"),
        ] {
            let found = try place([city, town], 0, 0.051)
            #expect(found?.city == "Town" && found?.district == nil)
        }
    }

    @Test func `without a file the reason is told, and it helps at once when it comes`() throws {
        let scratch = try ScratchPlaces([TestPlace(latitude: 0, longitude: 0)])
        let content = try scratch.bytes()
        let geocoder = Geocoder(paths: [scratch.path + ".other", scratch.path])
        try scratch.remove()
        #expect(throws: PlacesProblem.missing) { try geocoder.place(latitude: 0, longitude: 0) }
        #expect(!geocoder.isAvailable)
        try scratch.write(content)
        #expect(try geocoder.place(latitude: 0, longitude: 0)?.country == "Australia")
    }

    @Test func `a file that is cut, longer or of another kind is not taken`() throws {
        let scratch = try ScratchPlaces([TestPlace(latitude: 0, longitude: 0)])
        let whole = try scratch.bytes()
        var foreign = whole
        foreign[0] = 0
        var newer = whole
        newer[8] = 2
        var vast = whole
        vast.replaceSubrange(12..<16, with: [255, 255, 255, 255])
        for bad in [[], Array(whole.prefix(40)), Array(whole.dropLast()), whole + [0], foreign, newer, vast] {
            try scratch.write(bad)
            #expect(throws: PlacesProblem.self) { try scratch.geocoder.place(latitude: 0, longitude: 0) }
        }
    }

    @Test(arguments: 0..<20)
    func `damage gives wrong names at worst, and is found by checking`(seed: Int) throws {
        var random = Seeded(seed)
        let places = (0..<200).map {
            TestPlace(
                name: "Place \($0)", latitude: Double($0 % 20), longitude: Double($0 / 20), population: $0, state: "S\($0 % 7)")
        }
        let scratch = try ScratchPlaces(places)
        var content = try scratch.bytes()
        for _ in 0..<40 {
            content[.random(in: PlacesLayout.headBytes..<content.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        try scratch.write(content)
        let geocoder = scratch.geocoder
        for place in places { _ = try geocoder.place(latitude: place.latitude, longitude: place.longitude) }
        guard case .unavailable = geocoder.capability() else {
            Issue.record("damage was not found")
            return
        }
    }

    static let known: [(String, Double, Double, Place)] = [
        (
            "Munich", 48.1374, 11.5755,
            Place(city: "Munich", state: "Bavaria", country: "Germany", countryCode: "DE", timezone: "Europe/Berlin")
        ),
        (
            "the Eiffel Tower", 48.8584, 2.2945,
            Place(
                city: "Paris", district: "Paris 16 Passy", state: "Île-de-France", country: "France", countryCode: "FR",
                timezone: "Europe/Paris")
        ),
        (
            "Jersey City, across from New York", 40.7280, -74.0776,
            Place(
                city: "Jersey City", state: "New Jersey", country: "United States", countryCode: "US",
                timezone: "America/New_York")
        ),
        ("the sea off Fiji", -16.8, -179.97, Place(country: "Fiji", countryCode: "FJ")),
    ]

    @Test(arguments: known)
    func `the world that set-up builds has known places right`(_: String, latitude: Double, longitude: Double, place: Place)
        throws
    {
        let geocoder = Geocoder(paths: [Program.places])
        #expect(try geocoder.place(latitude: latitude, longitude: longitude) == place)
    }

    @Test func `the world is whole, and empty where nobody lives`() throws {
        let geocoder = Geocoder(paths: [Program.places])
        guard case .available(let version) = geocoder.capability() else {
            Issue.record("the file of places is missing or damaged; scripts/setup builds it")
            return
        }
        #expect(version.hasPrefix("234908 places"))
        for (latitude, longitude) in [(0.0, 0.0), (90, 0), (-75, 100), (30, -40), (-48.9, -123.4)] {
            #expect(try geocoder.place(latitude: latitude, longitude: longitude) == nil)
        }
    }
}
