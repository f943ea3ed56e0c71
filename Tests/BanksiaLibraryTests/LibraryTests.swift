import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import Testing

@Suite("Libraries") struct LibraryTests {
    let world: World
    init() async throws { world = try await World() }

    @Test func `an account starts with a default library`() async throws {
        let ana = try await world.user("ana")

        let libraries = try await world.library.libraries.list(by: ana)

        #expect(libraries.map(\.name) == ["Default Library"])
        #expect(libraries.map(\.role) == [.owner])
    }

    @Test func `a library of another user looks like one that does not exist`() async throws {
        let ana = try await world.user("ana"), ben = try await world.user("ben")
        let library = try await world.libraryID(of: ana)

        await #expect(throws: LibraryProblem.notFound) { try await world.library.libraries.get("\(library)", by: ben) }
        await #expect(throws: LibraryProblem.notFound) { try await world.library.libraries.get("lib_nothing", by: ben) }
        await #expect(throws: LibraryProblem.notFound) { try await world.library.libraries.resolve("\(library)", by: ben) }
    }

    @Test func `creating an equal library twice returns the first one`() async throws {
        let ana = try await world.user("ana")

        let first = try await world.library.libraries.create(Name("Trips"), description: "Far away", by: ana)
        let again = try await world.library.libraries.create(Name("Trips"), description: "Far away", by: ana)

        #expect(first.isNew && !again.isNew)
        #expect(first.record.id == again.record.id)
        await #expect(throws: LibraryProblem.nameTaken("trips")) {
            try await world.library.libraries.create(Name("trips"), description: "Near", by: ana)
        }
    }

    @Test func `with two libraries a request must say which one it means`() async throws {
        let ana = try await world.user("ana")
        _ = try await world.library.libraries.create(Name("Trips"), description: nil, by: ana)

        await #expect(throws: LibraryProblem.choiceRequired) { try await world.library.libraries.resolve(nil, by: ana) }
        await #expect(throws: LibraryProblem.choiceRequired) { try await world.library.libraries.resolve("  ", by: ana) }
    }

    @Test func `an update that changes nothing leaves the time of the last update alone`() async throws {
        let ana = try await world.user("ana")
        let before = try await world.library.libraries.list(by: ana)[0]
        world.clock.advance(by: .seconds(60))

        let same = try await world.library.libraries.update(
            "\(before.id)", name: Name("Default Library"), description: nil, by: ana)
        let renamed = try await world.library.libraries.update("\(before.id)", name: Name("Home"), description: nil, by: ana)

        #expect(same.updatedAt == before.updatedAt)
        #expect(renamed.name == "Home")
        #expect(renamed.updatedAt > before.updatedAt)
    }
}
