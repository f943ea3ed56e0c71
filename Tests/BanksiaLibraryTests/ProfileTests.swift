import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import Testing

@Suite("Profiles") struct ProfileTests {
    let world: World
    let ana: Viewer
    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
    }

    private var accounts: Accounts { world.library.accounts }

    private func change(_ edit: (inout ProfileChange) -> Void) async throws -> User {
        var change = ProfileChange()
        edit(&change)
        return try await accounts.update(change, by: ana)
    }

    @Test func `the time of the last update moves when something changes, and only then`() async throws {
        let before = try await accounts.profile(of: ana)
        world.clock.advance(by: .seconds(60))
        #expect(try await change { _ in } == before)
        #expect(try await change { $0.demoModeEnabled = false } == before)

        let after = try await change { $0.demoModeEnabled = true }
        #expect(after.demoModeEnabled && after.updatedAt == world.clock.now)
        #expect(try await accounts.profile(of: ana) == after)
    }

    @Test func `another country clears the subdivision, and the United States need one`() async throws {
        let home = try await change {
            $0.homeCountry = User.Country("DE")
            $0.homeSubdivision = User.Subdivision("BE").map { .set($0) } ?? .keep
        }
        #expect(home.homeCountry == "DE" && home.homeSubdivision == "BE")
        #expect(try await change { $0.homeCountry = User.Country("DE") } == home)
        #expect(try await change { $0.homeCountry = User.Country("FR") }.homeSubdivision == nil)
        await #expect(throws: AccountProblem.subdivisionMissing) { try await change { $0.homeCountry = User.Country("US") } }
        #expect(try await accounts.profile(of: ana).homeCountry == "FR")
        let there = try await change {
            $0.homeCountry = User.Country("US")
            $0.homeSubdivision = User.Subdivision("CA").map { .set($0) } ?? .keep
        }
        #expect(there.homeSubdivision == "CA")
        await #expect(throws: AccountProblem.subdivisionMissing) { try await change { $0.homeSubdivision = .clear } }
    }

    @Test func `a subdivision needs a country`() async throws {
        await #expect(throws: AccountProblem.subdivisionAlone) {
            try await change { $0.homeSubdivision = User.Subdivision("BE").map { .set($0) } ?? .keep }
        }
    }

    @Test(arguments: ["us", "USA", "", "U1", "ÄÖ"]) func `a country is two capital letters`(text: String) {
        #expect(User.Country(text) == nil)
    }

    @Test func `a key does not say where home is`() async throws {
        let key = try await world.library.keys.create(.init(name: Name("k")), by: ana).secret
        let program = try await accounts.viewer(bearer: key)
        var change = ProfileChange()
        change.homeCountry = User.Country("DE")
        await #expect(throws: AccountProblem.sessionOnly) { try await accounts.update(change, by: program) }
        var faces = ProfileChange()
        faces.faceDetectionPreference = false
        await #expect(throws: AccountProblem.sessionOnly) { try await accounts.update(faces, by: program) }
    }

    @Test func `the preferred library is one they may write to`() async throws {
        let ben = try await world.user("ben"), library = try await world.libraryID(of: ben)
        var choice = ProfileChange()
        choice.immichLibraryID = .set(library)
        await #expect(throws: LibraryProblem.notFound) { try await accounts.update(choice, by: ana) }
        try await world.share(library, of: ben, with: ana, as: .viewer)
        await #expect(throws: LibraryProblem.notFound) { try await accounts.update(choice, by: ana) }
        _ = try await world.library.members.update("\(ana.user)", of: library, to: .collaborator, by: ben)
        #expect(try await accounts.update(choice, by: ana).immichLibraryID == library)
        await #expect(throws: LibraryProblem.notFound) { try await world.library.libraries.preferable("lib_x", by: ana) }
    }

    @Test func `an account that is locked is refused at once, and let in again when it is unlocked`() async throws {
        let token = try await accounts.makeSession(for: ana.user)
        let email = try User.Email("ana@example.com")
        var lock = Accounts.Administration()
        lock.isActive = false
        #expect(try await !accounts.administer(email, lock).isActive)
        await #expect(throws: AccountProblem.inactiveAccount) { try await accounts.viewer(bearer: token) }
        lock.isActive = true
        #expect(try await accounts.administer(email, lock).isActive)
        #expect(try await accounts.viewer(bearer: token).user == ana.user)
    }

    @Test func `the operator changes what an account is called and may store`() async throws {
        var change = Accounts.Administration()
        change.email = try User.Email("Anna@example.com")
        change.firstName = .set(try Name("Anna"))
        change.lastName = .set(try Name("Arndt"))
        change.timezone = .set("Europe/Berlin")
        change.storageLimit = .set(1000)
        let user = try await accounts.administer(User.Email("ana@example.com"), change)
        #expect(user.email == "Anna@example.com" && user.timezone == "Europe/Berlin" && user.storageLimitBytes == 1000)
        #expect(try await world.library.libraries.list(by: ana)[0].ownerName == "Anna Arndt")

        _ = try await world.user("ben")
        var taken = Accounts.Administration()
        taken.email = try User.Email("ben@example.com")
        await #expect(throws: AccountProblem.emailTaken("ben@example.com")) {
            try await accounts.administer(User.Email("anna@example.com"), taken)
        }
        taken = Accounts.Administration()
        taken.timezone = .set("Nowhere/Land")
        await #expect(throws: AccountProblem.timezone("Nowhere/Land")) {
            try await accounts.administer(User.Email("anna@example.com"), taken)
        }
    }

    @Test func `accounts are listed page by page`() async throws {
        for name in ["ben", "cleo"] { _ = try await world.user(name) }
        let first = try await accounts.list(limit: 2), rest = try await accounts.list(after: first.items[1].id, limit: 2)
        let listed = first.items + rest.items
        #expect(Set(listed.map(\.email)) == Set(["ana", "ben", "cleo"].map { "\($0)@example.com" }))
        // Made within one millisecond, they are in no particular order of age.
        #expect(listed.map(\.id) == listed.map(\.id).sorted() && listed.count == 3)
        #expect(first.hasMore && !rest.hasMore)
    }
}
