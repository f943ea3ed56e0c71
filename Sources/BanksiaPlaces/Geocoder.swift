public import BanksiaCore
import Foundation
import Synchronization

/// Names positions without asking anybody.
///
/// It knows points of places, no borders, so what it says is what the nearest place would say. Measured on points that are anywhere on
/// land, the country is right for 99.7 % of those within 10 km of a place, for 96 % at 30 to 50 km, for 94 % at 50 to 150 km.
public final class Geocoder: Sendable {
    /// Counted up when the rules or the places change, so that names made by older ones are made anew.
    public static let recipe = 1

    private let paths: [String]
    private let file = Mutex<PlacesFile?>(nil)

    /// Opens nothing before the first question.
    ///
    /// - Parameter paths: where the file of places may lie; the first one that exists counts.
    public init(paths: [String]) { self.paths = paths }

    /// The names for a position.
    ///
    /// - Parameters:
    ///   - latitude: degrees, north positive.
    ///   - longitude: degrees, east positive.
    /// - Returns: `nil` at sea and wherever no place is near.
    /// - Throws: `PlacesProblem`.
    public func place(latitude: Double, longitude: Double) throws(PlacesProblem) -> Place? {
        let file = try opened()
        guard let point = Self.point(latitude: latitude, longitude: longitude),
            let nearest = file.nearest(to: point, within: Chord.square(ofKilometres: Rules.reachOfCountry))
        else { return nil }
        let entry = file.entry(nearest.place)
        guard let country = file.country(entry.country) else { return nil }
        guard Chord.kilometres(ofSquare: nearest.square) <= Rules.reachOfNames else {
            return Place(country: country.name, countryCode: country.code)
        }
        let city = Self.city(around: point, of: entry, in: file)
        return Place(
            city: file.text((city ?? entry).name), district: city == nil ? nil : file.text(entry.name),
            state: file.state(entry.state), country: country.name, countryCode: country.code, timezone: file.zone(entry.zone))
    }

    /// Whether there are places, and whether they are whole; reads all of the file.
    public func capability() -> Capability {
        do throws(PlacesProblem) {
            let file = try opened()
            try file.verify()
            return .available(version: "\(file.count) places, GeoNames")
        } catch {
            return .unavailable(because: error.detail)
        }
    }

    /// Whether positions can be named.
    public var isAvailable: Bool {
        // what is wrong shows where a name is wanted
        (try? opened()) != nil
    }

    private func opened() throws(PlacesProblem) -> PlacesFile {
        if let file = file.withLock({ $0 }) { return file }
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else { throw .missing }
        let opened = try PlacesFile(opening: path)
        return file.withLock { known in
            if let known { return known }
            known = opened
            return opened
        }
    }

    private static func point(latitude: Double, longitude: Double) -> SIMD3<Float>? {
        guard (-90...90).contains(latitude), longitude.isFinite else { return nil }
        let (north, east) = (latitude * .pi / 180, longitude * .pi / 180)
        return SIMD3(Float(cos(north) * cos(east)), Float(cos(north) * sin(east)), Float(sin(north)))
    }
}

/// When a place is near enough, and when a big one speaks for the small ones around it (docs/decisions/0016).
///
/// Measured on 155 sights and towns whose city everybody knows, among them 40 that lie beside a bigger one: the nearest place alone gives
/// the expected city for 88, these rules for 141.
private enum Rules {
    /// Kilometres up to which the nearest place gives all names.
    static let reachOfNames = 50.0
    /// Kilometres up to which it gives the country, which is about as far as countries reach into the sea and people into deserts.
    static let reachOfCountry = 150.0
    /// A city covers about a square kilometre for each 4,400 people: what lies within `0.0085 · √population` kilometres is in it …
    static let kilometresOfOne = 0.0085
    /// … but no farther than this: beyond it even the largest have suburbs of their own name.
    static let farthestSuburb = 15.0
    /// A place that has more than an eighth of the city's people is a town of its own.
    static let timesLarger = 8
}

extension Geocoder {
    /// The largest city that covers the point, if the nearest place is only a part of it. Never one in another state: there
    /// people say the smaller one's name (Jersey City, not New York).
    private static func city(around point: SIMD3<Float>, of nearest: PlacesFile.Entry, in file: PlacesFile) -> PlacesFile.Entry? {
        var largest = nearest
        file.forEach(around: point, within: Chord.square(ofKilometres: Rules.farthestSuburb)) { neighbour in
            let entry = file.entry(neighbour.place)
            guard entry.population > largest.population, entry.country == nearest.country, entry.state == nearest.state else {
                return
            }
            let reach = Rules.kilometresOfOne * Double(entry.population).squareRoot()
            if Chord.kilometres(ofSquare: neighbour.square) <= reach { largest = entry }
        }
        return largest.population >= Rules.timesLarger * max(1, nearest.population) && largest.name != nearest.name
            ? largest : nil
    }
}
