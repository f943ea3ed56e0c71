import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Moving assets") struct MoveTests {
    let world: World
    let ana: Viewer
    let source: LibraryID
    let destination: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        source = try await world.libraryID(of: ana)
        destination = try await world.library.libraries.create(Name("Other"), description: nil, by: ana).record.id
    }

    private func photo(_ seed: UInt64, in library: LibraryID) async throws -> Asset {
        let upload = try await world.upload(TestPicture.png(seed: seed), named: "\(seed).png")
        return try await world.library.assets.upload(upload, into: library, by: ana).record
    }

    private func move(_ assets: [Asset]) async throws -> [AssetMove.Outcome] {
        let ids = assets.map(\.id.description)
        return try await world.library.assets.move(
            ids, from: source.description, to: destination.description, by: ana
        ).map(\.outcome)
    }

    private func limit(_ library: LibraryID, to bytes: Int64) async throws {
        try await world.database.write { tx in
            try tx.execute("UPDATE library SET storage_limit_bytes = \(bytes) WHERE id = \(library)")
        }
    }

    @Test func `vectors are found where the asset is, there and back`() async throws {
        let asset = try await photo(1, in: source)
        let vector = [Float](repeating: 0.5, count: 4)
        try await world.database.write { [now = world.clock.now] tx in
            try EmbeddingStore.keep(vector, of: asset.id, space: "test", at: now, tx)
        }
        let entries = { [world] (library: LibraryID) in
            try await world.database.read { tx in
                try EmbeddingStore.entries(after: 0, in: library, space: "test", limit: 10, tx).map(\.asset)
            }
        }
        #expect(try await move([asset]) == [.moved])
        #expect(try await entries(source).isEmpty)
        #expect(try await entries(destination) == [asset.id])
        _ = try await world.library.assets.move(
            ["\(asset.id)"], from: destination.description, to: source.description, by: ana)
        #expect(try await entries(source) == [asset.id])
        let last = try await world.database.read { [source] tx in
            try EmbeddingStore.lastSequence(in: source, space: "test", tx)
        }
        #expect(last == 2)
    }

    @Test func `as many move as there is room for`() async throws {
        let assets = [try await photo(1, in: source), try await photo(2, in: source)]
        try await limit(destination, to: assets[0].fileSizeBytes + 1)
        #expect(try await move(assets) == [.moved, .failed(.quota)])
        let usage = try await world.library.libraries.list(by: ana).map(\.storageUsedBytes)
        #expect(usage == assets.map(\.fileSizeBytes))
    }

    @Test func `an owner's cap does not stand in the way of a move among their own`() async throws {
        let asset = try await photo(1, in: source)
        try await world.database.write { [user = ana.user] tx in
            try tx.execute("UPDATE \"user\" SET storage_limit_bytes = 1 WHERE id = \(user)")
        }
        #expect(try await move([asset]) == [.moved])
    }

    @Test func `an uploaded file that finds no room is refused, even one that is there already`() async throws {
        _ = try await photo(1, in: source)
        try await limit(source, to: 100)
        for seed: UInt64 in [1, 2] {
            await #expect(throws: AssetProblem.quotaExceeded) { try await photo(seed, in: source) }
        }
    }

    @Test func `two libraries that exchange assets at once do not block each other`() async throws {
        let (mine, theirs) = (try await photo(1, in: source), try await photo(2, in: destination))
        async let there = world.library.assets.move(
            ["\(mine.id)"], from: source.description, to: destination.description, by: ana)
        async let back = world.library.assets.move(
            ["\(theirs.id)"], from: destination.description, to: source.description, by: ana)
        #expect(try await there.map(\.outcome) == [.moved])
        #expect(try await back.map(\.outcome) == [.moved])
    }
}
