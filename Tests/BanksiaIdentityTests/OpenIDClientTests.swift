import BanksiaCore
import BanksiaTestKit
import Foundation
import Hummingbird
import HummingbirdTesting
import JWTKit
import Synchronization
import Testing

@testable import BanksiaIdentity

@Suite("A provider elsewhere") struct OpenIDClientTests {
    private let clock = ManualClock()

    /// Runs a test with a client of a provider that listens on a port of this machine.
    private func at(
        _ provider: Provider, secret: String = "secret", _ test: @escaping @Sendable (OpenIDClient) async throws -> Void
    ) async throws {
        try await provider.application().test(.live) { [clock] http in
            let issuer = "http://localhost:\(try #require(http.port))"
            provider.issuer.withLock { $0 = issuer }
            let registration = OpenIDClient.Registration(issuer: issuer, clientID: "photos", clientSecret: secret)
            let client = OpenIDClient(registration, clock: clock)
            do { try await test(client) } catch {
                await client.close()
                throw error
            }
            await client.close()
        }
    }

    private func redeem(_ client: OpenIDClient) async throws -> Identity {
        try await client.redeem("code", redirectURI: "http://localhost:1/back", verifier: "v", nonce: "n")
    }

    /// What becomes of a token that says something else than it should.
    private func outcome(of change: @escaping @Sendable (inout IDToken) -> Void) async throws -> IdentityProblem? {
        let provider = try Provider(clock)
        provider.behaviour.withLock { $0.change = change }
        let outcome = Mutex<IdentityProblem?>(nil)
        try await at(provider) { client in
            do { _ = try await redeem(client) } catch let problem as IdentityProblem { outcome.withLock { $0 = problem } }
        }
        return outcome.withLock { $0 }
    }

    @Test func `somebody whom the provider vouches for is known`() async throws {
        try await at(Provider(clock)) { client in
            let identity = try await redeem(client)
            #expect(identity.subject == "ana")
            #expect(identity.email == "ana@example.com" && identity.isEmailVerified)
            let request = AuthorizationRequest(redirectURI: "http://localhost:1/back", state: "s&t", nonce: "n", challenge: "c")
            let url = try await client.authorizationURL(for: request, origin: "")
            #expect(url.contains("/authorize?from=here&response_type=code&client_id=photos") && url.contains("state=s%26t"))
            #expect(try await client.logoutURL(origin: "") == nil)
        }
    }

    @Test func `a token for another program, time, sign-in or issuer is not believed`() async throws {
        let now = clock.now.secondsSinceEpoch
        let lies: [@Sendable (inout IDToken) -> Void] = [
            { $0.iss = "http://elsewhere.example" }, { $0.aud = .init(names: ["others"]) },
            { $0.aud = .init(names: ["photos", "others"]) }, { $0.azp = "others" }, { $0.exp = now - 61 },
            { $0.iat = now + 301 }, { $0.nonce = "m" }, { $0.nonce = nil }, { $0.sub = "" },
            { $0.sub = String(repeating: "x", count: 256) },
        ]
        for (index, lie) in lies.enumerated() {
            guard case .untrustworthy? = try await outcome(of: lie) else {
                Issue.record("lie \(index) was believed")
                continue
            }
        }
        let slips: [@Sendable (inout IDToken) -> Void] = [
            { $0.exp = now - 59 }, { $0.iat = now + 299 },
            {
                $0.aud = .init(names: ["photos", "others"])
                $0.azp = "photos"
            },
        ]
        for slip in slips { #expect(try await outcome(of: slip) == nil) }
    }

    @Test func `a token that somebody else signed, or nobody, is not believed`() async throws {
        let provider = try Provider(clock)
        let forgeries: [@Sendable (String) -> String] = [
            { _ in "nonsense" }, { $0 + "x" },
            { token in Self.header(#"{"alg":"none"}"#) + "." + token.split(separator: ".")[1] + "." },
            { token in
                Self.header(#"{"alg":"HS256"}"#) + "." + token.split(separator: ".")[1] + "." + token.split(separator: ".")[2]
            },
            { token in Self.header(#"{"alg":"RS256","kid":"other"}"#) + token.drop { $0 != "." } },
            { token in Self.header(#"{"alg":"RS256"}"#) + token.drop { $0 != "." } },
        ]
        try await at(provider) { client in
            for (index, forge) in forgeries.enumerated() {
                provider.behaviour.withLock { $0.forge = forge }
                do {
                    _ = try await redeem(client)
                    Issue.record("forgery \(index) was believed")
                } catch IdentityProblem.untrustworthy {}
            }
        }
    }

    private static func header(_ text: String) -> String { Data(text.utf8).base64URL }

    @Test func `a new key is found when a token names it, and asked for no more than now and then`() async throws {
        let provider = try Provider(clock)
        try await at(provider) { client in
            _ = try await redeem(client)
            try provider.changeKey()
            // Asked for a moment ago: somebody who makes names up cannot have us ask again and again.
            await #expect(throws: IdentityProblem.self) { try await redeem(client) }
            clock.advance(by: .seconds(31))
            _ = try await redeem(client)
            #expect(provider.asked("/keys") == 2)
            #expect(provider.asked("/.well-known/openid-configuration") == 1)
            clock.advance(by: .seconds(3601))
            _ = try await redeem(client)
            #expect(provider.asked("/.well-known/openid-configuration") == 2)
        }
    }

    @Test func `keys without an algorithm and keys of other kinds do no harm`() async throws {
        let provider = try Provider(clock)
        provider.behaviour.withLock {
            $0.keys = { set in
                let strange = #"{"kty":"XYZ","kid":"1"},{"kty":"RSA","use":"enc","kid":"2","n":"AQAB","e":"AQAB"},"#
                return set.replacing(#""alg":"RS256","#, with: "").replacing("[", with: "[" + strange)
            }
        }
        try await at(provider) { client in
            let identity = try await redeem(client)
            #expect(identity.subject == "ana")
        }
    }

    @Test func `who is not in the token is asked about, and must be the same`() async throws {
        let provider = try Provider(clock)
        provider.behaviour.withLock { $0.change = { $0.email = nil } }
        try await at(provider) { client in
            #expect(try await redeem(client).email == nil)
            provider.behaviour.withLock { $0.about = #"{"sub":"ana","email":"a@example.org","email_verified":"true"}"# }
            clock.advance(by: .seconds(3601))
            let identity = try await redeem(client)
            #expect(identity.email == "a@example.org" && identity.isEmailVerified)
            provider.behaviour.withLock { $0.about = #"{"sub":"ben","email":"b@example.org","email_verified":true}"# }
            await #expect(throws: IdentityProblem.untrustworthy("it tells about somebody else")) { try await redeem(client) }
        }
    }

    @Test func `however many wait for the document, it is asked for once`() async throws {
        let provider = try Provider(clock)
        try await at(provider) { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await client.logoutURL(origin: "") } }
                try await group.waitForAll()
            }
            #expect(provider.asked("/.well-known/openid-configuration") == 1)
        }
    }

    @Test(arguments: [
        #"{"error":"invalid_grant"}"#, #"{"error":"invalid_client"}"#, "<html>", String(repeating: "x", count: 2 << 20),
    ])
    func `a provider that gives no token is no sign-in`(answer: String) async throws {
        let provider = try Provider(clock)
        provider.behaviour.withLock { $0.refusal = answer }
        try await at(provider) { client in
            do {
                _ = try await redeem(client)
                Issue.record("somebody was signed in")
            } catch let problem as IdentityProblem {
                #expect((problem == .codeRefused) == answer.contains("grant"))
                #expect(!problem.detail.contains("xxx"))
            }
        }
    }

    @Test(arguments: [
        ("issuer", "http://elsewhere.example"), ("token_endpoint", "http+unix://%2Frun%2Fdocker.sock/x"),
        ("authorization_endpoint", "javascript:alert(1)//"), ("jwks_uri", "file:///etc/passwd"),
        ("end_session_endpoint", "http://localhost/a b"),
    ])
    func `a provider that describes itself wrongly is not used`(name: String, value: String) async throws {
        let provider = try Provider(clock)
        provider.behaviour.withLock { $0.description = [name: value] }
        try await at(provider) { client in
            do {
                _ = try await client.logoutURL(origin: "")
                Issue.record("it was used")
            } catch IdentityProblem.undescribed {}
        }
    }

    @Test func `with a secret in the header, in the form, or none, as the provider wants it`() async throws {
        for (methods, secret, header, field) in [
            ([], "secret", "Basic cGhvdG9zOnNlY3JldA==", ""), (["client_secret_post"], "secret", "", "client_secret=secret"),
            (["client_secret_basic", "client_secret_post"], "secret", "Basic cGhvdG9zOnNlY3JldA==", ""),
            ([], "", "", "client_id=photos"),
        ] as [([String], String, String, String)] {
            let provider = try Provider(clock)
            provider.behaviour.withLock { $0.methods = methods }
            try await at(provider, secret: secret) { client in _ = try await redeem(client) }
            let shown = provider.shown.withLock { $0 }
            #expect(shown.header == header)
            #expect(field.isEmpty ? !shown.form.contains("secret") : shown.form.contains(field))
            #expect(shown.form.contains("code_verifier=v"))
        }
    }

    @Test func `a provider that is away is said to be`() async throws {
        let client = OpenIDClient(.init(issuer: "http://127.0.0.1:9", clientID: "x", clientSecret: ""), clock: clock)
        await #expect(throws: IdentityProblem.unreachable) { try await client.logoutURL(origin: "") }
        await client.close()
    }

    @Test func `what was never used needs no closing`() {
        _ = OpenIDClient(.init(issuer: "http://127.0.0.1:9", clientID: "x", clientSecret: ""), clock: clock)
    }
}

/// An OpenID provider on a port of this machine, which can be told to behave otherwise than it should.
private final class Provider: Sendable {
    struct Behaviour: Sendable {
        var change: @Sendable (inout IDToken) -> Void = { _ in }
        var forge: @Sendable (String) -> String = { $0 }
        var keys: @Sendable (String) -> String = { $0 }
        var description: [String: String] = [:]
        var methods: [String] = []
        /// What it tells about the person; nil: there is no such address.
        var about: String?
        /// The token endpoint's answer when it gives no token.
        var refusal: String?
    }

    let issuer = Mutex("")
    let behaviour = Mutex(Behaviour())
    let shown = Mutex((header: "", form: ""))
    private let clock: ManualClock
    private let key: Mutex<SigningKey>
    private let requests = Mutex<[String: Int]>([:])

    /// Making one takes a second, so all share the first; the second is for who changes keys.
    private static let stored = Result { [try SigningKey.make(), try SigningKey.make()] }

    init(_ clock: ManualClock) throws {
        self.clock = clock
        key = Mutex(try SigningKey(stored: Self.stored.get()[0]))
    }

    func changeKey() throws {
        let other = try SigningKey(stored: Self.stored.get()[1])
        key.withLock { $0 = other }
    }

    func asked(_ path: String) -> Int { requests.withLock { $0[path] ?? 0 } }

    func application() -> some ApplicationProtocol {
        let router = Router()
        router.get("/.well-known/openid-configuration") { _, _ in try self.describe() }
        router.get("/keys") { _, _ in
            self.count("/keys")
            return self.behaviour.withLock { $0.keys }(self.key.withLock { $0 }.publishedSet)
        }
        router.post("/token") { request, _ in
            let form = try await request.body.collect(upTo: 1 << 16)
            self.shown.withLock { $0 = (request.headers[.authorization] ?? "", String(buffer: form)) }
            return try await self.token()
        }
        router.get("/about") { request, _ in
            guard request.headers[.authorization] == "Bearer access" else { throw HTTPError(.unauthorized) }
            return self.behaviour.withLock { $0.about } ?? ""
        }
        return Application(router: router)
    }

    private func count(_ path: String) { requests.withLock { $0[path, default: 0] += 1 } }

    private func describe() throws -> String {
        count("/.well-known/openid-configuration")
        let issuer = issuer.withLock { $0 }, behaviour = behaviour.withLock { $0 }
        var fields: [String: any Sendable] = [
            "issuer": issuer, "authorization_endpoint": issuer + "/authorize?from=here", "token_endpoint": issuer + "/token",
            "jwks_uri": issuer + "/keys", "token_endpoint_auth_methods_supported": behaviour.methods,
        ]
        if behaviour.about != nil { fields["userinfo_endpoint"] = issuer + "/about" }
        for (name, value) in behaviour.description { fields[name] = value }
        return String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
    }

    private func token() async throws -> Response {
        let behaviour = behaviour.withLock { $0 }
        if let refusal = behaviour.refusal {
            return Response(status: .badRequest, body: ResponseBody(byteBuffer: ByteBuffer(string: refusal)))
        }
        let now = clock.now.secondsSinceEpoch
        var token = IDToken(iss: issuer.withLock { $0 }, sub: "ana", aud: "photos", exp: now + 600, iat: now)
        token.nonce = "n"
        token.email = "ana@example.com"
        token.emailVerified = IDToken.Truth(true)
        behaviour.change(&token)
        let signed = behaviour.forge(try await key.withLock { $0 }.sign(token))
        let answer = #"{"access_token":"access","token_type":"Bearer","id_token":"\#(signed)"}"#
        return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: answer)))
    }
}
