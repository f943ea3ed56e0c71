import Testing

@testable import BanksiaPlaces

@Suite("The tree of places") struct TreeTests {
    /// Scattered over the globe, with crowds at the poles, along the 180th meridian and in one spot.
    private func world(_ random: inout Seeded, _ count: Int) -> [TestPlace] {
        (0..<count).map { index in
            switch index % 5 {
            case 0:
                TestPlace(latitude: 90 - .random(in: 0...2, using: &random), longitude: .random(in: -180...180, using: &random))
            case 1:
                TestPlace(latitude: .random(in: 0...2, using: &random) - 90, longitude: .random(in: -180...180, using: &random))
            case 2:
                TestPlace(
                    latitude: .random(in: -60...60, using: &random),
                    longitude: (Bool.random(using: &random) ? 180 : -180) + .random(in: -0.5...0.5, using: &random))
            case 3: TestPlace(latitude: -33.5 + Double(index % 3) / 100, longitude: 151.25)
            default:
                TestPlace(latitude: .random(in: -90...90, using: &random), longitude: .random(in: -180...180, using: &random))
            }
        }
    }

    private func questions(_ random: inout Seeded) -> [(Double, Double)] {
        [(90, 0), (-90, 17), (0, 180), (0, -180), (-33.5, 151.25)]
            + (0..<40).map { _ in (.random(in: -90...90, using: &random), .random(in: -180...180, using: &random)) }
            + (0..<20).map { _ in (.random(in: -60...60, using: &random), .random(in: 179...180, using: &random)) }
    }

    /// Single-precision points are right to about a metre.
    private let metre = 0.001

    @Test(arguments: [0, 1, 2, 7, 8, 9, 17, 300, 2000] as [Int])
    func `the nearest place is the one that looking at all of them finds`(count: Int) throws {
        var random = Seeded(count)
        let scratch = try ScratchPlaces(world(&random, count))
        let file = try PlacesFile(opening: scratch.path)
        for (latitude, longitude) in questions(&random) {
            let point = TestPlace(latitude: latitude, longitude: longitude).point
            let found = file.nearest(to: point, within: 5)
            let expected = scratch.places.map { $0.kilometres(to: latitude, longitude) }.min()
            guard let found, let expected else {
                #expect(found == nil && expected == nil)
                continue
            }
            #expect(abs(scratch.places[found.place].kilometres(to: latitude, longitude) - expected) < 5 * metre)
        }
    }

    @Test(arguments: [1, 2, 3] as [Int])
    func `what is around a point is what looking at all places finds`(seed: Int) throws {
        var random = Seeded(seed)
        let scratch = try ScratchPlaces(world(&random, 1000))
        let file = try PlacesFile(opening: scratch.path)
        for (latitude, longitude) in questions(&random) {
            let radius = Double.random(in: 1...800, using: &random)
            let point = TestPlace(latitude: latitude, longitude: longitude).point
            var found: Set<Int> = []
            file.forEach(around: point, within: Chord.square(ofKilometres: radius)) { found.insert($0.place) }
            for (index, place) in scratch.places.enumerated() {
                let distance = place.kilometres(to: latitude, longitude)
                guard abs(distance - radius) > 10 * metre else { continue }
                #expect(found.contains(index) == (distance < radius))
            }
        }
    }

    @Test(arguments: [0.01, 1, 15, 50, 150, 5000, 20_000])
    func `distances go there and back`(kilometres: Double) {
        let back = Chord.kilometres(ofSquare: Chord.square(ofKilometres: kilometres))
        #expect(abs(back - kilometres) < kilometres * 1e-4)
    }
}
