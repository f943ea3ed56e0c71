import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaMedia
import BanksiaTestKit
import Foundation
import Testing

@Suite("Search") struct SearchTests {
    @Test func `without words or conditions there is nothing to look for`() async throws {
        let world = try await World()
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        await #expect(throws: SearchProblem.noCriterion) {
            try await world.library.search.find(SearchQuery(text: "  "), in: library, by: ana)
        }
        await #expect(throws: SearchProblem.tooLong) {
            try await world.library.search.find(SearchQuery(text: String(repeating: "a", count: 1001)), in: library, by: ana)
        }
    }

    @Test func `conditions alone give the newest first, page by page`() async throws {
        let world = try await World()
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        var ids: [AssetID] = []
        for day in 1...5 { ids.append(try await world.photo(of: ana, taken: "2024-01-0\(day)").id) }
        let filter = AssetFilter(mediaClass: .image)

        var found: [AssetID] = []
        for page in 1...3 {
            let hits = try await world.library.search.find(
                SearchQuery(text: nil, filter: filter, page: page, limit: 2), in: library, by: ana)
            found += hits.items.map(\.asset.id)
            #expect(hits.hasMore == (page < 3))
            #expect(hits.items.allSatisfy { $0.distance == nil })
        }
        #expect(found == ids.reversed())
        await world.close()
    }

    @Test(
        .enabled(
            if: !Program.modelFolders.isEmpty && Program.runtimeLibrary != nil, "needs the model pack that `make setup` prepares")
    )
    func `a photo is found by content as soon as its task is done, and not any more when it is gone`() async throws {
        let world = try await World(modelFolders: Program.modelFolders)
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        try await world.library.models.chooseFirst(preferring: "lite2-minilm-a2")
        let photos = [try await world.photo(of: ana), try await world.photo(of: ana)]
        func search() async throws -> Page<SearchHit> {
            try await world.library.search.find(SearchQuery(text: "a coloured wall", threshold: 1), in: library, by: ana)
        }
        #expect(try await search().items.isEmpty)

        try await world.finishJobs()
        let hits = try await search().items
        #expect(Set(hits.map(\.asset.id)) == Set(photos.map(\.id)))
        #expect(hits.compactMap(\.distance) == hits.compactMap(\.distance).sorted())

        // Indexes can be deleted at any time; PostgreSQL has none outside.
        try? FileManager.default.removeItem(at: world.folder.appending(path: "indexes"))
        try await world.library.assets.delete("\(photos[0].id)", by: ana)
        #expect(try await search().items.map(\.asset.id) == [photos[1].id])

        try await world.library.assets.delete("\(photos[1].id)", by: ana)
        let later = try await world.photo(of: ana)
        try await world.finishJobs()
        #expect(try await search().items.map(\.asset.id) == [later.id])
        await world.close()
    }
}
