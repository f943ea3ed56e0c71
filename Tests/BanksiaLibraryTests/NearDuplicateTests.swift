import BanksiaCore
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Near duplicates") struct NearDuplicateTests {
    private static let space = "test"
    let world: World
    let ana: Viewer

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
    }

    /// A photo as it looks once its hash and its vector are there.
    private func photo(_ hash: UInt64, _ vector: [Float]) async throws -> Asset {
        let asset = try await world.photo(of: ana)
        let now = world.clock.now
        try await world.database.write { tx in
            let version = try #require(try AssetStore.version(asset.currentVersionID, tx))
            try NearDuplicateStore.keep(hash, of: version, tx)
            try EmbeddingStore.keep([Scene(vector: vector)], of: asset.id, space: Self.space, at: now, tx)
        }
        return asset
    }

    private func pair(_ asset: Asset, with candidates: [Asset]) async throws {
        try await world.database.write { tx in
            try NearDuplicateStore.pair(asset.id, with: candidates.map(\.id), space: Self.space, tx)
        }
    }

    /// What the stage does once both are there.
    private func look(at asset: Asset) async throws {
        try await world.database.write { tx in
            let copies = try NearDuplicateStore.copies(of: asset.id, space: Self.space, tx)
            try NearDuplicateStore.pair(asset.id, with: copies, space: Self.space, tx)
        }
    }

    private func groups(in library: LibraryID? = nil) async throws -> [[AssetID]] {
        var place = library
        if place == nil { place = try await world.libraryID(of: ana) }
        let library = try #require(place)
        return try await world.library.nearDuplicates.list(in: library, after: nil, limit: 200, by: ana).items.map(\.assets)
    }

    @Test func `both the vector and the hash have to be near`() async throws {
        let photo = try await photo(0, [1, 0])
        let copy = try await self.photo(0b111, [1, 0])
        let cut = try await self.photo(0xF_FFFF, [1, 0])
        let alike = try await self.photo(.max, [1, 0])
        let sky = try await self.photo(0, [0, 1])
        let portrait = try await self.photo(0xF_FFFF << 40, [0.97, 0.243])
        let all = [photo, copy, cut, alike, sky, portrait]
        try await pair(photo, with: all)
        #expect(try await groups() == [[photo.id, copy.id, cut.id].sorted()])
        // Whoever looks last comes to the same.
        for asset in all.reversed() { try await pair(asset, with: all) }
        #expect(try await groups() == [[photo.id, copy.id, cut.id].sorted()])
        // And so does whoever has to find the others first.
        for asset in all { try await look(at: asset) }
        #expect(try await groups() == [[photo.id, copy.id, cut.id].sorted()])
        await world.close()
    }

    @Test func `whoever moves finds copies there, and is none of its old ones any more`() async throws {
        let home = try await world.libraryID(of: ana)
        let (one, two, three) = (try await photo(0, [1, 0]), try await photo(1, [1, 0]), try await photo(3, [1, 0]))
        for asset in [one, two, three] { try await look(at: asset) }
        #expect(try await groups() == [[one.id, two.id, three.id].sorted()])
        let elsewhere = try await world.library.libraries.create(Name("Elsewhere"), description: nil, by: ana).record.id
        _ = try await world.library.assets.move(
            ["\(one.id)", "\(two.id)"], from: "\(home)", to: "\(elsewhere)", by: ana)
        #expect(try await groups(in: home) == [])
        #expect(try await groups(in: elsewhere) == [])
        try await look(at: two)
        try await look(at: three)
        #expect(try await groups(in: home) == [])
        #expect(try await groups(in: elsewhere) == [[one.id, two.id].sorted()])
        await world.close()
    }

    @Test func `what became too small for a hash has no copies, and an older version has no say`() async throws {
        let (one, two) = (try await photo(0, [1, 0]), try await photo(1, [1, 0]))
        try await look(at: two)
        try await world.database.write { tx in
            var version = try #require(try AssetStore.version(two.currentVersionID, tx))
            let current = version
            version.id = IdentifierSource.timeOrdered.make()
            try NearDuplicateStore.keep(nil, of: version, tx)
            #expect(try NearDuplicateStore.hash(of: two.id, tx) == 1)
            try NearDuplicateStore.keep(nil, of: current, tx)
        }
        #expect(try await groups() == [])
        try await look(at: one)
        #expect(try await groups() == [])
        await world.close()
    }

    @Test func `a look that knew less takes nothing back, and one that knows better does`() async throws {
        let (one, other) = (try await photo(0, [1, 0]), try await photo(1, [1, 0]))
        try await pair(other, with: [one])
        try await pair(one, with: [])
        #expect(try await groups() == [[one.id, other.id].sorted()])
        try await world.database.write { tx in
            let version = try #require(try AssetStore.version(other.currentVersionID, tx))
            try NearDuplicateStore.keep(.max, of: version, tx)
        }
        try await pair(one, with: [])
        #expect(try await groups() == [])
        await world.close()
    }

    @Test func `whatever the order of the pairs, the groups are the same`() {
        let ids = IdentifierSource.timeOrdered
        let assets: [AssetID] = (0..<12).map { _ in ids.make() }.sorted()
        let pairs = [(0, 5), (5, 9), (9, 2), (1, 3), (7, 8), (8, 11), (11, 7)].map { (assets[$0.0], assets[$0.1]) }
        let expected = [[0, 2, 5, 9], [1, 3], [7, 8, 11]].map { $0.map { assets[$0] } }
        for _ in 0..<20 {
            let turned = pairs.shuffled().map { Bool.random() ? $0 : ($0.1, $0.0) }
            #expect(NearDuplicates.groups(of: turned).map(\.assets) == expected)
        }
    }
}
