import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Testing

@Suite("Accounts and keys") struct AccountTests {
    let world: World
    init() async throws { world = try await World() }

    @Test(arguments: [
        "", "ana", "ana@", "@example.com", "ana@localhost", "ana@box.local", "ana@mail.test", "a b@example.com", "ana@.com",
    ])
    func `an address that mail cannot reach is refused`(text: String) {
        #expect(throws: AccountProblem.email(text)) { try User.Email(text) }
    }

    @Test func `the first start makes one account, and only once`() async throws {
        let secret = try await world.library.accounts.provision(User.Email("ana@example.com"))
        let again = try await world.library.accounts.provision(User.Email("ben@example.com"))

        let viewer = try await world.library.accounts.viewer(bearer: #require(secret))
        #expect(again == nil)
        #expect(viewer.actions == Set(Action.allCases))
        #expect(try await world.library.accounts.profile(of: viewer).isSuperuser)
    }

    @Test func `a key grants what it was made for, until it is deleted`() async throws {
        let ana = try await world.user("ana")
        let fresh = try await world.library.keys.create(.init(name: Name("Reader"), actions: [.read]), by: ana)

        let viewer = try await world.library.accounts.viewer(bearer: fresh.secret)
        #expect(viewer.user == ana.user)
        #expect(throws: AccountProblem.insufficientScope(.write)) { try viewer.require(.write) }

        try await world.library.keys.delete("\(fresh.key.id)", by: ana)
        await #expect(throws: AccountProblem.invalidCredential) { try await world.library.accounts.viewer(bearer: fresh.secret) }
    }

    @Test func `a key reads on where its use cannot be noted`() async throws {
        let ana = try await world.user("ana")
        let fresh = try await world.library.keys.create(.init(name: Name("Reader")), by: ana)
        try await world.database.write { tx in
            guard world.database.isShared else {
                return try tx.execute("CREATE TRIGGER refused BEFORE UPDATE ON api_key BEGIN SELECT RAISE(ABORT, 'full'); END")
            }
            try tx.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full'; END $$")
            return try tx.execute("CREATE TRIGGER refused BEFORE UPDATE ON api_key EXECUTE FUNCTION refuse()")
        }
        #expect(try await world.library.accounts.viewer(bearer: fresh.secret).user == ana.user)
        #expect(try await world.library.keys.list(by: ana).first?.lastUsedAt == nil)
        await world.close()
    }

    @Test(arguments: [
        "", "apikey_", "session_5G2oMtuqbFCkXr8Qec6Wwf_x", "apikey_5G2oMtuqbFCkXr8Qec6Wwf_" + String(repeating: "a", count: 43),
    ])
    func `a made-up credential is unknown`(text: String) async throws {
        await #expect(throws: AccountProblem.invalidCredential) { try await world.library.accounts.viewer(bearer: text) }
    }

    @Test func `a key for one library does not see another`() async throws {
        let ana = try await world.user("ana")
        let other = try await world.library.libraries.create(Name("Other"), description: nil, by: ana).record
        let fresh = try await world.library.keys.create(.init(name: Name("One"), libraries: ["\(other.id)"]), by: ana)
        let viewer = try await world.library.accounts.viewer(bearer: fresh.secret)

        #expect(try await world.library.libraries.list(by: viewer).map(\.id) == [other.id])
        #expect(try await world.library.libraries.resolve(nil, by: viewer) == other.id)
        #expect(viewer.mayManageKeys == false)
        await #expect(throws: AccountProblem.firstPartyOnly) { try await world.library.keys.list(by: viewer) }
    }

    @Test func `a key needs read, and libraries only when they are selected`() async throws {
        let ana = try await world.user("ana")
        await #expect(throws: APIKeyProblem.readIsMandatory) {
            try await world.library.keys.create(.init(name: Name("k"), actions: [.write]), by: ana)
        }
        await #expect(throws: APIKeyProblem.librariesMissing) {
            try await world.library.keys.create(.init(name: Name("k"), libraries: []), by: ana)
        }
        await #expect(throws: APIKeyProblem.unknownLibrary) {
            try await world.library.keys.create(.init(name: Name("k"), libraries: ["lib_nothing"]), by: ana)
        }
    }

    @Test func `a session ends after its life`() async throws {
        let ana = try await world.user("ana")
        let token = try await world.library.accounts.makeSession(for: ana.user)
        #expect(try await world.library.accounts.viewer(bearer: token).user == ana.user)

        world.clock.advance(by: Accounts.sessionLife)
        await #expect(throws: AccountProblem.expiredCredential) { try await world.library.accounts.viewer(bearer: token) }
    }
}
