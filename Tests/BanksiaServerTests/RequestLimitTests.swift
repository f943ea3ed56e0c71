import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import HTTPTypes
import Logging
import Testing

@testable import BanksiaServer

@Suite("Request limits") struct RequestLimitTests {
    private let limits = RequestLimits(ordinary: 3, uploads: 2, media: 2, anonymous: 2)

    private func site() async throws -> Site {
        try await Site { world in RequestLimiter(limits, counts: LocalRequestCounts(clock: world.clock)) }
    }

    @Test func `who asks too often is told when to come back`() async throws {
        let site = try await site()
        let clock = site.world.clock
        try await site.run { visitor async throws in
            for left in [2, 1, 0] {
                let answer = try await visitor.get("/api/libraries")
                #expect(answer.status == 200)
                #expect(answer.headers[.rateLimit] == "3")
                #expect(answer.headers[.rateLimitRemaining] == "\(left)")
            }
            let refused = try await visitor.get("/api/libraries")
            #expect(refused.problem == "rate_limited")
            #expect(refused.status == 429)
            // The clock of the kit starts 20 seconds into a minute.
            #expect(refused.headers[.retryAfter] == "40")
            #expect(refused.headers[.rateLimitReset] == "40")
            clock.advance(by: .seconds(40))
            #expect(try await visitor.get("/api/libraries").status == 200)
        }
    }

    @Test func `credentials, uploads and strangers are counted apart`() async throws {
        let site = try await site()
        let other = try await site.key([.read])
        try await site.run { visitor async throws in
            for _ in 0..<4 { _ = try await visitor.get("/api/libraries") }
            #expect(try await visitor.with(key: other).get("/api/libraries").status == 200)
            #expect(try await visitor.upload(Form(bytes: TestPicture.png(seed: 1))).status == 201)
            #expect(try await visitor.with(key: "wrong").get("/api/libraries").status == 401)
            #expect(try await visitor.with(key: nil).get("/api/server/ping").status == 200)
            #expect(try await visitor.with(key: "wrong").get("/api/libraries").status == 429)
        }
    }

    @Test func `nothing is counted where nothing is limited`() async throws {
        let site = try await Site()
        try await site.run { visitor async throws in
            #expect(try await visitor.get("/api/libraries").headers[.rateLimit] == nil)
        }
    }
}
