import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Testing

@Suite("Members") struct MemberTests {
    let world: World
    let ana: Viewer
    let ben: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        ben = try await world.user("ben")
        library = try await world.libraryID(of: ana)
    }

    private var members: Members { world.library.members }

    @Test func `a member sees the library with their role, the owner with theirs`() async throws {
        try await world.share(library, of: ana, with: ben, as: .collaborator)

        let seen = try await world.library.libraries.get("\(library)", by: ben)
        #expect(seen.role == .collaborator)
        #expect(seen.ownerID == ana.user)
        #expect(try await world.library.libraries.get("\(library)", by: ana).role == .owner)
        #expect(try await world.library.libraries.list(by: ben).map(\.role) == [.owner, .collaborator])
    }

    @Test func `a viewer may look, a collaborator may write, and neither may manage`() async throws {
        try await world.share(library, of: ana, with: ben, as: .viewer)
        func album() async throws {
            _ = try await world.library.albums.create("A", description: nil, in: library, .alwaysNew, by: ben)
        }

        await #expect(throws: AccountProblem.insufficientRole(.collaborator)) { try await album() }
        _ = try await members.update("\(ben.user)", of: library, to: .collaborator, by: ana)
        try await album()

        await #expect(throws: AccountProblem.insufficientRole(.owner)) { try await members.list(of: library, by: ben) }
        await #expect(throws: AccountProblem.insufficientRole(.owner)) {
            try await world.library.libraries.update("\(library)", name: Name("Mine"), description: nil, by: ben)
        }
        await #expect(throws: AccountProblem.insufficientRole(.owner)) {
            try await world.library.libraries.trash("\(library)", by: ben)
        }
    }

    @Test func `whoever leaves or is removed sees nothing from the next call on, with any credential`() async throws {
        try await world.share(library, of: ana, with: ben, as: .viewer)
        let key = try await world.library.keys.create(.init(name: Name("k"), libraries: ["\(library)"]), by: ben).secret
        let program = try await world.library.accounts.viewer(bearer: key)
        #expect(try await world.library.libraries.get("\(library)", by: program).role == .viewer)

        let removed = try await members.remove("\(ben.user)", from: library, by: ana)

        #expect(removed.state == .removed && removed.endedAt != nil && removed.endedAt == removed.lastRemovedAt)
        for viewer in [ben, program] {
            await #expect(throws: LibraryProblem.notFound) { try await world.library.libraries.get("\(library)", by: viewer) }
        }
    }

    @Test func `removing and leaving twice change nothing the second time`() async throws {
        try await world.share(library, of: ana, with: ben, as: .viewer)
        let left = try await members.leave("\(library)", by: ben)
        world.clock.advance(by: .seconds(60))
        #expect(left.state == .left && left.lastRemovedAt == nil)
        #expect(try await members.leave("\(library)", by: ben) == left)

        let removed = try await members.remove("\(ben.user)", from: library, by: ana)
        world.clock.advance(by: .seconds(60))
        #expect(removed.state == .removed)
        #expect(try await members.remove("\(ben.user)", from: library, by: ana) == removed)
        #expect(try await members.leave("\(library)", by: ben) == removed)
    }

    @Test func `the owner stays, and people who are no members are not found`() async throws {
        let cleo = try await world.user("cleo")
        await #expect(throws: SharingProblem.ownerImmutable) { try await members.leave("\(library)", by: ana) }
        await #expect(throws: SharingProblem.ownerImmutable) { try await members.remove("\(ana.user)", from: library, by: ana) }
        await #expect(throws: SharingProblem.ownerImmutable) {
            try await members.update("\(ana.user)", of: library, to: .viewer, by: ana)
        }
        await #expect(throws: SharingProblem.memberNotFound) { try await members.remove("\(cleo.user)", from: library, by: ana) }
        await #expect(throws: SharingProblem.memberNotFound) { try await members.remove("nobody", from: library, by: ana) }
        await #expect(throws: LibraryProblem.notFound) { try await members.leave("\(library)", by: cleo) }
        await #expect(throws: LibraryProblem.notFound) { try await members.list(of: library, by: cleo) }
    }

    @Test func `only an active member gets another role, and the same one changes nothing`() async throws {
        try await world.share(library, of: ana, with: ben, as: .viewer)
        world.clock.advance(by: .seconds(60))
        let same = try await members.update("\(ben.user)", of: library, to: .viewer, by: ana)
        #expect(same.updatedAt == same.createdAt)
        let changed = try await members.update("\(ben.user)", of: library, to: .collaborator, by: ana)
        #expect(changed.role == .collaborator && changed.updatedAt == world.clock.now)

        _ = try await members.leave("\(library)", by: ben)
        await #expect(throws: SharingProblem.memberInactive) {
            try await members.update("\(ben.user)", of: library, to: .viewer, by: ana)
        }
    }

    @Test func `a list shows a state, newest first, page by page, in as many statements for many as for few`() async throws {
        var guests: [Viewer] = []
        for name in ["cleo", "dan", "eve", "fay"] {
            world.clock.advance(by: .seconds(1))
            guests.append(try await world.user(name))
            try await world.share(library, of: ana, with: guests[guests.count - 1], as: .viewer)
        }
        _ = try await members.leave("\(library)", by: guests[1])
        let newestFirst = guests.reversed().map(\.user)

        #expect(try await members.list(of: library, nil, by: ana).items.map(\.user.id) == newestFirst)
        #expect(try await members.list(of: library, .left, by: ana).items.map(\.user.id) == [guests[1].user])
        let first = try await members.list(of: library, .active, limit: 2, by: ana)
        let rest = try await members.list(of: library, .active, startingAfter: "\(first.items[1].id)", limit: 2, by: ana)
        #expect(first.hasMore && !rest.hasMore)
        #expect((first.items + rest.items).map(\.user.id) == [guests[3], guests[2], guests[0]].map(\.user))
        await #expect(throws: SharingProblem.cursor) { try await members.list(of: library, startingAfter: "x", by: ana) }

        func statements(_ limit: Int) async throws -> Int {
            let before = world.database.statementCount
            _ = try await members.list(of: library, nil, limit: limit, by: ana)
            return world.database.statementCount - before
        }
        let (few, many) = (try await statements(1), try await statements(200))
        #expect(few == many)
    }
}
