import Foundation

@testable import BanksiaPlaces

/// A place for a file that a test writes.
struct TestPlace {
    var name = "Somewhere"
    var latitude: Double
    var longitude: Double
    var population = 1000
    var state: String?
    var country = "AU"
    var zone = "Australia/Perth"

    var point: SIMD3<Float> {
        let (north, east) = (latitude * .pi / 180, longitude * .pi / 180)
        return SIMD3(Float(cos(north) * cos(east)), Float(cos(north) * sin(east)), Float(sin(north)))
    }

    /// Along the ground, by the haversine formula: another way than the one that is tested.
    func kilometres(to latitude: Double, _ longitude: Double) -> Double {
        let toRadians = Double.pi / 180
        let (north, east) = ((latitude - self.latitude) * toRadians / 2, (longitude - self.longitude) * toRadians / 2)
        let half = pow(sin(north), 2) + cos(latitude * toRadians) * cos(self.latitude * toRadians) * pow(sin(east), 2)
        return 2 * 6371.0088 * asin(min(1, half.squareRoot()))
    }
}

/// A file of places in the temporary folder, removed in the end. It is written by the description in `PlacesFile.swift`, apart from the
/// script that writes the world.
final class ScratchPlaces {
    let path = FileManager.default.temporaryDirectory.appending(path: "places-\(UUID()).places").path
    /// In the order of the file.
    private(set) var places: [TestPlace] = []
    private var texts: [UInt8] = []

    static let countries = ["AU": "Australia", "FJ": "Fiji", "US": "United States"]

    init(_ places: [TestPlace]) throws {
        self.places = places
        arrange(0..<places.count, axis: 0)
        try write(content())
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // a leftover in the temporary folder does no harm

    var geocoder: Geocoder { Geocoder(paths: [path]) }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
    func remove() throws { try FileManager.default.removeItem(atPath: path) }
    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

    private func arrange(_ stretch: Range<Int>, axis: Int) {
        guard stretch.count > PlacesFile.leaf else { return }
        places[stretch].sort { $0.point[axis] < $1.point[axis] }
        let middle = (stretch.lowerBound + stretch.upperBound) / 2
        arrange(stretch.lowerBound..<middle, axis: (axis + 1) % 3)
        arrange((middle + 1)..<stretch.upperBound, axis: (axis + 1) % 3)
    }

    private func content() -> [UInt8] {
        let states = Set(places.compactMap(\.state)).sorted()
        let zones = Set(places.map(\.zone)).sorted()
        let codes = Self.countries.keys.sorted()
        var body: [UInt8] = []
        for place in places {
            let point = place.point
            for axis in 0..<3 { body += Self.word(point[axis].bitPattern) }
        }
        for place in places {
            body += Self.word(text(place.name)) + Self.word(UInt32(place.population))
            body += Self.half(place.state.flatMap { states.firstIndex(of: $0) } ?? 0xFFFF)
            body += Self.half(codes.firstIndex(of: place.country) ?? 0) + Self.half(zones.firstIndex(of: place.zone) ?? 0)
            body += Self.half(0)
        }
        for state in states { body += Self.word(text(state)) }
        for code in codes { body += Array(code.utf8) + [0, 0] + Self.word(text(Self.countries[code] ?? code)) }
        for zone in zones { body += Self.word(text(zone)) }
        let counts = [1, places.count, states.count, codes.count, zones.count, texts.count]
        let head = Array("BNKPLACE".utf8) + counts.flatMap { Self.word(UInt32($0)) }
        // Without the sum, which only `verify` looks at.
        return head + [UInt8](repeating: 0, count: 32) + body + texts
    }

    private func text(_ text: String) -> UInt32 {
        defer { texts += [UInt8(text.utf8.count)] + Array(text.utf8) }
        return UInt32(texts.count)
    }

    private static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    private static func half(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
