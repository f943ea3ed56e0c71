import BanksiaCore
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Lists of assets") struct AssetListTests {
    let world: World
    init() async throws { world = try await World() }

    private func fill(_ ana: Viewer, days: [String]) async throws -> [AssetID] {
        var ids: [AssetID] = []
        for day in days { ids.append(try await world.photo(of: ana, named: "\(day).png", taken: day).id) }
        await world.close()
        return ids
    }

    @Test(arguments: [1, 2, 3, 7], [ListOrder.ascending, .descending])
    func `a cursor visits every asset once, in order`(limit: Int, order: ListOrder) async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let ids = try await fill(ana, days: ["2024-01-01", "2024-01-02", "2024-01-02", "2024-01-03", "1969-12-31", "2024-01-04"])

        var visited: [AssetID] = []
        var cursor: String?
        while true {
            let page = try await world.library.assets.list(
                AssetQuery(order: order, startingAfter: cursor, limit: limit), in: library, by: ana)
            visited += page.items.map(\.id)
            guard page.hasMore else { break }
            cursor = page.items.last.map { "\($0.id)" }
        }

        let ascending = [ids[4], ids[0]] + [ids[1], ids[2]].sorted() + [ids[3], ids[5]]
        #expect(visited == (order == .ascending ? ascending : ascending.reversed()))
    }

    @Test func `a cursor that names nothing is refused`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        for cursor in ["asset_nothing", "\(AssetID(uuid: .init()))"] {
            await #expect(throws: AssetProblem.cursor) {
                try await world.library.assets.list(AssetQuery(startingAfter: cursor), in: library, by: ana)
            }
        }
    }

    @Test func `time bounds are exclusive, and know wall clocks from instants`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let ids = try await fill(ana, days: ["2024-05-01T10:00:00", "2024-05-01T12:00:00+02:00", "2024-05-01T11:00:00Z"])
        func list(after: String? = nil, before: String? = nil) async throws -> Set<AssetID> {
            let filter = AssetFilter(
                takenAfter: after.flatMap { CaptureTime($0) }.map { [$0] } ?? [],
                takenBefore: before.flatMap { CaptureTime($0) }.map { [$0] } ?? [])
            return Set(try await world.library.assets.list(AssetQuery(filter: filter), in: library, by: ana).items.map(\.id))
        }

        #expect(try await list(after: "2024-05-01T10:00:00") == [ids[1], ids[2]])
        #expect(try await list(before: "2024-05-01T11:00:00") == [ids[0]])
        #expect(try await list(after: "2024-05-01T10:00:00Z") == [ids[2]])
        #expect(try await list(before: "2024-05-01T12:30:00+02:00") == [ids[0], ids[1]])
    }

    @Test func `counts follow the wall clock, weeks start on Monday`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        _ = try await fill(ana, days: ["2024-05-05T23:59:59", "2024-05-06T00:00:00", "2024-06-01", "1969-12-31T12:00:00"])
        func counts(_ bucket: AssetCountQuery.Bucket) async throws -> [String] {
            try await world.library.assets.counts(AssetCountQuery(bucket: bucket, order: .ascending), in: library, by: ana).items
                .map { "\($0.start.text) \($0.count)" }
        }

        #expect(
            try await counts(.day) == [
                "1969-12-31T00:00:00 1", "2024-05-05T00:00:00 1", "2024-05-06T00:00:00 1", "2024-06-01T00:00:00 1",
            ])
        #expect(
            try await counts(.week) == [
                "1969-12-29T00:00:00 1", "2024-04-29T00:00:00 1", "2024-05-06T00:00:00 1", "2024-05-27T00:00:00 1",
            ])
        #expect(try await counts(.month) == ["1969-12-01T00:00:00 1", "2024-05-01T00:00:00 2", "2024-06-01T00:00:00 1"])
        #expect(try await counts(.year) == ["1969-01-01T00:00:00 1", "2024-01-01T00:00:00 3"])
    }

    @Test(arguments: [ListOrder.ascending, .descending], AssetCountQuery.Bucket.allCases)
    func `counting along the timeline and counting what was found agree, page by page`(
        order: ListOrder, bucket: AssetCountQuery.Bucket
    ) async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let days = [
            "1899-12-31T23:59:59.999999", "1969-12-31", "1970-01-01", "2000-02-29", "2023-12-31", "2024-01-01", "2024-12-30",
        ]
        let ids = try await fill(
            ana, days: days + ["2024-02-29T23:59:59", "2024-03-01", "2024-03-03", "2024-03-04", "2024-03-31"])
        func pages(_ filter: AssetFilter, limit: Int) async throws -> [AssetCount] {
            var counts: [AssetCount] = []
            while true {
                let query = AssetCountQuery(
                    filter: filter, bucket: bucket, order: order,
                    startingAfterBucket: counts.last.map { CaptureTime(wallMicroseconds: $0.start.microseconds) }, limit: limit)
                let page = try await world.library.assets.counts(query, in: library, by: ana)
                counts += page.items
                guard page.hasMore else { return counts }
            }
        }
        let expected = Dictionary(
            grouping: days + ["2024-02-29T23:59:59", "2024-03-01", "2024-03-03", "2024-03-04", "2024-03-31"]
        ) {
            bucket.start(of: CaptureTime($0)?.wallMicroseconds ?? 0)
        }.map { AssetCount(start: CivilTime(microseconds: $0.key), count: $0.value.count) }
            .sorted { ($0.start.microseconds < $1.start.microseconds) == (order == .ascending) }

        for limit in [1, 3, 200] {
            #expect(try await pages(AssetFilter(), limit: limit) == expected)
            #expect(try await pages(AssetFilter(ids: ids), limit: limit) == expected)
        }
    }

    @Test func `lists, counts and clusters cost the same number of statements however long they are`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let view = try #require(GeoBox(west: -180, south: -90, east: 180, north: 90))
        func statements() async throws -> [Int] {
            var counts: [Int] = []
            func count(_ body: () async throws -> Void) async throws {
                let before = world.database.statementCount
                try await body()
                counts.append(world.database.statementCount - before)
            }
            for expansion in [AssetExpansion.lean, .faces, .people, .full] {
                try await count {
                    _ = try await world.library.assets.list(AssetQuery(limit: 200, expansion: expansion), in: library, by: ana)
                }
            }
            try await count { _ = try await world.library.assets.counts(AssetCountQuery(bucket: .day), in: library, by: ana) }
            try await count {
                let query = AssetCountQuery(filter: AssetFilter(ids: []), bucket: .day)
                _ = try await world.library.assets.counts(query, in: library, by: ana)
            }
            try await count {
                let query = GeoClusterQuery(view: view, cellSize: 1)
                _ = try await world.library.assets.clusters(query, in: library, by: ana)
            }
            return counts
        }
        let empty = try await statements()
        let ids = try await fill(ana, days: (1...9).map { "2024-01-0\($0)" })
        for (place, id) in ids.enumerated() { try await world.put(id, latitude: Double(place), longitude: Double(place)) }
        try await world.showing(2, in: ids)

        #expect(try await statements() == empty)
        #expect(empty == [1, 2, 2, 4, 1, 1, 1])
        let full = try await world.library.assets.list(AssetQuery(), in: library, by: ana).items
        #expect(full.allSatisfy { $0.faces?.count == 2 && $0.people?.count == 2 })
    }

    @Test func `who is seen in an asset comes with it, in whatever way it is read`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let bytes = TestPicture.png(seed: 999)
        let asset = try await world.photo(of: ana, bytes: bytes)
        #expect(asset.faces ?? [] == [])
        let people = try await world.showing(2, in: [asset.id])
        let read = try await world.library.assets.get("\(asset.id)", by: ana)
        #expect(read.people?.map(\.id) == people)
        #expect(read.faces?.compactMap(\.personID) == people)
        #expect(try await world.library.assets.get("\(asset.id)", .lean, by: ana).faces == nil)
        let again = try await world.upload(bytes, named: "again.png")
        #expect(try await world.library.assets.upload(again, into: library, by: ana).record.people?.map(\.id) == people)
        let chosen = AssetFilter(people: [people[0], people[1]])
        #expect(
            try await world.library.assets.list(AssetQuery(filter: chosen), in: library, by: ana).items.map(\.id) == [asset.id])
        let missed = AssetFilter(people: [people[0], PersonID(uuid: UUID())])
        #expect(try await world.library.assets.list(AssetQuery(filter: missed), in: library, by: ana).items.isEmpty)
    }
}
