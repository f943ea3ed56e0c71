import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Testing

@Suite("Default library") struct DefaultLibraryTests {
    let world: World
    let ana: Viewer
    let ben: Viewer
    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        ben = try await world.user("ben")
    }

    private var libraries: Libraries { world.library.libraries }

    private func prefer(_ library: LibraryID?, by viewer: Viewer) async throws {
        var change = ProfileChange()
        change.immichLibraryID = library.map { .set($0) } ?? .clear
        _ = try await world.library.accounts.update(change, by: viewer)
    }

    /// As a request sees the viewer, with what the credential's read finds.
    private func signedIn(_ viewer: Viewer) async throws -> Viewer {
        try await world.library.accounts.viewer(bearer: world.library.accounts.makeSession(for: viewer.user))
    }

    @Test func `the only library someone owns is meant, whatever they have joined`() async throws {
        let own = try await world.libraryID(of: ben)
        let theirs = try await world.libraryID(of: ana)
        try await world.share(theirs, of: ana, with: ben, as: .collaborator)
        try await prefer(theirs, by: ben)

        #expect(try await libraries.resolve(nil, by: ben) == own)
        #expect(try await libraries.resolve(nil, by: signedIn(ben)) == own)
    }

    @Test func `of several owned ones the preferred one is meant, as long as it can be used`() async throws {
        let first = try await world.libraryID(of: ana)
        let second = try await libraries.create(Name("Second"), description: nil, by: ana).record.id
        _ = try await libraries.create(Name("Third"), description: nil, by: ana)
        await #expect(throws: LibraryProblem.choiceRequired) { try await libraries.resolve(nil, by: ana) }

        try await prefer(second, by: ana)
        #expect(try await libraries.resolve(nil, by: ana) == second)
        #expect(try await libraries.resolve(nil, by: signedIn(ana)) == second)
        try await libraries.trash("\(second)", by: ana)
        await #expect(throws: LibraryProblem.choiceRequired) { try await libraries.resolve(nil, by: ana) }
        #expect(try await world.library.accounts.profile(of: ana).immichLibraryID == second)
        #expect(try await libraries.resolve("\(first)", by: ana) == first)
    }

    @Test func `a key for one library means it, also when that is a joined one`() async throws {
        let theirs = try await world.libraryID(of: ana)
        try await world.share(theirs, of: ana, with: ben, as: .viewer)
        let key = try await world.library.keys.create(.init(name: Name("k"), libraries: ["\(theirs)"]), by: ben).secret
        #expect(try await libraries.resolve(nil, by: world.library.accounts.viewer(bearer: key)) == theirs)

        _ = try await world.library.members.leave("\(theirs)", by: ben)
        let left = try await world.library.accounts.viewer(bearer: key)
        await #expect(throws: LibraryProblem.choiceRequired) { try await libraries.resolve(nil, by: left) }
        await #expect(throws: LibraryProblem.choiceRequired) { try await libraries.resolve(nil, for: .uploading, by: left) }
    }

    @Test func `whoever owns none means the only one they have joined, and with none at all an upload makes one`() async throws {
        let own = try await world.libraryID(of: ben), theirs = try await world.libraryID(of: ana)
        // nobody gets into this state by calls: the last library of an owner stays
        try await world.database.write { tx in try tx.execute("DELETE FROM library WHERE id = \(own)") }
        await #expect(throws: LibraryProblem.choiceRequired) { try await libraries.resolve(nil, by: ben) }
        try await world.share(theirs, of: ana, with: ben, as: .viewer)
        #expect(try await libraries.resolve(nil, by: ben) == theirs)

        _ = try await world.library.members.leave("\(theirs)", by: ben)
        let fresh = try await libraries.resolve(nil, for: .uploading, by: ben)
        #expect(try await libraries.list(by: ben).map(\.id) == [fresh])
        #expect(try await libraries.list(by: ben).map(\.name) == ["Default Library"])
    }

    @Test func `a key for selected libraries does not learn of others by their names`() async throws {
        let other = try await libraries.create(Name("Other"), description: nil, by: ana).record.id
        let key = try await world.library.keys.create(.init(name: Name("k"), libraries: ["\(other)"]), by: ana).secret
        let program = try await world.library.accounts.viewer(bearer: key)
        await #expect(throws: LibraryProblem.nameTaken("Default Library")) {
            try await libraries.create(Name("Default Library"), description: nil, by: program)
        }
        #expect(try await libraries.create(Name("other"), description: nil, by: program).record.id == other)
    }

    @Test func `a list costs as many statements for many libraries as for one`() async throws {
        func statements() async throws -> Int {
            let before = world.database.statementCount
            _ = try await libraries.list(.all, by: ana)
            return world.database.statementCount - before
        }
        let few = try await statements()
        for number in 1...20 {
            world.clock.advance(by: .seconds(1))
            _ = try await libraries.create(Name("Library \(number)"), description: nil, by: ana)
        }
        #expect(try await statements() == few)
        #expect(try await libraries.list(by: ana).map(\.name) == ["Default Library"] + (1...20).map { "Library \($0)" })
    }
}
