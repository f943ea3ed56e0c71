import BanksiaCore
import BanksiaJobs
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Testing

@Suite("Rebuild") struct RebuildTests {
    private let pictures = ["display_proxy_generation", "thumbhash"].map { JobKind(rawValue: $0) }

    @Test func `what was made by another recipe is made again, and nothing else`() async throws {
        let world = try await World(), ana = try await world.user("ana")
        let (old, new) = (try await world.photo(of: ana), try await world.photo(of: ana))
        try await world.finishJobs()
        let rebuild = world.library.rebuild
        #expect(try await rebuild.enqueue(pictures) == 0)

        try await world.database.write { tx in
            try tx.execute("UPDATE derivation SET recipe = recipe - 1 WHERE asset_id = \(old.id) AND kind = 'thumbhash'")
            try tx.execute("UPDATE asset SET thumbhash = NULL")
        }
        #expect(try await rebuild.enqueue(pictures) == 1)
        #expect(try await rebuild.progress(of: pictures, since: world.clock.now).unfinished == 1)
        try await world.finishJobs()

        #expect(try await world.library.assets.get(old.id.description, .full, by: ana).thumbHash != nil)
        #expect(try await world.library.assets.get(new.id.description, .full, by: ana).thumbHash == nil)
        let end = try await rebuild.progress(of: pictures, since: world.clock.now)
        #expect((end.unfinished, end.failed) == (0, 0))
        #expect(try await rebuild.enqueue(pictures) == 0)
        await world.close()
    }

    @Test func `a library can be named, and everything asked for`() async throws {
        let world = try await World()
        let (ana, ben) = (try await world.user("ana"), try await world.user("ben"))
        for viewer in [ana, ana, ben] { _ = try await world.photo(of: viewer) }
        try await world.finishJobs()

        let mine = try await world.libraryID(of: ben)
        #expect(try await world.library.rebuild.enqueue(pictures, in: mine, .everything) == 2)
        #expect(try await world.library.rebuild.enqueue(pictures, .everything) == 6)
        #expect(try await world.library.rebuild.progress(of: pictures, since: world.clock.now).unfinished == 6)
    }

    @Test func `what was given up is tried again when asked, or when it never succeeded`() async throws {
        let world = try await World(), ana = try await world.user("ana")
        let start = world.clock.now
        _ = try await world.photo(of: ana, named: "broken.png", bytes: Array("\u{89}PNG\r\n\u{1A}\nno more".utf8))
        try await world.finishJobs()
        let rebuild = world.library.rebuild

        #expect(try await rebuild.progress(of: pictures, since: start).failed == 2)
        #expect(try await rebuild.enqueue(pictures, .failed) == 2)
        try await world.finishJobs()
        #expect(try await rebuild.progress(of: pictures, since: start).failed == 2)
        #expect(try await rebuild.enqueue(pictures, .outdated) == 2)
        await world.close()
    }

    @Test func `reading a file's metadata again leaves a user's words and edits alone`() async throws {
        let world = try await World(), ana = try await world.user("ana")
        let photo = try await world.photo(of: ana)
        _ = try await world.library.assets.update(photo.id.description, MetadataChange(description: .set("Mine")), by: ana)
        let before = try await world.library.assets.get(photo.id.description, .full, by: ana)

        #expect(try await world.library.rebuild.enqueue([JobKind(rawValue: "video_metadata_extract")], .everything) == 1)
        try await world.finishJobs()

        let after = try await world.library.assets.get(photo.id.description, .full, by: ana)
        #expect(after.metadata == before.metadata)
        #expect((after.description, after.size, after.localDateTime) == (before.description, before.size, before.localDateTime))
        await world.close()
    }
}
