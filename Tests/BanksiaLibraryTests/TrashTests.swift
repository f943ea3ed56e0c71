import BanksiaCore
import BanksiaFiles
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Trash") struct TrashTests {
    let world: World
    let ana: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    private var assets: Assets { world.library.assets }

    private func listed(_ state: Library.State) async throws -> [AssetID] {
        try await assets.list(AssetQuery(filter: AssetFilter(state: state)), in: library, by: ana).items.map(\.id)
    }

    private func usage() async throws -> (assets: Int, bytes: Int64) {
        let library = try await world.library.libraries.list(by: ana)[0]
        return (library.assetCount, library.storageUsedBytes)
    }

    @Test func `the trash takes in once and gives back once`() async throws {
        let photos = [try await world.photo(of: ana), try await world.photo(of: ana)]
        let ids = photos.map(\.id.description)
        let bytes = try await usage().bytes
        let before = try await world.events(of: ana).count
        world.clock.advance(by: .seconds(5))

        try await assets.trash([ids[0], "nonsense", ids[0]], in: library, by: ana)
        try await assets.trash([ids[0]], in: library, by: ana)
        #expect(try await listed(.live) == [photos[1].id])
        #expect(try await listed(.trashed) == [photos[0].id])
        let trashed = try await assets.get(ids[0], by: ana)
        #expect(trashed.trashedAt == world.clock.now && trashed.updatedAt == world.clock.now)
        #expect(try await usage() == (1, bytes))

        try await assets.restore(ids, in: library, by: ana)
        try await assets.restore(ids, in: library, by: ana)
        #expect(try await listed(.trashed).isEmpty)
        #expect(try await usage() == (2, bytes))
        let told = try await world.events(of: ana).dropFirst(before)
        #expect(told.map(\.type) == ["asset_trashed", "asset_restored"])
        #expect(told.allSatisfy { $0.entityID == ids[0] && $0.payload == nil })
    }

    @Test func `nothing is trashed or deleted by way of another library`() async throws {
        let bea = try await world.user("bea")
        let foreign = try await world.photo(of: bea)
        try await assets.trash([foreign.id.description], in: library, by: ana)
        try await assets.delete([foreign.id.description], in: library, by: ana)
        await #expect(throws: AssetProblem.notFound) { try await assets.delete(foreign.id.description, by: ana) }
        await #expect(throws: LibraryProblem.notFound) {
            try await assets.trash([foreign.id.description], in: world.libraryID(of: bea), by: ana)
        }
        #expect(try await assets.get(foreign.id.description, by: bea).trashedAt == nil)
    }

    @Test func `a deletion tells of links and covers first, then of the asset`() async throws {
        let (first, second) = (
            try await world.photo(of: ana), try await world.photo(of: ana, taken: "2025-01-01T00:00:00")
        )
        let album = try await world.library.albums.create("Coast", description: nil, in: library, .alwaysNew, by: ana).record
        _ = try await world.library.albums.add(
            [first.id.description, second.id.description], to: album.id.description, by: ana)
        let before = try await world.events(of: ana).count

        try await assets.delete(first.id.description, by: ana)

        let told = try await world.events(of: ana).dropFirst(before)
        #expect(told.map(\.type) == ["album_asset_removed", "album_updated", "asset_deleted"])
        #expect(told.first?.payload == ["album_id": album.id.description, "asset_id": first.id.description])
        #expect(told.dropFirst().first?.payload == ["album_cover_asset_id": second.id.description])
        await #expect(throws: AssetProblem.notFound) { try await assets.get(first.id.description, by: ana) }
        await #expect(throws: AssetProblem.notFound) { try await assets.delete(first.id.description, by: ana) }
        let left = try await usage()
        #expect(left.assets == 1)
        #expect(left.bytes == second.fileSizeBytes)
    }

    @Test func `a stack that loses all but one member dissolves, and tells so before the deletion`() async throws {
        let photos = [try await world.photo(of: ana), try await world.photo(of: ana)]
        let stack = try await world.library.stacks.create(
            of: photos.map(\.id.description), primary: nil, in: library, by: ana)
        let before = try await world.events(of: ana).count

        try await assets.trash([photos[0].id.description], in: library, by: ana)
        #expect(try await assets.get(photos[0].id.description, by: ana).stackID == stack.id)
        try await assets.delete(photos[0].id.description, by: ana)

        let told = try await world.events(of: ana).dropFirst(before)
        #expect(told.map(\.type) == ["asset_trashed", "asset_updated", "stack_deleted", "asset_deleted"])
        #expect(told.dropFirst().map(\.entityID).prefix(2) == [photos[1].id.description, stack.id.description])
        #expect(try await assets.get(photos[1].id.description, by: ana).stackID == nil)
    }

    @Test func `an emptied trash leaves no row and no file behind`() async throws {
        let kept = try await world.photo(of: ana)
        let gone = [try await world.photo(of: ana), try await world.photo(of: ana)]
        try await assets.trash(gone.map(\.id.description), in: library, by: ana)

        try await assets.emptyTrash(of: library, by: ana)
        try await world.finishJobs()

        #expect(try await listed(.all) == [kept.id])
        #expect(try await usage() == (1, kept.fileSizeBytes))
        for asset in gone {
            let digest = try #require(asset.file?.checksum)
            #expect(try await world.files.originalSize(digest) == nil)
        }
        let digest = try #require(kept.file?.checksum)
        #expect(try await world.files.originalSize(digest) != nil)
        await world.close()
    }

    @Test func `only what has been in the trash for the whole time is purged`() async throws {
        let old = try await world.photo(of: ana), fresh = try await world.photo(of: ana), live = try await world.photo(of: ana)
        try await assets.trash([old.id.description], in: library, by: ana)
        world.clock.advance(by: .seconds(89 * 86_400))
        try await assets.trash([fresh.id.description], in: library, by: ana)
        #expect(try await world.library.purgeTrash() == 0)
        world.clock.advance(by: .seconds(2 * 86_400))

        try await world.library.maintain()
        try await world.finishJobs()

        #expect(try await Set(listed(.all)) == [fresh.id, live.id])
        #expect(try await world.events(of: ana).count { $0.type == "asset_deleted" } == 1)
        await world.close()
    }

    @Test func `what an emptying left over is done by a job`() async throws {
        let photo = try await world.photo(of: ana)
        try await assets.trash([photo.id.description], in: library, by: ana)
        let until = world.clock.now
        world.clock.advance(by: .seconds(1))
        let later = try await world.photo(of: ana)
        try await assets.trash([later.id.description], in: library, by: ana)

        try await world.database.write { [jobs = world.jobs, library] tx in
            try TrashPurgeStage.enqueue(library, until: until, jobs, tx)
        }
        try await world.finishJobs()

        #expect(try await listed(.all) == [later.id])
        await world.close()
    }
}
