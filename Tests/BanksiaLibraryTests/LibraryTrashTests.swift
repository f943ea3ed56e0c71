import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Libraries in the trash") struct LibraryTrashTests {
    let world: World
    let ana: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    private var libraries: Libraries { world.library.libraries }
    private var id: String { "\(library)" }

    /// Another library, so that the first may be trashed.
    private func another() async throws { _ = try await libraries.create(Name("Other"), description: nil, by: ana) }

    private func events() async throws -> [String] {
        try await world.database.read { [library] tx in
            try tx.rows("SELECT event_type FROM event WHERE library_id = \(library) ORDER BY sequence") { try $0.value(0) }
        }
    }

    @Test func `the last live library stays`() async throws {
        await #expect(throws: LibraryProblem.lastLive) { try await libraries.trash(id, by: ana) }
        try await another()
        try await libraries.trash(id, by: ana)
        let rest = try await world.libraryID(of: ana)
        await #expect(throws: LibraryProblem.lastLive) { try await libraries.trash("\(rest)", by: ana) }
    }

    @Test func `of two that are trashed at once one stays`() async throws {
        let other = try await libraries.create(Name("Other"), description: nil, by: ana).record.id
        await withTaskGroup(of: Void.self) { group in
            for one in [library, other] {
                // the one that comes second is refused
                group.addTask { try? await libraries.trash("\(one)", by: ana) }
            }
        }
        #expect(try await libraries.list(.live, by: ana).count == 1)
    }

    @Test func `a trashed library is hidden from all but its owner, and comes back whole`() async throws {
        let ben = try await world.user("ben")
        try await world.share(library, of: ana, with: ben, as: .collaborator)
        let photo = try await world.photo(of: ana)
        try await another()

        try await libraries.trash(id, by: ana)
        try await libraries.trash(id, by: ana)

        #expect(try await libraries.get(id, by: ana).trashedAt != nil)
        #expect(try await libraries.list(.trashed, by: ana).map(\.id) == [library])
        #expect(try await libraries.list(.trashed, by: ben).isEmpty)
        await #expect(throws: LibraryProblem.notFound) { try await libraries.get(id, by: ben) }
        for viewer in [ana, ben] {
            await #expect(throws: LibraryProblem.notFound) { try await libraries.resolve(id, by: viewer) }
            await #expect(throws: AssetProblem.notFound) { try await world.library.assets.get("\(photo.id)", by: viewer) }
        }
        await #expect(throws: LibraryProblem.nameTaken("Default Library")) {
            try await libraries.create(Name("Default Library"), description: nil, by: ana)
        }

        let restored = try await libraries.restore(id, by: ana)
        #expect(restored.trashedAt == nil && restored.assetCount == 1)
        #expect(try await libraries.restore(id, by: ana) == restored)
        #expect(try await world.library.assets.get("\(photo.id)", by: ben).id == photo.id)
        #expect(try await events().suffix(2) == ["library_trashed", "library_restored"])
        await world.close()
    }

    @Test func `its background work rests until it is back`() async throws {
        _ = try await world.photo(of: ana)
        try await another()
        try await libraries.trash(id, by: ana)
        try await world.finishJobs()
        func waiting() async throws -> Int {
            try await world.database.read { [jobs = world.jobs, library] tx in
                try jobs.list(scopes: [library.uuid], status: .pending, limit: 10, tx).count
            }
        }
        #expect(try await waiting() > 0)

        _ = try await libraries.restore(id, by: ana)
        try await world.finishJobs()
        #expect(try await waiting() == 0)
        await world.close()
    }

    @Test func `a purge takes everything, the files and the row last`() async throws {
        let ben = try await world.user("ben")
        try await world.share(library, of: ana, with: ben, as: .viewer)
        for _ in 0..<3 { _ = try await world.photo(of: ana) }
        let photo = try await world.photo(of: ana)
        let album = try await world.library.albums.create("A", description: nil, in: library, .alwaysNew, by: ana).record
        _ = try await world.library.albums.add(["\(photo.id)"], to: "\(album.id)", by: ana)
        _ = try await world.library.keys.create(.init(name: Name("k"), libraries: [id]), by: ana)
        try await another()

        await #expect(throws: LibraryProblem.notTrashed) { try await libraries.purge(id, by: ana) }
        try await libraries.trash(id, by: ana)
        try await libraries.purge(id, by: ana)
        try await libraries.purge(id, by: ana)
        try await world.finishJobs()

        await #expect(throws: LibraryProblem.notFound) { try await libraries.get(id, by: ana) }
        await #expect(throws: LibraryProblem.notFound) { try await libraries.restore(id, by: ana) }
        #expect(try await rowsLeft() == [:])
        var files = 0
        try await world.files.forEachBatchOfOriginals { files += $0.count }
        #expect(files == 0)
        _ = try await libraries.create(Name("Default Library"), description: nil, by: ana)
        await world.close()
    }

    /// The tables that still have rows of the library.
    private func rowsLeft() async throws -> [String: Int] {
        let tables = try await world.database.tables().filter { $0.columns.contains("library_id") }.map(\.name)
        #expect(tables.contains("asset") && tables.contains("event"))
        return try await world.database.read { [library] tx in
            var left: [String: Int] = [:]
            for table in tables {
                let count = try tx.value(
                    "SELECT COUNT(*) FROM \(SQL(trusted: "\"\(table)\"")) WHERE library_id = \(library)", as: Int.self)
                if let count, count > 0 { left[table] = count }
            }
            return left
        }
    }

    @Test func `a restore stops a purge, and keeps what is left`() async throws {
        for _ in 0..<3 { _ = try await world.photo(of: ana) }
        try await another()
        try await libraries.trash(id, by: ana)
        try await libraries.purge(id, by: ana)
        _ = try await libraries.restore(id, by: ana)

        try await world.finishJobs()

        #expect(try await libraries.get(id, by: ana).assetCount == 3)
        await world.close()
    }

    @Test func `a purge that was cut off goes on, and one more changes nothing`() async throws {
        _ = try await world.photo(of: ana)
        try await another()
        try await libraries.trash(id, by: ana)
        try await libraries.purge(id, by: ana)
        let purge = LibraryPurge(
            database: world.database, jobs: world.jobs, clock: world.clock)
        // the first batch is committed, and then the process is gone
        _ = try await purge.advance(library)
        #expect(try await libraries.get(id, by: ana).assetCount == 0)
        // the second finds nothing left: from then on nobody sees the library
        _ = try await purge.advance(library)
        await #expect(throws: LibraryProblem.notFound) { try await libraries.restore(id, by: ana) }

        #expect(try await purge.run(library) == .purged)
        #expect(try await purge.run(library) == .purged)
        #expect(try await rowsLeft() == [:])
        await world.close()
    }

    @Test func `the trash is emptied after its time, not before`() async throws {
        try await another()
        try await libraries.trash(id, by: ana)
        world.clock.advance(by: .seconds(90 * 86_400 - 1))
        try await world.library.maintain(libraryRetention: .seconds(90 * 86_400))
        try await world.finishJobs()
        #expect(try await libraries.get(id, by: ana).trashedAt != nil)

        world.clock.advance(by: .seconds(2))
        try await world.library.maintain(libraryRetention: .seconds(90 * 86_400))
        try await world.finishJobs()
        await #expect(throws: LibraryProblem.notFound) { try await libraries.get(id, by: ana) }
    }
}
