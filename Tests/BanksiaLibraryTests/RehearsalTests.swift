import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import Testing

@Suite("Rehearsal") struct RehearsalTests {
    @Test func `what is rehearsed leaves nothing, and then happens just so`() async throws {
        let world = try await World(), ana = try await world.user("ana")
        let (first, second) = (try await world.photo(of: ana), try await world.photo(of: ana))
        let library = try await world.libraryID(of: ana)
        let ids = [first.id.description, second.id.description]
        let start = try await world.library.events.list(EventQuery(), in: library, by: ana).events.items.count

        let rehearsal = try await world.library.rehearse(by: ana) {
            try await world.library.assets.trash(ids, in: library, by: ana)
        }
        #expect(rehearsal.events.map(\.type) == ["asset_trashed", "asset_trashed"])
        #expect(try await world.library.assets.get(ids[0], .lean, by: ana).trashedAt == nil)
        let between = try await world.library.events.list(EventQuery(), in: library, by: ana).events.items
        #expect(between.count == start)

        try await world.library.assets.trash(ids, in: library, by: ana)
        let after = try await world.library.events.list(EventQuery(limit: 200), in: library, by: ana).events.items
        #expect(after.dropFirst(start).map(\.entityID) == rehearsal.events.map(\.entityID))
        #expect(after.dropFirst(start).map(\.cursor) == rehearsal.events.map(\.cursor))
    }

    @Test func `what would be refused is refused`() async throws {
        let world = try await World()
        let (ana, ben) = (try await world.user("ana"), try await world.user("ben"))
        let library = try await world.libraryID(of: ana)
        await #expect(throws: LibraryProblem.notFound) {
            try await world.library.rehearse(by: ben) { try await world.library.assets.trash([], in: library, by: ben) }
        }
    }
}
