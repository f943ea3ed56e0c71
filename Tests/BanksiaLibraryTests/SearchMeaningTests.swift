import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import BanksiaVision
import Foundation
import Testing

@testable import BanksiaLibrary

/// What is found beyond the very words, and what a query is taken to mean, in a world without a model pack.
@Suite("Search by what is meant") struct SearchMeaningTests {
    let world: World
    let ana: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    private func answer(_ text: String, _ change: (inout SearchQuery) -> Void = { _ in }) async throws -> SearchAnswer {
        var query = SearchQuery(text: text, limit: 200)
        change(&query)
        return try await world.library.search.answer(query, in: library, by: ana)
    }

    private func names(_ text: String, _ change: (inout SearchQuery) -> Void = { _ in }) async throws -> [String] {
        try await answer(text, change).page.items.map(\.asset.originalFileName)
    }

    private func copy(_ photo: Asset, times: Int) async throws {
        let (original, metadata) = (try #require(photo.file), try #require(photo.metadata))
        try await world.database.write { tx in
            var (asset, file) = (photo, original)
            for number in 0..<times {
                let digest = (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }
                file.checksum = ContentDigest(bytes: digest) ?? file.checksum
                (asset.id, asset.currentVersionID) = (AssetID(uuid: UUID()), AssetVersionID(uuid: UUID()))
                try AssetStore.insert(asset, file, metadata, tx)
            }
        }
    }

    // MARK: Words

    @Test(arguments: [
        ("harb", "harbour.png", 0.65), ("harbours", "harbour.png", 0.2), ("harbuor", "harbour.png", 0.725),
        ("harbor", "harbour.png", 0.725), ("lighthuose", "lighthouses.png", 0.725), ("lighthouse", "lighthouses.png", 0.2),
    ])
    func `beginnings, other numbers and slips of the pen find the word`(query: String, name: String, distance: Double)
        async throws
    {
        _ = try await world.photo(of: ana, named: "harbour.png")
        _ = try await world.photo(of: ana, named: "lighthouses.png")
        let hits = try await answer(query).page.items
        #expect(hits.map(\.asset.originalFileName) == [name])
        #expect(abs((hits.first?.distance ?? 1) - distance) < 1e-9)
        #expect(try await names(query) { $0.isLiteral = true } == (query == "harbour" ? [name] : []))
    }

    @Test func `the very word comes before all others, and beginnings only at the end`() async throws {
        for name in ["cat.png", "cathedral.png", "cats.png"] { _ = try await world.photo(of: ana, named: name) }
        #expect(try await names("cat").last == "cathedral.png")
        #expect(try await names("cat").count == 3)
        #expect(Set(try await names("cat black")) == ["cat.png", "cats.png"])
    }

    @Test func `a slip in a name is mended, and what stands there is taken as it is`() async throws {
        _ = try await world.photo(of: ana, named: "horse.png")
        _ = try await world.photo(of: ana, named: "house.png")
        #expect(try await names("horse") == ["horse.png"])
        #expect(Set(try await names("horze")) == ["horse.png"])
        #expect(try await answer("horze").readings == [SearchReading(.spelling, "horze", value: "horse")])
        #expect(try await names("xyzzyq").isEmpty)
    }

    @Test func `what was deleted is not what somebody meant`() async throws {
        let secret = try await world.photo(of: ana, named: "chemotherapy.png")
        _ = try await world.library.albums.create("Lighthouses", description: nil, in: library, .alwaysNew, by: ana)
        #expect(try await answer("chemoterapy").readings.map(\.value) == ["chemotherapy"])
        try await world.library.assets.trash(["\(secret.id)"], in: library, by: ana)
        #expect(try await answer("chemoterapy").readings.isEmpty)
        try await world.library.assets.delete("\(secret.id)", by: ana)
        #expect(try await answer("chemoterapy").readings.isEmpty)
        #expect(try await answer("lighthuses").readings.map(\.value) == ["lighthouses"])
    }

    @Test(arguments: [("abcd", "abdc", 1), ("lake", "lakes", 1), ("lake", "like", 1), ("lake", "bird", 3), ("a", "abc", 2)])
    func `mistakes are counted`(one: String, other: String, count: Int) {
        #expect(min(Misspelling.mistakes(from: one, to: other, atMost: 2), 3) == count)
        #expect(min(Misspelling.mistakes(from: other, to: one, atMost: 2), 3) == count)
    }

    @Test func `a nearer rank is never further away`() {
        let terms = SearchTerms("one two three four")
        let distances = (1...4).flatMap { exact in (0...2 * (4 - exact)).map { terms.distance(rank: exact * 1000 + $0) } }
        #expect(distances == distances.sorted(by: >) && distances.allSatisfy { (0.2...0.5).contains($0) })
        let weak = (1...8).map { terms.distance(rank: $0) }
        #expect(weak == weak.sorted(by: >) && weak.allSatisfy { (0.65..<0.8).contains($0) })
        for named in stride(from: 0.2, through: 0.8, by: 0.1) {
            let fused = stride(from: 0.0, through: 1, by: 0.05).map { Fusion.distance(named, with: $0) }
            #expect(fused == fused.sorted() && fused.allSatisfy { $0 <= named })
        }
    }

    @Test func `beside a sure match, less is plausible, and what is sure stays so`() {
        let range = ModelPack.ScoreRange(show: 0.2, good: 0.4)
        for best in [nil, Float(0.1), 0.2, 0.3, 0.4, 0.9] {
            let scale = DistanceScale(range, best: best)
            let distances = stride(from: Float(-1), through: 1, by: 0.05).map { scale.distance(of: $0) }
            #expect(distances == distances.sorted(by: >) && distances.first == 1 && distances.last == 0)
            #expect(abs(scale.distance(of: 0.4) - 0.6) < 1e-6)
        }
        #expect([0.2, 0.3, 0.9].map { DistanceScale(range, best: $0).distance(of: 0.26) <= 0.8 } == [true, true, false])
    }

    // MARK: Times and kinds

    @Test func `a time alone is looked for, and with words it only brings nearer`() async throws {
        // The world's clock stands in November 2023.
        for (name, taken) in [("beach 1.png", "2019-06-10"), ("beach 2.png", "2023-07-01"), ("dog.png", "2019-06-30")] {
            _ = try await world.photo(of: ana, named: name, taken: taken)
        }
        #expect(try await names("June 2019") == ["dog.png", "beach 1.png"])
        #expect(try await names("june 2019") { $0.isLiteral = true } == [])
        #expect(try await names("beach june 2019") == ["beach 1.png", "beach 2.png"])
        #expect(try await names("beach") == ["beach 2.png", "beach 1.png"])
        let hit = try #require(try await answer("beach in june 2019").page.items.first)
        #expect(hit.distance == 0.2)
        #expect(hit.reasons.first?.matches.map(\.way) == [.exact, .time, .time])
        #expect(
            try await answer("june 2019").readings == [SearchReading(.time, "june 2019", value: "2019-06-01/2019-06-30")])
    }

    @Test func `videos of something are videos`() async throws {
        let (film, photo) = (
            try await world.photo(of: ana, named: "dance a.png"), try await world.photo(of: ana, named: "dance b.png")
        )
        try await world.database.write { tx in
            try tx.execute("UPDATE asset SET media_class = 'video' WHERE id = \(film.id)")
        }
        for query in ["videos of dance", "show me films of the dance", "videos"] {
            #expect(try await names(query) == ["dance a.png"], "\(query)")
        }
        #expect(try await answer("videos").page.items.first?.distance == nil)
        #expect(Set(try await names("dance video")) == ["dance a.png", "dance b.png"])
        #expect(Set(try await names("videos of dance") { $0.isLiteral = true }) == ["dance a.png", "dance b.png"])
        #expect(try await names("videos of dance") { $0.filter.mediaClass = .image } == [photo.originalFileName])
        #expect(
            try await answer("videos of dance").readings.first == SearchReading(.mediaType, "videos of", value: "video", .filter))
    }

    // MARK: Names, counts and suggestions

    @Test func `albums, places and cameras are known by name`() async throws {
        let photo = try await world.photo(of: ana, named: "1.png")
        try await world.database.write { tx in
            try tx.execute(
                """
                UPDATE asset_metadata SET city = 'San Sebastián', country = 'Spain', make = 'FUJIFILM', model = 'X-T5'
                WHERE asset_id = \(photo.id)
                """)
            try SearchWordsStore.keep(of: [photo.id], tx)
        }
        let album = try await world.library.albums.create("Summer Trip", description: nil, in: library, .alwaysNew, by: ana)
            .record
        _ = try await world.library.albums.add(["\(photo.id)"], to: "\(album.id)", by: ana)
        let readings = try await answer("summer trip to san sebastian with the fujifilm x-t5").readings
        #expect(
            readings.map { "\($0.kind) \($0.value)" } == [
                "album Summer Trip", "camera FUJIFILM", "camera X-T5", "place San Sebastián",
            ])
        #expect(readings.first?.id == "\(album.id)")
        #expect(try await answer("summer trip") { $0.isLiteral = true }.readings.isEmpty)

        let bob = try await world.user("bob")
        func suggested(_ text: String, by viewer: Viewer) async throws -> [String] {
            try await world.library.search.suggestions(for: text, limit: 10, in: library, by: viewer)
                .map { "\($0.kind) \($0.name) \($0.count)" }
        }
        #expect(try await suggested("s", by: ana) == ["place San Sebastián 1", "place Spain 1", "album Summer Trip 1"])
        #expect(try await suggested("san seb", by: ana) == ["place San Sebastián 1"])
        #expect(try await suggested("tri", by: ana) == ["album Summer Trip 1"])
        #expect(try await suggested("%", by: ana) == [])
        #expect(try await suggested("s", by: bob) == [])

        let facets = try await answer("spain") { $0.wantsFacets = true }.facets
        #expect(facets?.albums == [.init(id: "\(album.id)", name: "Summer Trip", count: 1)])
        #expect(facets?.places.map(\.name) == ["San Sebastián"] && facets?.cameras.map(\.name) == ["X-T5"])
        try await world.library.assets.delete("\(photo.id)", by: ana)
        #expect(try await suggested("s", by: ana) == [])
    }

    @Test func `pages go on beyond two hundred when the whole is asked for`() async throws {
        let photo = try await world.photo(of: ana, named: "gull.png")
        try await copy(photo, times: 250)
        let first = try await answer("gull")
        #expect(first.page.items.count == 200 && !first.page.hasMore && first.total == nil)
        var found: [AssetID] = []
        for page in 1...4 {
            let next = try await answer("gull") { ($0.isWhole, $0.limit, $0.page) = (true, 100, page) }
            #expect(next.total == 251 && next.page.hasMore == (page < 3))
            found += next.page.items.map(\.asset.id)
        }
        #expect(found.count == 251 && Set(found).count == 251)
        #expect(try await answer("") { ($0.isWhole, $0.filter.mediaClass) = (true, .image) }.total == 251)
    }
}
