import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Logging
import Testing

@Suite("Request counts") struct RequestCountTests {
    let world: World
    init() async throws { world = try await World() }

    private func shared() -> SharedRequestCounts {
        SharedRequestCounts(
            database: world.database, clock: world.clock, logger: Logger(label: "counts") { _ in SwiftLogNoOpLogHandler() })
    }

    private let key = RequestKey.credential(UUID(), .ordinary)

    /// How many of so many requests are let through.
    private func passed(_ count: Int, _ counts: [any RequestCounts], of limit: Int) async -> Int {
        var passed = 0
        for turn in 0..<count where await !counts[turn % counts.count].take(key, of: limit).isExceeded { passed += 1 }
        return passed
    }

    @Test func `a limit is kept, minute by minute`() async {
        for counts in [LocalRequestCounts(clock: world.clock), shared()] as [any RequestCounts] {
            #expect(await passed(20, [counts], of: 7) == 7)
            world.clock.advance(by: .seconds(60))
            #expect(await passed(20, [counts], of: 7) == 7)
            world.clock.advance(by: .seconds(60))
        }
    }

    @Test func `servers that count in the database let through as many as one`() async {
        #expect(await passed(40, [shared(), shared(), shared()], of: 10) == 10)
    }

    @Test func `what several take at once is no more either`() async {
        let counts = shared()
        let passed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<60 { group.addTask { [key] in await !counts.take(key, of: 20).isExceeded } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 20)
    }

    @Test func `most requests cost no statement`() async {
        let counts = shared()
        let before = world.database.statementCount
        for _ in 0..<1000 { _ = await counts.take(key, of: 10_000) }
        #expect(world.database.statementCount - before <= 20)
    }

    @Test func `one's requests are not another's`() async {
        let counts = shared()
        #expect(await passed(5, [counts], of: 1) == 1)
        #expect(await !counts.take(.credential(UUID(), .ordinary), of: 1).isExceeded)
        #expect(await !counts.take(.address("203.0.113.1", .anonymous), of: 1).isExceeded)
    }

    @Test func `minutes that are over are forgotten`() async throws {
        _ = await shared().take(key, of: 5)
        world.clock.advance(by: .seconds(120))
        try await world.library.maintain()
        let left = try await world.database.read { tx in try tx.value("SELECT COUNT(*) FROM request_count", as: Int.self) }
        #expect(left == 0)
    }
}
