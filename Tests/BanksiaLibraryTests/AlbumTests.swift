import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Albums") struct AlbumTests {
    let world: World
    let ana: Viewer
    let library: LibraryID
    var albums: Albums { world.library.albums }

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    private func album(_ name: String? = "Coast", with assets: [Asset] = []) async throws -> Album {
        world.clock.advance(by: .seconds(1))
        let made = try await albums.create(name, description: nil, in: library, .alwaysNew, by: ana).record
        guard !assets.isEmpty else { return made }
        _ = try await albums.add(assets.map(\.id.description), to: "\(made.id)", by: ana)
        return try await albums.get("\(made.id)", by: ana)
    }

    private func photos(_ days: Int...) async throws -> [Asset] {
        var photos: [Asset] = []
        for day in days { photos.append(try await world.photo(of: ana, taken: "2024-05-\(day + 10)T12:00:00")) }
        return photos
    }

    private func update(_ album: Album, _ edit: AlbumEdit, _ rule: AlbumNameRule = .alwaysNew) async throws -> Album {
        world.clock.advance(by: .seconds(1))
        return try await albums.update("\(album.id)", edit, rule, by: ana)
    }

    private func remove(_ assets: [Asset], from album: Album) async throws -> Album {
        world.clock.advance(by: .seconds(1))
        try await albums.remove(assets.map(\.id.description), from: "\(album.id)", by: ana)
        return try await albums.get("\(album.id)", by: ana)
    }

    /// Runs a statement as the stores of other features do.
    private func write(_ statement: SQL) async throws { try await world.database.write { tx in _ = try tx.execute(statement) } }

    private func told(after count: Int) async throws -> [String] {
        try await world.database.read { [library] tx in
            try tx.rows(
                """
                SELECT event_type, entity_id, payload FROM event WHERE library_id = \(library) AND sequence > \(count) ORDER BY sequence
                """
            ) {
                let (type, entity): (String, String) = (try $0.value(0), try $0.value(1))
                return "\(type) \(type.hasPrefix("album_asset") ? "-" : entity) \(try $0.value(2, as: String?.self) ?? "-")"
            }
        }
    }

    @Test func `every asset of a request is added, known or not found`() async throws {
        let ben = try await world.user("ben")
        let photos = try await photos(1, 2), foreign = try await world.photo(of: ben)
        let (mine, known) = (photos[0], photos[1])
        let album = try await album(with: [known])

        let result = try await albums.add(
            ["\(mine.id)", "\(known.id)", "\(foreign.id)", "nonsense", "\(mine.id)"], to: "\(album.id)", by: ana)

        #expect(result.added == [mine.id])
        #expect(result.duplicates == [known.id])
        #expect(result.notFound == ["\(foreign.id)", "nonsense"])
        await #expect(throws: AlbumProblem.notFound) { try await albums.add([], to: "\(album.id)", by: ben) }
        await #expect(throws: AlbumProblem.notFound) { try await albums.get("\(album.id)", by: ben) }
        await #expect(throws: AlbumProblem.notFound) { try await albums.delete("\(album.id)", by: ben) }
        await world.close()
    }

    @Test func `equal names are reused only where the client expects it`() async throws {
        func create(_ description: String?, _ rule: AlbumNameRule) async throws -> Stored<Album> {
            try await albums.create(" Coast ", description: description, in: library, rule, by: ana)
        }

        let first = try await create("Blue", .alwaysNew)
        world.clock.advance(by: .seconds(1))
        let second = try await create("Blue", .alwaysNew)
        let reused = try await create("Blue", .reuseEqual)

        #expect(first.record.id != second.record.id)
        #expect(reused.record.id == first.record.id && !reused.isNew)
        await #expect(throws: AlbumProblem.nameTaken("Coast")) { try await create("Green", .reuseEqual) }
        let hills = try await album("Hills")
        await #expect(throws: AlbumProblem.nameTaken("COAST")) {
            try await update(hills, AlbumEdit(name: Name("COAST")), .reuseEqual)
        }
        #expect(try await update(hills, AlbumEdit(name: Name("HILLS")), .reuseEqual).name == "HILLS")
        #expect(try await update(hills, AlbumEdit(name: Name("Coast"))).name == "Coast")
    }

    @Test func `a blank name becomes the default name`() async throws {
        let album = try await albums.create("  ", description: " ", in: library, .alwaysNew, by: ana).record
        #expect(album.name == "New Album")
        #expect(album.description == nil)
    }

    @Test func `an album shows the first, the last and the number of its live assets`() async throws {
        let photos = try await photos(2, 1, 3)
        let album = try await album(with: photos)
        #expect(album.assetCount == 3)
        #expect(album.coverAssetID == photos[1].id && album.coverVersionID == photos[1].currentVersionID)
        #expect(album.startDate == photos[1].localDateTime && album.endDate == photos[2].localDateTime)

        try await write("UPDATE asset SET trashed_at = 1 WHERE id IN \(SQL.list([photos[1].id, photos[2].id]))")
        var now = try await albums.get("\(album.id)", by: ana)
        #expect(now.assetCount == 1 && now.coverAssetID == photos[0].id)
        #expect(now.startDate == photos[0].localDateTime && now.endDate == photos[0].localDateTime)

        try await write("UPDATE asset SET trashed_at = NULL WHERE id = \(photos[2].id)")
        try await write("UPDATE asset SET local_wall = 0, local_offset = 3600 WHERE id = \(photos[2].id)")
        now = try await albums.get("\(album.id)", by: ana)
        #expect(now.assetCount == 2 && now.coverAssetID == photos[2].id)
        #expect(now.startDate == CaptureTime(wallMicroseconds: 0, offsetSeconds: 3600))

        for photo in photos { try await world.library.assets.delete("\(photo.id)", by: ana) }
        now = try await albums.get("\(album.id)", by: ana)
        #expect(now.assetCount == 0 && now.coverAssetID == nil && now.startDate == nil && now.endDate == nil)
        await world.close()
    }

    @Test func `a pinned cover hides with its asset and goes with its membership`() async throws {
        let photos = try await photos(1, 2, 3)
        let album = try await album(with: Array(photos[0...1]))
        await #expect(throws: AlbumProblem.coverIsNoMember) {
            try await update(album, AlbumEdit(cover: .set("\(photos[2].id)")))
        }
        await #expect(throws: AlbumProblem.coverIsNoMember) { try await update(album, AlbumEdit(cover: .set("nonsense"))) }

        let pinned = try await update(album, AlbumEdit(cover: .set("\(photos[1].id)")))
        #expect(pinned.coverAssetID == photos[1].id && pinned.updatedAt > album.updatedAt)
        try await write("UPDATE asset SET trashed_at = 1 WHERE id = \(photos[1].id)")
        #expect(try await albums.get("\(album.id)", by: ana).coverAssetID == photos[0].id)
        try await write("UPDATE asset SET trashed_at = NULL WHERE id = \(photos[1].id)")
        #expect(try await albums.get("\(album.id)", by: ana).coverAssetID == photos[1].id)

        #expect(try await remove([photos[1]], from: album).coverAssetID == photos[0].id)
        _ = try await albums.add(["\(photos[1].id)"], to: "\(album.id)", by: ana)
        #expect(try await albums.get("\(album.id)", by: ana).coverAssetID == photos[0].id)
        await world.close()
    }

    @Test func `what changes nothing tells nothing`() async throws {
        let photos = try await photos(1)
        let album = try await album(with: photos)
        let before = try await told(after: 0).count

        #expect(try await update(album, AlbumEdit(name: Name(album.name), description: .set(" "))) == album)
        #expect(try await albums.add(["\(photos[0].id)"], to: "\(album.id)", by: ana).duplicates == [photos[0].id])
        try await albums.remove(["nonsense"], from: "\(album.id)", by: ana)

        #expect(try await albums.get("\(album.id)", by: ana) == album)
        #expect(try await told(after: before) == [])
        await world.close()
    }

    @Test func `members come before the album, and the album only with another cover`() async throws {
        let photos = try await photos(2, 3, 1)
        let album = try await album()
        let before = try await told(after: 0).count
        func link(_ type: String, _ asset: Asset) -> String {
            #"\#(type) - {"album_id":"\#(album.id)","asset_id":"\#(asset.id)"}"#
        }
        func cover(_ asset: Asset?) -> String {
            #"album_updated \#(album.id) {"album_cover_asset_id":\#(asset.map { "\"\($0.id)\"" } ?? "null")}"#
        }

        _ = try await albums.add(photos[0...1].map(\.id.description), to: "\(album.id)", by: ana)
        _ = try await albums.add(photos[2...].map(\.id.description), to: "\(album.id)", by: ana)
        _ = try await remove([photos[1]], from: album)
        _ = try await remove([photos[0], photos[2]], from: album)
        try await albums.delete("\(album.id)", by: ana)

        let ended = try await told(after: before + 6)
        #expect(
            try await told(after: before).prefix(6) == [
                link("album_asset_added", photos[0]), link("album_asset_added", photos[1]), cover(photos[0]),
                link("album_asset_added", photos[2]), cover(photos[2]), link("album_asset_removed", photos[1]),
            ])
        #expect(
            Set(ended.prefix(2)) == [link("album_asset_removed", photos[0]), link("album_asset_removed", photos[2])])
        #expect(ended.dropFirst(2) == [cover(nil), "album_deleted \(album.id) -"])
        await world.close()
    }

    @Test func `assets that go for good leave their albums first`() async throws {
        let photos = try await photos(1, 2)
        let album = try await album(with: photos)
        let before = try await told(after: 0).count

        try await world.database.change(library, by: ana) { [library] tx in
            try AlbumStore.leave([photos[0].id], in: library, at: Instant(microseconds: 9), tx)
        }
        try await world.database.change(library, by: ana) { tx in
            try AlbumStore.moveOut([photos[1].id], at: Instant(microseconds: 9), tx)
        }

        #expect(
            try await told(after: before) == [
                #"album_asset_removed - {"album_id":"\#(album.id)","asset_id":"\#(photos[0].id)"}"#,
                #"album_updated \#(album.id) {"album_cover_asset_id":"\#(photos[1].id)"}"#,
            ])
        #expect(try await albums.get("\(album.id)", by: ana).assetCount == 0)
        await world.close()
    }

    @Test func `another capture time may mean another cover`() async throws {
        let photos = try await photos(1, 2)
        let album = try await album(with: photos)
        let before = try await told(after: 0).count

        try await world.database.change(library, by: ana) { [library] tx in
            try AlbumStore.tellingOfCovers(
                ofAlbumsWith: [photos[1].id], in: library, at: Instant(microseconds: 9), tx
            ) { tx in _ = try tx.execute("UPDATE asset SET local_wall = 0 WHERE id = \(photos[1].id)") }
        }

        #expect(
            try await told(after: before) == [#"album_updated \#(album.id) {"album_cover_asset_id":"\#(photos[1].id)"}"#])
        await world.close()
    }
}
