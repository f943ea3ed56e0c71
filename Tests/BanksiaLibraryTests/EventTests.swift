import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Testing

@Suite("Events") struct EventTests {
    let world: World
    init() async throws { world = try await World() }

    @Test func `an upload is told as an asset and as its metadata`() async throws {
        let ana = try await world.user("ana"), library = try await world.libraryID(of: ana)
        let photo = try await world.photo(of: ana)

        let page = try await world.library.events.list(EventQuery(), in: library, by: ana)

        #expect(page.events.items.map(\.type) == ["asset_created", "metadata_updated"])
        #expect(page.events.items.map(\.entityID) == ["\(photo.id)", "\(photo.id)"])
        #expect(page.events.items.allSatisfy { $0.payload == nil } && !page.events.hasMore)
        await world.close()
    }

    @Test func `a read in pages ends where the feed ended when it began`() async throws {
        let ana = try await world.user("ana"), library = try await world.libraryID(of: ana)
        for number in 0..<5 { try await album(number, in: library, of: ana) }

        let first = try await world.library.events.list(EventQuery(limit: 2), in: library, by: ana)
        try await album(5, in: library, of: ana)
        var pages = [first]
        while pages.last?.events.hasMore == true {
            let cursor = try #require(pages.last?.next).description
            pages.append(try await world.library.events.list(EventQuery(after: cursor, limit: 2), in: library, by: ana))
        }

        #expect(pages.flatMap(\.events.items).map(\.cursor.sequence) == [1, 2, 3, 4, 5])
        #expect(pages.allSatisfy { $0.asOf == first.asOf })
        let end = try #require(pages.last?.next).description
        let later = try await world.library.events.list(EventQuery(after: end), in: library, by: ana)
        #expect(later.events.items.map(\.cursor.sequence) == [6])
        let resting = try await world.library.events.list(
            EventQuery(after: later.next?.description), in: library, by: ana)
        #expect(resting.events.items.isEmpty && resting.next == later.next)
        await world.close()
    }

    @Test func `writers at once get numbers without a gap, in the order in which they become visible`() async throws {
        let ana = try await world.user("ana"), library = try await world.libraryID(of: ana)
        var seen: [Int64] = []
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 { group.addTask { try await album(number, in: library, of: ana) } }
            while seen.count < 40 {
                let after = seen.last.map { "\($0).\(ShortUUID.encode(library.uuid))" }
                let page = try await world.library.events.list(EventQuery(after: after, limit: 200), in: library, by: ana)
                seen += page.events.items.map(\.cursor.sequence)
            }
            try await group.waitForAll()
        }
        #expect(seen == Array(1...40))
        await world.close()
    }

    @Test func `cursors of other libraries, from the future and made up are refused`() async throws {
        let ana = try await world.user("ana"), library = try await world.libraryID(of: ana)
        let other = try await world.libraryID(of: try await world.user("ben"))
        try await album(0, in: library, of: ana)
        let own = ShortUUID.encode(library.uuid), foreign = ShortUUID.encode(other.uuid)
        for text in [
            "1.\(foreign)", "2.\(own)", "-1.\(own)", "1.\(own).2", "1.\(own).", "1.\(own).1.1", "1", "x.\(own)", "٣.\(own)",
        ] {
            await #expect(throws: EventProblem.cursor, "\(text)") {
                try await world.library.events.list(EventQuery(after: text), in: library, by: ana)
            }
        }
        #expect(try await world.library.events.list(EventQuery(after: "1.\(own)"), in: library, by: ana).events.items.isEmpty)
        await world.close()
    }

    @Test func `a feed is read in three statements however long it is`() async throws {
        let ana = try await world.user("ana"), library = try await world.libraryID(of: ana)
        func count() async throws -> Int {
            let before = world.database.statementCount
            _ = try await world.library.events.list(EventQuery(limit: 200), in: library, by: ana)
            return world.database.statementCount - before
        }
        try await album(0, in: library, of: ana)
        let few = try await count()
        for number in 1..<20 { try await album(number, in: library, of: ana) }
        #expect(try await count() == few)
        await world.close()
    }

    private func album(_ number: Int, in library: LibraryID, of viewer: Viewer) async throws {
        _ = try await world.library.albums.create("Album \(number)", description: nil, in: library, .alwaysNew, by: viewer)
    }
}
