import BanksiaCore
import BanksiaLibrary
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

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

    @Test func `a list costs the same number of statements however long it is`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        func statements() async throws -> Int {
            let before = world.database.statementCount
            _ = try await world.library.assets.list(AssetQuery(limit: 200), in: library, by: ana)
            return world.database.statementCount - before
        }
        let empty = try await statements()
        _ = try await fill(ana, days: (1...9).map { "2024-01-0\($0)" })

        #expect(try await statements() == empty)
    }
}
