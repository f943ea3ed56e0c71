import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

/// Search in a world without a model pack: what is found is found as text.
@Suite("Search by name") struct SearchTextTests {
    let world: World
    let ana: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    private func search(_ text: String, _ filter: AssetFilter = .init(), by viewer: Viewer? = nil, limit: Int = 200) async throws
        -> [SearchHit]
    {
        try await world.library.search.find(
            SearchQuery(text: text, filter: filter, limit: limit), in: library, by: viewer ?? ana
        ).items
    }

    /// Writes what has no use case yet, and has the words follow.
    private func describe(_ asset: Asset, _ assignment: SQL) async throws {
        try await world.database.write { tx in
            try tx.execute("UPDATE asset_metadata SET \(assignment) WHERE asset_id = \(asset.id)")
            try SearchWordsStore.keep(of: [asset.id], tx)
        }
    }

    @Test(arguments: ["IMG_1234.png", "img_1234", "1234", "img1234", "IMG_1234"])
    func `a file is found by its name`(query: String) async throws {
        let wanted = try await world.photo(of: ana, named: "IMG_1234.png")
        _ = try await world.photo(of: ana, named: "IMG_9999.png")
        let hits = try await search(query)
        #expect(hits.map(\.asset.id) == [wanted.id])
        #expect(hits.compactMap(\.distance).allSatisfy { $0 <= 0.5 })
    }

    @Test func `a name of common words is found all the same`() async throws {
        let wanted = try await world.photo(of: ana, named: "photo.png")
        let digit = try await world.photo(of: ana, named: "5.png")
        #expect(try await search("5.png").map(\.asset.id) == [digit.id])
        #expect(try await search("photo.png").map(\.asset.id) == [wanted.id])
        #expect(try await search("a photo of a dog").isEmpty)
    }

    @Test func `camera, place, caption and album lead to an asset, and any of the words does`() async throws {
        let (camera, place, caption, album) = (
            try await world.photo(of: ana, named: "1.png"), try await world.photo(of: ana, named: "2.png"),
            try await world.photo(of: ana, named: "3.png"), try await world.photo(of: ana, named: "4.png")
        )
        try await describe(camera, "make = 'FUJIFILM', model = 'X-T5', lens_model = 'XF23mm F2'")
        try await describe(place, "city = 'Besançon', country = 'France'")
        try await describe(caption, "description = 'Grandmother''s seventieth birthday'")
        let holiday = try await world.library.albums.create(
            "Übersee 2019", description: nil, in: library, .alwaysNew, by: ana
        ).record
        _ = try await world.library.albums.add(["\(album.id)"], to: "\(holiday.id)", by: ana)

        #expect(try await search("fujifilm").map(\.asset.id) == [camera.id])
        #expect(try await search("xf23mm").map(\.asset.id) == [camera.id])
        #expect(try await search("besancon").map(\.asset.id) == [place.id])
        #expect(try await search("Birthday").map(\.asset.id) == [caption.id])
        #expect(try await search("ubersee").map(\.asset.id) == [album.id])
        #expect(
            Set(try await search("Fujifilm Besançon birthday Übersee nowhere").map(\.asset.id)) == [
                camera.id, place.id, caption.id, album.id,
            ])
    }

    @Test func `more of the words is nearer, and the newest comes first among equals`() async throws {
        let old = try await world.photo(of: ana, named: "beach.png", taken: "2020-01-01")
        let new = try await world.photo(of: ana, named: "beach 2.png", taken: "2021-01-01")
        let both = try await world.photo(of: ana, named: "dog.png", taken: "2019-01-01")
        let album = try await world.library.albums.create("Beach", description: nil, in: library, .alwaysNew, by: ana).record
        // The same word in two places counts once.
        _ = try await world.library.albums.add(["\(both.id)", "\(old.id)"], to: "\(album.id)", by: ana)

        let hits = try await search("dog on the beach")
        #expect(hits.map(\.asset.id) == [both.id, new.id, old.id])
        #expect(hits.map(\.distance) == [0.2, 0.5, 0.5])
    }

    @Test func `trashed, deleted, foreign and filtered assets are not found`() async throws {
        let (kept, trashed, deleted) = (
            try await world.photo(of: ana, named: "lighthouse 1.png"), try await world.photo(of: ana, named: "lighthouse 2.png"),
            try await world.photo(of: ana, named: "lighthouse 3.png")
        )
        try await world.database.write { [now = world.clock.now] tx in
            try tx.execute("UPDATE asset SET trashed_at = \(now) WHERE id = \(trashed.id)")
        }
        try await world.library.assets.delete("\(deleted.id)", by: ana)
        let bob = try await world.user("bob")
        _ = try await world.photo(of: bob, named: "lighthouse 4.png")

        #expect(try await search("lighthouse").map(\.asset.id) == [kept.id])
        #expect(try await search("lighthouse", AssetFilter(mediaClass: .video)).isEmpty)
        #expect(try await search("lighthouse", by: bob).isEmpty)
        let left = try await world.database.read { tx in try tx.value("SELECT COUNT(*) FROM asset_words", as: Int.self) }
        #expect(left == 3)
    }

    @Test func `words and conditions both hold, and pages follow each other`() async throws {
        for day in 1...5 { _ = try await world.photo(of: ana, named: "harbour \(day).png", taken: "2024-01-0\(day)") }
        let before = try #require(CaptureTime("2024-01-05"))
        let filter = AssetFilter(takenBefore: [before])
        var pages: [[String]] = []
        for page in 1...3 {
            let found = try await world.library.search.find(
                SearchQuery(text: "harbour", filter: filter, page: page, limit: 2), in: library, by: ana)
            pages.append(found.items.map(\.asset.originalFileName))
            #expect(found.hasMore == (page < 2))
        }
        #expect(pages == [["harbour 4.png", "harbour 3.png"], ["harbour 2.png", "harbour 1.png"], []])
        let near = try await world.library.search.find(
            SearchQuery(text: "harbour", threshold: 0.1), in: library, by: ana)
        #expect(near.items.isEmpty)
    }

    @Test func `without a model pack only a query without words is refused`() async throws {
        await #expect(throws: SearchProblem.unavailable("no model pack is installed.")) { _ = try await search("🦄") }
        #expect(try await search("' OR 1=1 --").isEmpty)
        #expect(try await search("\"quoted\" AND NOT (x*").isEmpty)
    }

    @Test func `words that are missing or old are made anew`() async throws {
        let photo = try await world.photo(of: ana, named: "orchard.png")
        let album = try await world.library.albums.create("Autumn", description: nil, in: library, .alwaysNew, by: ana).record
        _ = try await world.library.albums.add(["\(photo.id)"], to: "\(album.id)", by: ana)
        try await world.database.write { tx in
            try tx.execute("DELETE FROM album_words")
            try tx.execute("UPDATE asset_words SET words = replace(words, 'orchard', 'other'), recipe = 0")
        }
        #expect(try await search("autumn orchard").isEmpty)
        #expect(try await search("other").count == 1)

        try await world.library.search.keepMissingWords()

        #expect(try await search("autumn orchard").map(\.distance) == [0.2])
        #expect(try await search("other").isEmpty)
    }

    /// A look into the index of words, never at all rows.
    @Test(.readsSQLitePlans, arguments: [nil, CaptureTime(wallMicroseconds: 0)])
    func `words are looked up in an index`(takenAfter: CaptureTime?) async throws {
        let filter = AssetFilter(takenAfter: takenAfter.map { [$0] } ?? [])
        let statement = SearchWordsStore.hitsStatement(
            SearchTerms("dog beach"), in: library, matching: filter, by: ana, limit: 200)
        let plan = try await world.database.read { tx in
            try tx.rows("EXPLAIN QUERY PLAN \(statement)") { try $0.value(3, as: String.self) }
        }
        #expect(plan.contains { $0.contains("SCAN asset_words_index VIRTUAL TABLE INDEX 0:M") }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN a") && !$0.contains("VIRTUAL") }, "\(plan)")
        #expect(!plan.contains { $0.contains("(library_id=?") }, "\(plan)")
    }

    /// The few scenes of films first, never each asset that a filter leaves.
    @Test(.readsSQLitePlans) func `further vectors are looked up before their assets`() async throws {
        let filter = AssetFilter(takenAfter: [CaptureTime(wallMicroseconds: 0)])
        let statement = EmbeddingStore.furtherStatement(space: "test-pack", in: library, matching: filter, by: ana)
        let plan = try await world.database.read { tx in
            try tx.rows("EXPLAIN QUERY PLAN \(statement)") { try $0.value(3, as: String.self) }
        }
        #expect(plan.first?.contains("asset_embedding USING COVERING INDEX asset_embedding_further") == true, "\(plan)")
    }
}
