import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Stacks") struct StackTests {
    let world: World
    let ana: Viewer
    let library: LibraryID
    var stacks: Stacks { world.library.stacks }

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    private func photos(_ count: Int) async throws -> [String] {
        var ids: [String] = []
        for minute in 0..<count {
            ids.append(try await world.photo(of: ana, taken: "2024-05-01T12:\(minute + 10):00").id.description)
        }
        return ids
    }

    private func stack(_ assets: [String], primary: String? = nil) async throws -> Stack {
        try await stacks.create(of: assets, primary: primary, in: library, by: ana)
    }

    private func members(_ stack: Stack) async throws -> [String]? {
        try await stacks.list(StackQuery(ids: [stack.id], includesMembers: true), in: library, by: ana).items.first?
            .assetIDs?.map(\.description)
    }

    /// What the feed tells from here on.
    private func told(after count: Int) async throws -> [String] {
        try await world.database.read { [library] tx in
            try tx.rows(
                "SELECT event_type, entity_id, payload FROM event WHERE library_id = \(library) AND sequence > \(count) ORDER BY sequence"
            ) {
                "\(try $0.value(0, as: String.self)) \(try $0.value(1, as: String.self)) \(try $0.value(2, as: String?.self) ?? "-")"
            }
        }
    }

    @Test func `a stack shows its live members, earliest first`() async throws {
        let photos = try await photos(3)
        let made = try await stack([photos[2], photos[0], photos[2]], primary: photos[0])

        #expect(made.assetCount == 2 && made.origin == .user && made.assetIDs == nil)
        #expect(made.primaryAssetID?.description == photos[0])
        #expect(try await members(made) == [photos[0], photos[2]])
        #expect(try await world.library.assets.get(photos[2], by: ana).stackID == made.id)
        await world.close()
    }

    @Test func `what cannot be stacked is refused`() async throws {
        let ben = try await world.user("ben")
        let photos = try await photos(2), foreign = try await world.photo(of: ben).id.description

        await #expect(throws: StackProblem.tooFew) { try await stack([photos[0], photos[0]]) }
        await #expect(throws: StackProblem.unknownAsset(foreign, field: "asset_ids")) { try await stack([photos[0], foreign]) }
        await #expect(throws: StackProblem.unknownAsset("x", field: "asset_ids")) { try await stack([photos[0], "x"]) }
        await #expect(throws: StackProblem.coverIsNoMember) { try await stack(photos, primary: foreign) }
        await #expect(throws: LibraryProblem.notFound) { try await stacks.create(of: photos, primary: nil, in: library, by: ben) }
        let made = try await stack(photos)
        await #expect(throws: StackProblem.notFound) { try await stacks.get("\(made.id)", by: ben) }
        await #expect(throws: StackProblem.notFound) { try await stacks.dissolve("nonsense", by: ana) }
        await world.close()
    }

    @Test func `a member of another stack moves over, and a cover brings its whole stack`() async throws {
        let photos = try await photos(7)
        let three = try await stack(Array(photos[0..<3])), covered = try await stack(Array(photos[3..<5]), primary: photos[3])

        let made = try await stack([photos[2], photos[3], photos[5]])

        #expect(try await members(made) == photos[2...5].map(\.self))
        #expect(try await members(three) == Array(photos[0..<2]))
        await #expect(throws: StackProblem.notFound) { try await stacks.get("\(covered.id)", by: ana) }
        // The stack of three is one of two now; the next that leaves dissolves it.
        _ = try await stacks.add([photos[1], photos[6]], to: "\(made.id)", by: ana)
        await #expect(throws: StackProblem.notFound) { try await stacks.get("\(three.id)", by: ana) }
        #expect(try await world.library.assets.get(photos[0], by: ana).stackID == nil)
        await world.close()
    }

    @Test func `assets that leave the library leave their stacks in order`() async throws {
        let photos = try await photos(3)
        let made = try await stack(photos, primary: photos[0])
        let ids = photos.compactMap { AssetID($0) }
        func leave(_ asset: AssetID) async throws {
            try await world.database.change(library, by: ana) { [library] tx in
                try StackStore.leave([asset], in: library, at: Instant(microseconds: 5), tx)
            }
        }
        let before = try await told(after: 0).count

        try await leave(ids[0])
        let rest = try await stacks.get("\(made.id)", by: ana)
        #expect(rest.primaryAssetID == nil && rest.assetCount == 2)
        try await leave(ids[2])

        #expect(
            try await told(after: before) == [
                "stack_updated \(made.id) -", #"asset_updated \#(ids[1]) {"stack_id":null}"#, "stack_deleted \(made.id) -",
            ])
        try await leave(ids[1])
        await world.close()
    }

    @Test func `taking out and dissolving tell of members before the stack`() async throws {
        let photos = try await photos(4)
        let made = try await stack(photos, primary: photos[1])
        let before = try await told(after: 0).count

        try await stacks.remove([photos[1], "nonsense"], from: "\(made.id)", by: ana)
        try await stacks.remove([photos[1]], from: "\(made.id)", by: ana)
        try await stacks.dissolve("\(made.id)", by: ana)

        #expect(
            try await told(after: before) == [
                #"asset_updated \#(photos[1]) {"stack_id":null}"#, "stack_updated \(made.id) -",
                #"asset_updated \#(photos[0]) {"stack_id":null}"#, #"asset_updated \#(photos[2]) {"stack_id":null}"#,
                #"asset_updated \#(photos[3]) {"stack_id":null}"#, "stack_deleted \(made.id) -",
            ])
        await world.close()
    }

    @Test func `a pinned cover is a live member, and pinning it again changes nothing`() async throws {
        let photos = try await photos(3)
        let made = try await stack(Array(photos[0..<2]))
        world.clock.advance(by: .seconds(1))
        await #expect(throws: StackProblem.coverIsNoMember) { try await stacks.pin(photos[2], in: "\(made.id)", by: ana) }

        let pinned = try await stacks.pin(photos[1], in: "\(made.id)", by: ana)
        world.clock.advance(by: .seconds(1))

        #expect(pinned.primaryAssetID?.description == photos[1] && pinned.updatedAt > made.updatedAt)
        #expect(try await stacks.pin(photos[1], in: "\(made.id)", by: ana) == pinned)
        await world.close()
    }

    @Test func `a page of stacks costs as many statements however long it is`() async throws {
        let photos = try await photos(12)
        var made: [Stack] = []
        for pair in 0..<6 { made.append(try await stack(Array(photos[2 * pair..<2 * pair + 2]))) }
        func cost(_ limit: Int) async throws -> (Int, [StackID]) {
            let before = world.database.statementCount
            let page = try await stacks.list(StackQuery(includesMembers: true, limit: limit), in: library, by: ana)
            return (world.database.statementCount - before, page.items.map(\.id))
        }

        let (one, six) = (try await cost(1), try await cost(6))

        #expect(one.0 == six.0)
        #expect(six.1 == made.map(\.id).sorted())
        let second = try await stacks.list(
            StackQuery(startingAfter: "\(six.1[3])", limit: 1), in: library, by: ana)
        #expect(second.items.map(\.id) == [six.1[4]] && second.hasMore)
        await #expect(throws: StackProblem.cursor) {
            try await stacks.list(StackQuery(startingAfter: "nonsense"), in: library, by: ana)
        }
        await world.close()
    }
}
