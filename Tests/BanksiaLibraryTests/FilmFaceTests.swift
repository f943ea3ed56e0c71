import BanksiaCore
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import BanksiaVision
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Faces in films") struct FilmFaceTests {
    private static let rules = GroupingRules(same: 0.4, certain: 0.6, recognisable: 8)
    private static let size = PixelSize(width: 640, height: 480)

    /// A face of somebody, by the direction of its vector, somewhere in a film.
    private func look(
        _ direction: Float, at milliseconds: Int, quality: Float = 0.5, strength: Float = 12, x: Float = 100
    ) throws -> PlacedFace {
        let found = FoundFace(
            score: 0.9, box: FoundBox(x: x, y: 100, width: 80, height: 80), quality: quality, strength: strength,
            vector: [cos(direction), sin(direction)])
        return try #require(PlacedFace(found, in: Self.size, of: Self.size, at: milliseconds))
    }

    private func times(_ looks: [[PlacedFace]]) -> [[Int?]] { looks.map { $0.map(\.spot.timestampMs) } }

    @Test func `boxes end where the picture does, and what lies beyond is nothing`() {
        func box(_ x: Float, _ y: Float, _ width: Float, _ height: Float, of size: PixelSize = FilmFaceTests.size) -> FaceBox? {
            let box = FoundBox(x: x, y: y, width: width, height: height)
            let found = FoundFace(score: 0.9, box: box, quality: 0.5, strength: 12, vector: [1, 0])
            return PlacedFace(found, in: Self.size, of: size)?.spot.box
        }
        #expect(box(-30, 10, 80, 80) == FaceBox(x: 0, y: 10, width: 50, height: 80))
        #expect(box(600, 440, 80, 80) == FaceBox(x: 600, y: 440, width: 40, height: 40))
        #expect(box(-1e9, -1e9, 2e9, 2e9) == FaceBox(x: 0, y: 0, width: 640, height: 480))
        #expect(
            box(100, 100, 80, 80, of: PixelSize(width: 64_000, height: 48_000))
                == FaceBox(x: 10_000, y: 10_000, width: 8000, height: 8000))
        #expect(box(320, 240, 320, 240, of: PixelSize(width: 2, height: 2)) == FaceBox(x: 1, y: 1, width: 1, height: 1))
        for (x, y, width, height) in [
            (-90, 10, 80, 80), (640, 10, 80, 80), (10, 480, 80, 80), (10, 10, 0, 80), (10, 10, 0.4, 0.4),
        ] {
            #expect(box(Float(x), Float(y), Float(width), Float(height)) == nil, "\(x) \(y) \(width) \(height)")
        }
        for wrong in [Float.nan, .infinity] {
            #expect(box(wrong, 0, 80, 80) == nil && box(0, 0, wrong, 80) == nil)
        }
    }

    @Test func `the looks of a person come together, best first`() throws {
        let anna = try [look(0, at: 1000), look(0.3, at: 3000, quality: 0.9), look(0.1, at: 5000, quality: 0.6)]
        let berta = try look(2, at: 3000, quality: 0.7, x: 300)
        let blurred = try look(0, at: 7000, strength: 5)
        for faces in [anna + [berta, blurred], [blurred, berta] + anna.reversed()] {
            #expect(times(PlacedFace.looks(faces, Self.rules)) == [[3000, 5000, 1000], [3000]])
        }
    }

    @Test func `two faces in one picture are two people's, however alike`() throws {
        let twins = try [look(0, at: 1000), look(0.01, at: 1000, x: 300)]
        #expect(PlacedFace.looks(twins, Self.rules).count == 2)
    }

    @Test func `a face keeps its id and its time when a film is looked at again, and none comes back where it was deleted`()
        async throws
    {
        let world = try await World()
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let film = try await world.photo(of: ana)

        func faces(_ looks: [[PlacedFace]]) async throws -> [Face] {
            let taking = FaceTaking(
                asset: film.id, library: library, space: "test", found: looks, ids: .timeOrdered, jobs: world.jobs)
            return try await world.database.write { [now = world.clock.now] tx in
                _ = try taking.run(at: now, tx)
                return try FaceStore.faces(of: [film.id], by: ana, tx)[film.id] ?? []
            }
        }

        let (early, late) = try (look(0, at: 1000), look(0.1, at: 5000, quality: 0.9))
        let first = try await faces([[early]])
        #expect(first.map(\.timestampMs) == [1000])
        #expect(try await faces([[late, early]]).map(\.id) == first.map(\.id))
        let other = try look(2, at: 9000)
        let both = try await faces([[late, early], [other]])
        #expect(both.map(\.timestampMs) == [1000, 9000])
        try await world.library.faces.delete("\(first[0].id)", by: ana)
        // At the same place, at another time, is somebody else.
        #expect(try await faces([[late, early], [other]]).map(\.id) == [both[1].id])
        await world.close()
    }
}
