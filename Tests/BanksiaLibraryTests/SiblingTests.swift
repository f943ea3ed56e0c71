import BanksiaCore
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Siblings") struct SiblingTests {
    let world: World
    let ana: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    /// A shot that has all that siblings are found by.
    private func shot(_ number: Int64) -> Shot {
        Shot(
            contentID: "0f1e2d3c", burstID: "4b5a6978", camera: "acme one",
            taken: CaptureTime(wallMicroseconds: 1_000_000 * number, offsetSeconds: nil),
            name: CameraFileName(series: "img_#4", number: number), isRaw: false)
    }

    /// SQLite has no statistics, so how it goes about a statement does not depend on what the tables hold.
    @Test(.readsSQLitePlans) func `a sibling is looked up, however large the library`() async throws {
        let still = try await world.photo(of: ana).id, film = try await world.photo(of: ana).id
        let statements = try await world.database.statements {
            try await world.database.write { [library, now = world.clock.now] tx in
                for (number, asset) in [still, film].enumerated() { try ShotStore.keep(shot(Int64(number)), of: asset, tx) }
                #expect(try ShotStore.stackable(with: still, shot(0), in: library, tx).map(\.asset).contains(still))
                #expect(try ShotStore.sharing("0f1e2d3c", .image, in: library, tx).count == 2)
                try LivePhotos.pair(still, shot(0), .image, in: library, at: now, tx)
                #expect(try FilmStore.pair(still, with: film, tx))
                #expect(try FilmStore.films(of: [still], tx).count == 1)
                #expect(try FilmStore.leave([film], in: library, at: now, tx) == [still])
                try StackDetector(ids: .timeOrdered).gather(around: still, shot(0), in: library, at: now, tx)
            }
        }
        #expect(statements.count > 10)
        for sql in statements {
            let plan = try await world.database.read { tx in
                try tx.rows("EXPLAIN QUERY PLAN \(sql)") { try $0.value(3, as: String.self) }
            }
            #expect(!plan.contains { $0.contains(Self.walk) }, "\(sql)\n\(plan)")
        }
        await world.close()
    }

    /// All of a table, or of it what a library has.
    private static nonisolated(unsafe) let walk =
        /SCAN (asset|asset_film|shot|stack|event|job)\b|SEARCH (asset|stack|event) USING .*\(library_id=\?\)/

    /// The jobs that look for siblings, by subject.
    private func searches(in library: LibraryID) async throws -> Set<AssetID> {
        Set(
            try await world.database.read { tx in
                try tx.rows("SELECT subject FROM job WHERE kind = \(Pipeline.siblings) AND scope = \(library)") {
                    try $0.value(0, as: AssetID.self)
                }
            })
    }

    @Test func `who is moved, or left, has siblings looked for where it is`() async throws {
        let still = try await world.photo(of: ana).id, film = try await world.photo(of: ana).id
        let stranger = try await world.photo(of: ana).id
        let other = try await world.library.libraries.create(Name("Other"), description: nil, by: ana).record.id
        try await world.database.write { tx in
            _ = try FilmStore.pair(still, with: film, tx)
            try tx.execute("DELETE FROM job")
        }
        _ = try await world.library.assets.move([film.description], from: "\(library)", to: "\(other)", by: ana)
        #expect(try await searches(in: other) == [film])
        #expect(try await searches(in: library) == [still])
        try await world.database.write { tx in
            _ = try FilmStore.pair(still, with: stranger, tx)
            try tx.execute("DELETE FROM job")
        }
        try await world.library.assets.delete(stranger.description, by: ana)
        #expect(try await searches(in: library) == [still])
        await world.close()
    }
    @Test func `who comes back from the trash has siblings looked for`() async throws {
        let frame = try await world.photo(of: ana).id
        try await world.library.assets.trash(["\(frame)"], in: library, by: ana)
        try await world.database.write { tx in try tx.execute("DELETE FROM job") }
        try await world.library.assets.restore(["\(frame)"], in: library, by: ana)
        #expect(try await searches(in: library) == [frame])
        await world.close()
    }
}
