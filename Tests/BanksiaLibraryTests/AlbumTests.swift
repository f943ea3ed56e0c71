import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import Testing

@Suite("Albums") struct AlbumTests {
    let world: World
    init() async throws { world = try await World() }

    @Test func `every asset of a request is added, known or not found`() async throws {
        let ana = try await world.user("ana"), ben = try await world.user("ben")
        let library = try await world.libraryID(of: ana)
        let mine = try await world.photo(of: ana), known = try await world.photo(of: ana),
            foreign = try await world.photo(of: ben)
        let album = try await world.library.albums.create("Coast", description: nil, in: library, .alwaysNew, by: ana).record
        _ = try await world.library.albums.add(["\(known.id)"], to: "\(album.id)", by: ana)

        let result = try await world.library.albums.add(
            ["\(mine.id)", "\(known.id)", "\(foreign.id)", "nonsense", "\(mine.id)"], to: "\(album.id)", by: ana)

        #expect(result.added == [mine.id])
        #expect(result.duplicates == [known.id])
        #expect(result.notFound == ["\(foreign.id)", "nonsense"])
        await #expect(throws: AlbumProblem.notFound) { try await world.library.albums.add([], to: "\(album.id)", by: ben) }
        await world.close()
    }

    @Test func `equal names are reused only where the client expects it`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        func create(_ description: String?, _ rule: AlbumNameRule) async throws -> Stored<Album> {
            try await world.library.albums.create(" Coast ", description: description, in: library, rule, by: ana)
        }

        let first = try await create("Blue", .alwaysNew), second = try await create("Blue", .alwaysNew)
        let reused = try await create("Blue", .reuseEqual)

        #expect(first.record.id != second.record.id)
        #expect(reused.record.id == first.record.id && !reused.isNew)
        await #expect(throws: AlbumProblem.nameTaken("Coast")) { try await create("Green", .reuseEqual) }
    }

    @Test func `a blank name becomes the default name`() async throws {
        let ana = try await world.user("ana")
        let album = try await world.library.albums.create(
            "  ", description: " ", in: world.libraryID(of: ana), .alwaysNew, by: ana
        ).record
        #expect(album.name == "New Album")
        #expect(album.description == nil)
    }
}
