import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaIdentity
@testable import BanksiaLibrary

@Suite("Signing in") struct SignInTests {
    let world: World
    let ana: Viewer
    private let password = "a long enough password"
    private var signIn: SignIn { world.library.signIn }

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        let link = try await world.library.signIn.makeSetupLink(for: ana.user)
        _ = try await world.library.signIn.setPassword(password, byLink: link)
    }

    private func attempt(_ password: String, email: String = "ana@example.com", from address: String = "203.0.113.1") async throws
        -> SignIn.Outcome
    {
        try await signIn.signIn(email: email, password: password, from: address)
    }

    @Test func `a right password makes a first-party session`() async throws {
        guard case .signedIn(let session) = try await attempt(password, email: " ANA@example.com ") else {
            Issue.record("a code was asked for")
            return
        }
        let viewer = try await world.library.accounts.viewer(bearer: session)
        #expect(viewer.user == ana.user && viewer.isFirstParty)
        try await signIn.signOut(viewer)
        await #expect(throws: AccountProblem.invalidCredential) { try await world.library.accounts.viewer(bearer: session) }
    }

    @Test func `wrong passwords, unknown accounts and accounts without one look the same`() async throws {
        _ = try await world.user("ben")
        for email in ["ana@example.com", "ben@example.com", "nobody@example.com", ""] {
            await #expect(throws: SignInProblem.wrongCredentials) { try await attempt("wrong wrong wrong", email: email) }
        }
    }

    @Test func `guessing at an account is held off, also with the right password, and ends by itself`() async throws {
        for address in 1...5 {
            await #expect(throws: SignInProblem.wrongCredentials) { try await attempt("x", from: "203.0.113.\(address)") }
        }
        await #expect(throws: SignInProblem.tooManyAttempts(secondsLeft: 31)) { try await attempt(password) }
        world.clock.advance(by: .seconds(31))
        _ = try await attempt(password)
        await #expect(throws: SignInProblem.wrongCredentials) { try await attempt("x") }
    }

    @Test func `many guesses at once do not slip through`() async throws {
        let tried = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do { _ = try await attempt("x") } catch SignInProblem.wrongCredentials { return true } catch {}
                    return false
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(tried == 5)
    }

    @Test func `guessing at many accounts from one address is held off`() async throws {
        for number in 0..<30 {
            await #expect(throws: SignInProblem.wrongCredentials) { try await attempt("x", email: "\(number)@example.com") }
        }
        await #expect(throws: SignInProblem.tooManyAttempts(secondsLeft: 31)) { try await attempt(password) }
        _ = try await attempt(password, from: "203.0.113.2")
    }

    @Test func `pauses double up to a quarter of an hour`() {
        let pauses = [4, 5, 6, 9, 10, 1000].map { SignInThrottle.account.pause(after: $0).components.seconds }
        #expect(pauses == [0, 30, 60, 480, 900, 900])
    }

    @Test func `a set-up link works once, for a week, and the newest only`() async throws {
        let first = try await signIn.makeSetupLink(for: ana.user), second = try await signIn.makeSetupLink(for: ana.user)
        await #expect(throws: SignInProblem.linkInvalid) { try await signIn.setPassword(password, byLink: first) }
        await #expect(throws: SignInProblem.passwordTooShort(minimum: 10)) {
            try await signIn.setPassword("short", byLink: second)
        }
        _ = try await signIn.setPassword("another password", byLink: second)
        await #expect(throws: SignInProblem.linkInvalid) { try await signIn.setPassword(password, byLink: second) }
        let late = try await signIn.makeSetupLink(for: ana.user)
        world.clock.advance(by: SignIn.linkLife + .seconds(1))
        await #expect(throws: SignInProblem.linkInvalid) { try await signIn.owner(ofLink: late) }
    }

    @Test func `a new password ends other sessions and tokens`() async throws {
        guard case .signedIn(let here) = try await attempt(password), case .signedIn(let there) = try await attempt(password)
        else {
            Issue.record("a code was asked for")
            return
        }
        let accounts = world.library.accounts
        let token = try await accounts.tokens.make(for: ana.user)
        world.clock.advance(by: .seconds(1))
        let viewer = try await accounts.viewer(bearer: here)
        await #expect(throws: SignInProblem.wrongCredentials) {
            try await signIn.changePassword(from: "wrong", to: "another password", by: viewer)
        }
        try await signIn.changePassword(from: password, to: "another password", by: viewer)
        _ = try await accounts.viewer(bearer: here)
        for ended in [there, token] {
            await #expect(throws: AccountProblem.invalidCredential) { try await accounts.viewer(bearer: ended) }
        }
        _ = try await accounts.viewer(bearer: accounts.tokens.make(for: ana.user))
    }

    @Test func `a ticket between password and code runs out and cannot be made up`() async throws {
        let secret = try await signIn.prepareCode(by: ana)
        #expect(try await signIn.prepareCode(by: ana) == secret, "opening the page twice changes nothing")
        await #expect(throws: SignInProblem.wrongCode) { try await signIn.confirmCode("000", password: password, by: ana) }
        guard case .signedIn = try await attempt(password) else {
            Issue.record("a code counts only once it was confirmed")
            return
        }
        let code = secret.code(at: world.clock.now.microseconds / 30_000_000)
        await #expect(throws: SignInProblem.wrongCredentials) {
            try await signIn.confirmCode(code, password: "wrong", by: ana)
        }
        try await signIn.confirmCode(code, password: password, by: ana)
        guard case .codeNeeded(let ticket) = try await attempt(password) else {
            Issue.record("no code was asked for")
            return
        }
        for made in ["", "a.b.c", ticket + "x", ticket.replacing("intuser", with: "user")] {
            await #expect(throws: SignInProblem.ticketInvalid) { try await signIn.signIn(ticket: made, code: "1", from: "x") }
        }
        world.clock.advance(by: .seconds(301))
        await #expect(throws: SignInProblem.ticketInvalid) { try await signIn.signIn(ticket: ticket, code: "1", from: "x") }
    }

    @Test func `a new password makes void what waits for a code, or to be redeemed`() async throws {
        let provider = try #require(world.library.provider)
        let url = try await world.library.oauth.start(
            redirectURI: "http://localhost:1/", challenge: nil, method: nil, origin: "http://here")
        let asked = Dictionary(
            uniqueKeysWithValues: try #require(url.split(separator: "?").last).split(separator: "&").map { pair in
                let halves = pair.split(separator: "=").map(String.init)
                return (halves[0], halves[1].replacing("%3A", with: ":").replacing("%2F", with: "/"))
            })
        let request = OwnProvider.Request(
            clientID: "banksia", redirectURI: "http://localhost:1/", responseType: "code", scope: "openid",
            state: asked["state"], nonce: asked["nonce"], challenge: asked["code_challenge"], method: "S256")
        let code = try await provider.makeCode(for: request, of: ana)
        let secret = try await signIn.prepareCode(by: ana)
        func shown() -> String { secret.code(at: world.clock.now.microseconds / 30_000_000) }
        try await signIn.confirmCode(shown(), password: password, by: ana)
        guard case .codeNeeded(let ticket) = try await attempt(password) else {
            Issue.record("no code was asked for")
            return
        }
        world.clock.advance(by: .seconds(60))
        try await signIn.changePassword(from: password, to: "another password", by: ana)
        await #expect(throws: SignInProblem.ticketInvalid) {
            try await signIn.signIn(ticket: ticket, code: shown(), from: "203.0.113.1")
        }
        await #expect(throws: IdentityProblem.codeRefused) {
            try await world.library.oauth.finish(code: code, state: asked["state"], error: nil, verifier: nil)
        }
    }

    @Test func `a set-up link ends the pauses of whoever guessed`() async throws {
        for _ in 1...5 { await #expect(throws: SignInProblem.wrongCredentials) { try await attempt("x") } }
        let link = try await signIn.makeSetupLink(for: ana.user)
        _ = try await signIn.setPassword("another password", byLink: link)
        _ = try await attempt("another password", from: "203.0.113.2")
    }

    @Test func `a hash that costs too little is made anew, with the same password`() async throws {
        let cheap = try PasswordHash(of: password, cost: PasswordHash.Cost(rounds: 4, blockSize: 1, parallelism: 1)).text
        try await world.database.write { [user = ana.user, now = world.clock.now] tx in
            try SignInStore.setPassword(cheap, of: user, at: now, tx)
        }
        _ = try await attempt(password)
        let hash = try await world.database.read { [user = ana.user] tx in try SignInStore.credential(of: user, tx)?.hash }
        #expect(hash?.hasPrefix("scrypt$16$") == true)
        _ = try await attempt(password)
    }

    @Test(arguments: [
        ("https://a.org/x", "https://a.org/x", true), ("https://a.org/x", "https://a.org/xy", false),
        ("https://a.org/x", "http://a.org/x", false), ("https://a.org/*", "https://a.org/y?z=1", true),
        ("https://a.org/*", "https://a.org.evil.org/", false), ("https://a.org/in/*", "https://a.org/in/../out", false),
        ("https://a.org/in/*", "https://a.org/in/%2E%2e/out", false), ("https://a.org/in/*", "https://a.org/in/..", false),
        ("https://a.org/in/*", "https://a.org/in/..%2Fout", false), ("https://a.org/in/*", "https://a.org/in/x?y=%2F..", true),
        ("https://a.org/in/*", "https://a.org/in/x", true), ("http://localhost:*/*", "http://localhost:3000/auth/login", true),
        ("http://localhost:*/*", "http://localhost/x", true), ("http://localhost:*/*", "http://localhost:/x", false),
        ("http://localhost:*/*", "http://localhost.evil.org/x", false),
        ("http://localhost:*/*", "http://localhost:1@evil.org/", false),
        ("app.immich:///oauth-callback", "app.immich:///oauth-callback", true), ("a b, https://a.org/x", "https://a.org/x", true),
        ("https://a.org/*", "https://a.org/\\@evil.org", false), ("https://a.org/*", "https://a.org/x#y", false), ("", "", false),
    ])
    func `a redirect is one that is listed`(list: String, uri: String, isAllowed: Bool) {
        #expect(RedirectList(list).allows(uri) == isAllowed)
    }
}
