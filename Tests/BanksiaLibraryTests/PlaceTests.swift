import BanksiaCore
import BanksiaJobs
import BanksiaPlaces
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Places") struct PlaceTests {
    private static let munich = GeoPosition(latitude: 48.1374, longitude: 11.5755)
    private static let eiffelTower = GeoPosition(latitude: 48.8584, longitude: 2.2945)

    private func move(_ photo: Asset, to position: GeoPosition?, by viewer: Viewer, in world: World) async throws {
        _ = try await world.library.assets.update(
            "\(photo.id)", MetadataChange(position: position.map { .set($0) } ?? .clear), by: viewer)
    }

    private func metadata(of photo: Asset, by viewer: Viewer, in world: World) async throws -> AssetMetadata {
        try #require(try await world.library.assets.get("\(photo.id)", .full, by: viewer).metadata)
    }

    private func naming(of photo: Asset, by viewer: Viewer, in world: World) async throws -> [Job] {
        try await world.library.tasks.list(ofAsset: "\(photo.id)", by: viewer).filter { $0.kind == Pipeline.placeNames }
    }

    @Test func `where a user puts a photo is named, and names go with the position`() async throws {
        let world = try await World()
        let ana = try await world.user("ana"), photo = try await world.photo(of: ana)
        try await move(photo, to: Self.munich, by: ana, in: world)
        try await world.finishJobs()
        let there = try await metadata(of: photo, by: ana, in: world)
        #expect(there.displayLabel == "Munich, Germany" && there.state == "Bavaria" && there.countryCode == "DE")
        #expect(there.timezone == "Europe/Berlin")
        let after = try await world.library.assets.get("\(photo.id)", .full, by: ana)
        #expect(after.localDateTime == photo.localDateTime)

        try await move(photo, to: Self.eiffelTower, by: ana, in: world)
        #expect(try await metadata(of: photo, by: ana, in: world).displayLabel == nil)
        try await world.finishJobs()
        let moved = try await metadata(of: photo, by: ana, in: world)
        #expect(moved.displayLabel == "Paris 16 Passy, Paris, France" && moved.timezone == "Europe/Paris")

        try await move(photo, to: nil, by: ana, in: world)
        let nowhere = try await metadata(of: photo, by: ana, in: world)
        #expect(nowhere.displayLabel == nil && nowhere.timezone == nil && nowhere.countryCode == nil)
        try await world.finishJobs()
        #expect(try await naming(of: photo, by: ana, in: world).map(\.status) == [.success, .success])
        await world.close()
    }

    @Test func `names are told once, and found by every word`() async throws {
        let world = try await World()
        let ana = try await world.user("ana"), photo = try await world.photo(of: ana)
        try await move(photo, to: Self.eiffelTower, by: ana, in: world)
        let before = try await world.events(of: ana).count
        try await world.finishJobs()
        let told = try await world.events(of: ana).dropFirst(before)
        #expect(told.filter { $0.type == "metadata_updated" }.count == 1)
        let library = try await world.libraryID(of: ana)
        for word in ["paris", "FRANCE", "ile de france", "passy"] {
            let found = try await world.database.read { tx in
                try SearchWordsStore.hits(
                    SearchTerms(word), in: library, matching: AssetFilter(), by: ana, limit: 10, tx)
            }
            #expect(found.map(\.asset) == [photo.id], "\(word)")
        }
        // Once more changes nothing and tells nothing.
        let events = try await world.events(of: ana).count
        try await world.database.write { tx in
            try tx.execute("UPDATE derivation SET recipe = 0")
        }
        try await world.library.namePlaces()
        try await world.finishJobs()
        #expect(try await world.events(of: ana).count == events)
        try await world.library.namePlaces()
        #expect(try await naming(of: photo, by: ana, in: world).allSatisfy { $0.status == .success })
        await world.close()
    }

    @Test func `without the file of places it is said why, and the next start makes up for it`() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "banksia-\(UUID()).places").path
        let world = try await World(geocoder: Geocoder(paths: [path]))
        let ana = try await world.user("ana"), photo = try await world.photo(of: ana)
        try await move(photo, to: Self.munich, by: ana, in: world)
        try await world.finishJobs()
        let failed = try #require(try await naming(of: photo, by: ana, in: world).first)
        #expect(failed.status == .failure && failed.errorMessage == PlacesProblem.missing.detail)
        try await world.library.namePlaces()
        #expect(try await naming(of: photo, by: ana, in: world).count == 1)

        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: Program.places)
        defer { try? FileManager.default.removeItem(atPath: path) }  // a leftover in the temporary folder does no harm
        try await world.library.namePlaces()
        try await world.finishJobs()
        #expect(try await metadata(of: photo, by: ana, in: world).displayLabel == "Munich, Germany")
        await world.close()
    }

    @Test func `what the file names stays, and what it leaves out is added`() async throws {
        let world = try await World()
        let ana = try await world.user("ana"), photo = try await world.photo(of: ana)
        func label(_ names: MetadataLayers.PlaceNames) throws -> String? {
            let file = MetadataLayers.FileFacts(captured: photo.localDateTime, position: Self.munich, place: names)
            let derived = MetadataLayers.PlaceNames(
                sublocation: "Maxvorstadt", city: "Munich", state: "Bavaria", country: "Germany")
            var (shown, metadata) = (photo, try #require(photo.metadata))
            MetadataLayers(file: file, derived: derived).show(in: &shown, &metadata)
            return metadata.displayLabel
        }
        #expect(try label(.init(city: "Haidhausen", country: "Bayern")) == "Haidhausen, Bayern")
        #expect(try label(.init(city: "Haidhausen")) == "Haidhausen, Germany")
        #expect(try label(.init()) == "Maxvorstadt, Munich, Germany")
    }
}
