import BanksiaSQL
import BanksiaTestKit
import HTTPTypes
import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Lists") struct ListingTests {
    /// Runs a test in a library that is neither empty nor large, and which can grow.
    private func inCrowd(_ test: @escaping @Sendable (inout Crowd) async throws -> Void) async throws {
        let site = try await Site()
        try await site.run { visitor in
            var crowd = try await Crowd(site, visitor)
            try await crowd.grow(by: 2)
            try await test(&crowd)
        }
        await site.world.close()
    }

    /// The statements of a request, which has to find something.
    private func statements(_ listing: Listing, _ crowd: Crowd) async throws -> (sql: [SQL], found: Int) {
        let path = crowd.path(listing)
        var answer: Answer?
        let sql = try await crowd.world.database.statements { answer = try await crowd.visitor.get(path) }
        let got = try #require(answer)
        #expect(got.status == 200, "\(path): \(String(decoding: got.bytes, as: UTF8.self))")
        let json = try got.json
        return (sql, (json["data"] ?? json["clusters"] ?? json).elements.count)
    }

    @Test func `no list costs more statements when it is longer`() async throws {
        try await inCrowd { crowd in
            var few: [String: Int] = [:]
            for listing in Listing.all { few[listing.path] = try await statements(listing, crowd).sql.count }
            try await crowd.grow(by: 5)
            for listing in Listing.all {
                let (sql, found) = try await statements(listing, crowd)
                #expect(sql.count == few[listing.path], "\(listing.path) lists \(found)")
            }
        }
    }

    /// No list reads a whole table, sorts all of a library, or goes through a library to find a few: each would take longer with
    /// every photo. SQLite has no statistics, so how it goes about a statement does not depend on what the tables hold.
    @Test(.readsSQLitePlans) func `lists walk indexes, or look a few rows up`() async throws {
        try await inCrowd { crowd in
            for listing in Listing.all {
                for sql in try await statements(listing, crowd).sql {
                    let plan = try await crowd.world.database.read { tx in
                        try tx.rows("EXPLAIN QUERY PLAN \(sql)") { try $0.value(3, as: String.self) }
                    }
                    check(plan, of: listing)
                }
            }
        }
    }

    private func check(_ whole: [String], of listing: Listing) {
        let plan = whole.prefix { $0 != "SCAN page" }  // what comes after is about one page
        let tables = plan.filter { $0.hasPrefix("SCAN ") && !$0.contains("VIRTUAL TABLE INDEX") }
        let scanned = tables.filter { !Self.made.contains($0.split(separator: " ")[1].prefix { $0 != "-" }) }
        #expect(scanned.isEmpty, "\(listing.path): \(plan)")
        let walked = plan.filter { $0.contains(Self.walk) }
        switch listing.way {
        case .walk: #expect(walked.isEmpty || !plan.contains { $0.contains("ORDER BY") }, "\(listing.path): \(plan)")
        case .lookUp: #expect(walked.isEmpty, "\(listing.path): \(plan)")
        case .all: break
        }
    }

    /// What statements make for themselves, out of rows that were found.
    private static let made: Set<Substring> = [
        "CONSTANT", "(subquery", "page", "seen", "placed", "ranked", "period", "newest", "next", "hit", "place", "word",
    ]
    /// Along a table that grows, as far as a library or its feed goes.
    private static nonisolated(unsafe) let walk =
        /SEARCH (asset|album|album_asset|person|face|stack|event|job) USING .*\((library_id|scope)=\?( AND [a-z_]+[<>]\?)*\)/

    /// What is changed by its id is looked up by its id, whatever else is asked of it.
    @Test(.readsSQLitePlans) func `changes look their rows up`() async throws {
        try await inCrowd { crowd in
            for change in Self.changes {
                var answer: Answer?
                let (path, body) = (crowd.named(change.path), crowd.named(change.body))
                let sql = try await crowd.world.database.statements {
                    answer = try await crowd.visitor.send(
                        change.method, path, headers: [.contentType: "application/json"], body: ByteBuffer(string: body))
                }
                #expect(
                    answer.map { $0.status < 300 } == true, "\(path): \(String(decoding: answer?.bytes ?? [], as: UTF8.self))")
                for sql in sql {
                    let plan = try await crowd.world.database.read { tx in
                        try tx.rows("EXPLAIN QUERY PLAN \(sql)") { try $0.value(3, as: String.self) }
                    }
                    let walked = plan.filter {
                        $0.contains(Self.walk) || $0.contains(/^SCAN (asset|album|face|person|stack|event|job)\b/)
                    }
                    #expect(walked.isEmpty, "\(path): \(sql)")
                }
            }
        }
    }

    private static let changes: [(method: HTTPRequest.Method, path: String, body: String)] = [
        (.patch, "/api/assets/{asset}", #"{"description": "word"}"#),
        (.post, "/api/assets/bulk-update", #"{"updates": [{"id": "{asset}", "change": {"rating": 3}}]}"#),
        (.post, "/api/albums/{album}/assets", #"{"asset_ids": ["{asset}"]}"#),
        (.post, "/api/assets/trash", #"{"ids": ["{asset}"]}"#),
        (.post, "/api/assets/restore", #"{"ids": ["{asset}"]}"#),
        (.post, "/api/people/bulk-update", #"{"updates": [{"id": "{person}", "change": {"is_hidden": true}}]}"#),
        (.delete, "/api/stacks/{stack}", ""),
        (.delete, "/api/assets", #"{"ids": ["{asset}"]}"#),
    ]

    /// The same where statistics decide: as soon as reading whole tables and sorting cost too much, the indexes are there.
    @Test(.needsSharedEngine) func `a server has an index to walk for each list`() async throws {
        try await inCrowd { crowd in
            for listing in Listing.all {
                for sql in try await statements(listing, crowd).sql {
                    let plan = try await crowd.world.database.read { tx in
                        for way in ["seqscan", "sort", "bitmapscan"] {
                            try tx.execute("SET LOCAL \(SQL(trusted: "enable_\(way)")) = off")
                        }
                        return try tx.rows("EXPLAIN \(sql)") { try $0.value(0, as: String.self) }
                    }
                    let text = plan.joined(separator: "\n")
                    #expect(!text.contains(Self.wholeTable), "\(listing.path)\n\(text)")
                    let walks = listing.way == .walk && plan.first?.hasPrefix("Limit") == true
                    guard walks, text.contains(Self.growing) else { continue }
                    #expect(!text.contains("Sort  ("), "\(listing.path)\n\(text)")
                }
            }
        }
    }

    private static nonisolated(unsafe) let wholeTable = /Seq Scan on (asset|album|album_asset|person|face|stack|event|job)\b/
    private static nonisolated(unsafe) let growing = /on (asset|album|album_asset|person|face|stack|event|job)\b/
}
