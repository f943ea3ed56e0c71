import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Lists of albums") struct AlbumListTests {
    let world: World
    let ana: Viewer
    let library: LibraryID
    var albums: Albums { world.library.albums }

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    private func make(_ names: String...) async throws -> [AlbumID] {
        var made: [AlbumID] = []
        for name in names {
            world.clock.advance(by: .seconds(1))
            made.append(try await albums.create(name, description: nil, in: library, .alwaysNew, by: ana).record.id)
        }
        return made
    }

    private func list(_ query: AlbumQuery) async throws -> [AlbumID] {
        try await albums.list(query, in: library, by: ana).items.map(\.id)
    }

    @Test func `pages hold each album once, the newest first`() async throws {
        let made = try await make("a", "b", "c", "d", "e")
        var seen: [AlbumID] = []
        var last: String?
        var hasMore = true
        while hasMore {
            let page = try await albums.list(AlbumQuery(startingAfter: last, limit: 2), in: library, by: ana)
            seen += page.items.map(\.id)
            hasMore = page.hasMore
            last = page.items.last?.id.description
        }
        #expect(seen == made.reversed())
        await #expect(throws: AlbumProblem.cursor) { try await list(AlbumQuery(startingAfter: "album_x")) }
        try await albums.delete("\(made[0])", by: ana)
        await #expect(throws: AlbumProblem.cursor) { try await list(AlbumQuery(startingAfter: "\(made[0])")) }
    }

    @Test func `names are looked for in part, and signs mean themselves`() async throws {
        let made = try await make("Grüße 100%", "GRÜSSE", "under_score", "a#b")
        #expect(try await list(AlbumQuery(name: "grü")) == [made[1], made[0]])
        #expect(try await list(AlbumQuery(name: " GRÜ ")) == [made[1], made[0]])
        #expect(try await list(AlbumQuery(name: "0%")) == [made[0]])
        #expect(try await list(AlbumQuery(name: "%")) == [made[0]])
        #expect(try await list(AlbumQuery(name: "_")) == [made[2]])
        #expect(try await list(AlbumQuery(name: "#")) == [made[3]])
        #expect(try await list(AlbumQuery(name: "  ")).count == 4)
        await #expect(throws: NameProblem.tooLong(field: "name", limit: 255)) {
            try await list(AlbumQuery(name: String(repeating: "x", count: 256)))
        }
    }

    @Test func `ids and assets choose, and what does not exist matches nothing`() async throws {
        let made = try await make("a", "b")
        let photo = try await world.photo(of: ana)
        _ = try await albums.add(["\(photo.id)"], to: "\(made[1])", by: ana)

        #expect(try await list(AlbumQuery(ids: [made[0]])) == [made[0]])
        #expect(try await list(AlbumQuery(ids: [])) == [])
        #expect(try await list(AlbumQuery(asset: "\(photo.id)")) == [made[1]])
        #expect(try await list(AlbumQuery(asset: "nonsense")) == [])
        try await world.database.write { tx in _ = try tx.execute("UPDATE asset SET trashed_at = 1 WHERE id = \(photo.id)") }
        #expect(try await list(AlbumQuery(asset: "\(photo.id)")) == [])
        await world.close()
    }

    @Test func `memberships of live assets are listed, newest first`() async throws {
        let made = try await make("a", "b")
        let photos = [try await world.photo(of: ana), try await world.photo(of: ana), try await world.photo(of: ana)]
        for photo in photos {
            world.clock.advance(by: .seconds(1))
            for album in made { _ = try await albums.add(["\(photo.id)"], to: "\(album)", by: ana) }
        }
        func links(_ query: AlbumAssetQuery) async throws -> [AlbumAsset] {
            try await albums.links(query, in: library, by: ana).items
        }

        let all = try await links(AlbumAssetQuery())
        #expect(all.count == 6 && all.map(\.createdAt) == all.map(\.createdAt).sorted(by: >))
        #expect(try await links(AlbumAssetQuery(startingAfter: "\(all[3].id)")) == Array(all[4...]))
        #expect(try await links(AlbumAssetQuery(album: "\(made[0])")).map(\.assetID) == photos.map(\.id).reversed())
        #expect(Set(try await links(AlbumAssetQuery(asset: "\(photos[1].id)")).map(\.albumID)) == Set(made))
        #expect(try await links(AlbumAssetQuery(ids: [all[2].id])) == [all[2]])
        #expect(try await links(AlbumAssetQuery(album: "x")) == [])
        #expect(try await albums.link("\(all[5].id)", by: ana) == all[5])
        await #expect(throws: AlbumProblem.cursor) { try await links(AlbumAssetQuery(startingAfter: "x")) }
        await #expect(throws: AlbumProblem.linkNotFound) { try await albums.link("x", by: world.user("ben")) }

        try await world.database.write { tx in _ = try tx.execute("UPDATE asset SET trashed_at = 1 WHERE id = \(photos[0].id)") }
        #expect(try await links(AlbumAssetQuery()).count == 4)
        await world.close()
    }

    @Test func `a page costs as many statements however long it is`() async throws {
        let made = try await make("a", "b", "c", "d", "e")
        let photos = [try await world.photo(of: ana), try await world.photo(of: ana)]
        for album in made { _ = try await albums.add(photos.map(\.id.description), to: "\(album)", by: ana) }
        func cost(_ limit: Int) async throws -> [Int] {
            var costs: [Int] = []
            var before = world.database.statementCount
            _ = try await albums.list(AlbumQuery(limit: limit), in: library, by: ana)
            costs.append(world.database.statementCount - before)
            before = world.database.statementCount
            _ = try await albums.links(AlbumAssetQuery(limit: limit), in: library, by: ana)
            costs.append(world.database.statementCount - before)
            return costs
        }

        #expect(try await cost(1) == [1, 1])
        #expect(try await cost(100) == [1, 1])
        await world.close()
    }
}
