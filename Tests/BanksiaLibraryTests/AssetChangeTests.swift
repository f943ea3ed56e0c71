import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Changing assets") struct AssetChangeTests {
    let world: World
    let ana: Viewer

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
    }

    private func time(_ text: String) throws -> CaptureTime { try #require(CaptureTime(text)) }

    /// A photo whose file speaks of everything that a user may change.
    private func spokenPhoto() async throws -> Asset {
        let asset = try await world.photo(of: ana)
        let taken = try time("2020-01-02T03:04:05+01:00")
        try await world.database.write { tx in
            guard var asset = try AssetStore.asset(asset.id, .full, by: ana, tx), var metadata = asset.metadata else { return }
            asset.localDateTime = taken
            metadata.originalDateTime = taken
            (metadata.latitude, metadata.longitude) = (1, 2)
            metadata.rating = 4
            metadata.description = "by the file"
            metadata.city = "Fileville"
            try MetadataStore.update(asset, metadata, tx)
        }
        return try await world.library.assets.get(asset.id.description, by: ana)
    }

    @Test func `taking a user's word back brings the file's back`() async throws {
        let file = try await spokenPhoto()
        let id = file.id.description
        let change = MetadataChange(
            originalDateTime: .set(try time("1999-12-31T23:59:59")), position: .set(GeoPosition(latitude: -3, longitude: 4)),
            rating: .set(0), description: .set("by ana"))

        let changed = try await world.library.assets.update(id, change, by: ana)
        #expect(changed.localDateTime.description == "1999-12-31T23:59:59")
        #expect(changed.metadata?.originalDateTime == changed.localDateTime)
        #expect(changed.metadata?.position == GeoPosition(latitude: -3, longitude: 4))
        #expect(changed.metadata?.rating == 0)
        #expect(changed.metadata?.description == "by ana")
        #expect(changed.metadata?.city == "Fileville")

        let back = try await world.library.assets.update(
            id, MetadataChange(originalDateTime: .clear, position: .clear, rating: .clear, description: .clear), by: ana)
        var (expected, found) = (try #require(file.metadata), try #require(back.metadata))
        (expected.updatedAt, found.updatedAt) = (found.updatedAt, found.updatedAt)
        #expect(found == expected)
        #expect(back.localDateTime == file.localDateTime)
    }

    @Test func `without a word of file or user the device's time holds, with its offset`() async throws {
        let photo = try await world.photo(of: ana, taken: "2024-05-01T12:00:00+02:00")
        let id = photo.id.description
        _ = try await world.library.assets.update(
            id, MetadataChange(originalDateTime: .set(try time("2001-01-01T00:00:00"))), by: ana)
        let back = try await world.library.assets.update(id, MetadataChange(originalDateTime: .clear), by: ana)
        #expect(back.localDateTime.description == "2024-05-01T12:00:00+02:00")
        #expect(back.metadata?.originalDateTime == nil)
    }

    @Test func `names that were derived for a position go with it`() {
        let file = MetadataLayers.FileFacts(
            captured: CaptureTime(wallMicroseconds: 0), position: GeoPosition(latitude: 1, longitude: 2))
        var layers = MetadataLayers(file: file, derived: .init(city: "Derivedtown"))
        layers.apply(MetadataChange(rating: .set(3)))
        #expect(layers.derived?.city == "Derivedtown")
        layers.apply(MetadataChange(position: .set(GeoPosition(latitude: 1, longitude: 2))))
        #expect(layers.derived?.city == "Derivedtown")
        layers.apply(MetadataChange(position: .set(GeoPosition(latitude: 5, longitude: 6))))
        #expect(layers.derived?.city == nil)
    }

    @Test func `what changes nothing moves no time and tells nothing`() async throws {
        let photo = try await spokenPhoto()
        world.clock.advance(by: .seconds(60))
        let events = try await world.events(of: ana).count
        for change in [MetadataChange(), MetadataChange(rating: .set(4)), MetadataChange(description: .clear)] {
            let same = try await world.library.assets.update(photo.id.description, change, by: ana)
            #expect(same.updatedAt == photo.updatedAt && same.metadata?.updatedAt == photo.metadata?.updatedAt)
        }
        #expect(try await world.events(of: ana).count == events)
    }

    @Test func `the feed hears of metadata always, of the asset only when its own values change`() async throws {
        let photo = try await world.photo(of: ana)
        let id = photo.id.description
        let album = try await world.library.albums.create(
            "Coast", description: nil, in: world.libraryID(of: ana), .alwaysNew, by: ana)
        let later = try await world.photo(of: ana, taken: "2024-06-01T12:00:00")
        _ = try await world.library.albums.add(
            [id, later.id.description], to: album.record.id.description, by: ana)
        let before = try await world.events(of: ana).count

        _ = try await world.library.assets.update(id, MetadataChange(rating: .set(2)), by: ana)
        _ = try await world.library.assets.update(
            id, MetadataChange(originalDateTime: .set(try time("2025-01-01T00:00:00"))), by: ana)

        let told = try await world.events(of: ana).dropFirst(before)
        #expect(told.map(\.type) == ["metadata_updated", "metadata_updated", "asset_updated", "album_updated"])
        #expect(told.last?.payload == ["album_cover_asset_id": later.id.description])
    }

    @Test func `a bulk change happens whole or not at all`() async throws {
        let photos = [try await world.photo(of: ana), try await world.photo(of: ana)].map(\.id.description)
        let change = MetadataChange(description: .set("both"))
        try await world.library.assets.update(photos.map { ($0, change) }, by: ana)
        for id in photos { #expect(try await world.library.assets.get(id, by: ana).metadata?.description == "both") }

        let events = try await world.events(of: ana).count
        let bea = try await world.user("bea")
        let foreign = try await world.photo(of: bea).id.description
        for stranger in [foreign, "asset_" + String(repeating: "2", count: 22), "nonsense"] {
            await #expect(throws: AssetProblem.notFound) {
                try await world.library.assets.update(
                    [(photos[0], MetadataChange(rating: .set(1))), (stranger, change)], by: ana)
            }
        }
        #expect(try await world.library.assets.get(photos[0], by: ana).metadata?.rating == nil)
        #expect(try await world.events(of: ana).count == events)
    }

    @Test func `a new caption is found by its words, and an old one no more`() async throws {
        let photo = try await world.photo(of: ana)
        let library = try await world.libraryID(of: ana)
        for (caption, other) in [("heron", "stork"), ("stork", "heron")] {
            _ = try await world.library.assets.update(
                photo.id.description, MetadataChange(description: .set(caption)), by: ana)
            let find = { [world, ana] (word: String) in
                try await world.database.read { tx in
                    try SearchWordsStore.hits(SearchTerms(word), in: library, matching: .init(), by: ana, limit: 10, tx)
                }
            }
            #expect(try await find(caption).count == 1)
            #expect(try await find(other).isEmpty)
        }
    }
}
