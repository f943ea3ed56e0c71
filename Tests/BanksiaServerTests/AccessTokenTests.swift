import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import Foundation
import HTTPTypes
import Testing

@testable import BanksiaServer

@Suite("Access tokens") struct AccessTokenTests {
    let site: Site
    init() async throws { site = try await Site() }

    private func token() async throws -> String { try await site.world.library.accounts.tokens.make(for: site.ana.user) }

    @Test func `a token does what the user may do`() async throws {
        let token = try await token()
        try await site.run { visitor async throws in
            let program = visitor.with(key: token)
            #expect(try await program.get("/api/users/me").json["email"]?.text == "ana@example.com")
            #expect(try await program.post("/api/libraries", json: #"{"name":"Trips"}"#).status == 201)
        }
    }

    @Test func `a token is delegated, so it manages no keys`() async throws {
        let token = try await token()
        try await site.run { visitor async throws in
            let program = visitor.with(key: token)
            #expect(try await program.get("/api/api-keys/").problem == "first_party_session_required")
            #expect(try await program.post("/api/api-keys/", json: #"{"name":"x"}"#).status == 403)
        }
    }

    @Test func `a token is renewed once a third of its life is over, and the old one stays good`() async throws {
        let token = try await token()
        let clock = site.world.clock
        try await site.run { visitor async throws in
            let program = visitor.with(key: token)
            clock.advance(by: .seconds(10 * 86_400 - 1))
            #expect(try await program.get("/api/users/me").headers[.newAccessToken] == nil)
            clock.advance(by: .seconds(2))
            let fresh = try #require(try await program.get("/api/users/me").headers[.newAccessToken])
            #expect(fresh != token)
            #expect(try await program.get("/api/users/me").headers[.newAccessToken] != fresh)
            #expect(try await visitor.with(key: fresh).get("/api/users/me").headers[.newAccessToken] == nil)
            clock.advance(by: .seconds(20 * 86_400))
            let late = try await program.get("/api/users/me")
            #expect(late.status == 401)
            #expect(late.problem == "token_expired")
            #expect(late.headers[.newAccessToken] == nil)
            #expect(try await visitor.with(key: fresh).get("/api/users/me").status == 200)
        }
    }

    @Test func `a token that was taken back during its request is not renewed`() async throws {
        let token = try await token(), library = site.world.library
        site.world.clock.advance(by: .seconds(11 * 86_400))
        let viewer = try await library.accounts.viewer(bearer: token)
        #expect(try await library.accounts.tokens.renewal(for: viewer) != nil)
        try await library.signIn.signOutEverywhere(site.ana.user)
        #expect(try await library.accounts.tokens.renewal(for: viewer) == nil)
    }

    @Test func `nobody but a token's holder is sent a fresh one`() async throws {
        let clock = site.world.clock
        try await site.run { visitor async throws in
            clock.advance(by: .seconds(20 * 86_400))
            #expect(try await visitor.get("/api/users/me").headers[.newAccessToken] == nil)
            #expect(try await visitor.with(key: nil).get("/openapi.json").headers[.newAccessToken] == nil)
        }
    }

    @Test func `a token that was tampered with is not known here`() async throws {
        let token = try await token()
        let parts = token.split(separator: ".").map(String.init)
        let unsigned = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacing("=", with: "")
        let other = try #require(parts[2].first == "A" ? "B" : "A")
        try await site.run { visitor async throws in
            for forged in [
                "\(parts[0]).\(parts[1]).\(other)\(parts[2].dropFirst())", "\(unsigned).\(parts[1]).", "\(parts[0]).\(parts[1])",
                "\(parts[0]).\(parts[1].dropLast(4)).\(parts[2])", "a.b.c", "..",
            ] {
                let answer = try await visitor.with(key: forged).get("/api/users/me")
                #expect(answer.status == 401, "\(forged)")
                #expect(answer.problem == "invalid_token", "\(forged)")
            }
        }
    }

    @Test func `a token of another installation is not known here`() async throws {
        let elsewhere = try await Site()
        let foreign = try await elsewhere.world.library.accounts.tokens.make(for: site.ana.user)
        try await site.run { visitor async throws in
            #expect(try await visitor.with(key: foreign).get("/api/users/me").problem == "invalid_token")
        }
    }
}
