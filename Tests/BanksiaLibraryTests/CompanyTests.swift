import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("What hangs on assets that go") struct CompanyTests {
    let there: PeopleWorld
    let anna: Person
    let photo: Asset
    let other: Asset
    let face: Face
    let second: Face
    let album: AlbumID
    let stack: StackID
    private var world: World { there.world }
    private var ana: Viewer { there.ana }

    /// Two photos in an album and a stack, with Anna on both; the first is the cover of all three.
    init() async throws {
        there = try await PeopleWorld()
        let (world, ana, library) = (there.world, there.ana, there.library)
        anna = try await there.person("Anna")
        photo = try await world.photo(of: ana)
        other = try await world.photo(of: ana, taken: "2025-01-01T00:00:00")
        face = try await there.face(photo, of: anna, size: 20)
        second = try await there.face(other, of: anna, size: 10)
        let ids = ["\(photo.id)", "\(other.id)"]
        album = try await world.library.albums.create("Coast", description: nil, in: library, .alwaysNew, by: ana).record.id
        _ = try await world.library.albums.add(ids, to: "\(album)", by: ana)
        stack = try await world.library.stacks.create(of: ids, primary: ids[0], in: library, by: ana).id
        _ = try await world.library.people.update(
            "\(anna.id)", PersonChange(thumbnailFace: .set("\(face.id)")), by: ana)
        await world.close()
    }

    /// What is counted and shown: assets of the person, their portrait; assets of the album, its cover.
    private struct Shown: Equatable {
        var ofPerson: Int
        var portrait: FaceID?
        var ofAlbum: Int
        var cover: AssetID?
    }

    private func shown() async throws -> Shown {
        let person = try await there.people.get("\(anna.id)", by: ana)
        let album = try await world.library.albums.get("\(album)", by: ana)
        return Shown(
            ofPerson: person.assetCount, portrait: person.thumbnailFaceID, ofAlbum: album.assetCount, cover: album.coverAssetID)
    }

    private func faces() async throws -> [FaceID] {
        try await there.faces.list(FaceQuery(), in: there.library, by: ana).items.map(\.id)
    }

    private var removedLink: String {
        get async throws {
            let query = AlbumAssetQuery(asset: "\(photo.id)")
            let link = try await world.library.albums.links(query, in: there.library, by: ana).items[0]
            return #"album_asset_removed \#(link.id) {"album_id":"\#(album)","asset_id":"\#(photo.id)"}"#
        }
    }

    @Test func `the trash hides it, and gives it back as it was`() async throws {
        let before = try await shown()
        #expect(before == Shown(ofPerson: 2, portrait: face.id, ofAlbum: 2, cover: photo.id))
        let last = try await there.last

        try await world.library.assets.trash(["\(photo.id)"], in: there.library, by: ana)
        #expect(try await shown() == Shown(ofPerson: 1, portrait: face.id, ofAlbum: 1, cover: other.id))
        #expect(try await faces() == [second.id])
        let kept = try await world.library.stacks.get("\(stack)", by: ana)
        #expect(kept.assetCount == 1 && kept.primaryAssetID == photo.id)

        try await world.library.assets.restore(["\(photo.id)"], in: there.library, by: ana)
        #expect(try await shown() == before)
        #expect(try await faces() == [second.id, face.id])
        #expect(try await there.told(after: last) == ["asset_trashed \(photo.id)", "asset_restored \(photo.id)"])
    }

    @Test(arguments: [false, true]) func `a deletion tells of all of it before the asset`(fromTrash: Bool) async throws {
        let link = try await removedLink
        if fromTrash { try await world.library.assets.trash(["\(photo.id)"], in: there.library, by: ana) }
        let last = try await there.last

        try await world.library.assets.delete("\(photo.id)", by: ana)

        #expect(try await shown() == Shown(ofPerson: 1, portrait: second.id, ofAlbum: 1, cover: other.id))
        let cover = #"album_updated \#(album) {"album_cover_asset_id":"\#(other.id)"}"#
        let expected = [
            #"asset_updated \#(other.id) {"stack_id":null}"#, "stack_deleted \(stack)", link,
        ]
        // While it was in the trash the other one was the cover already.
        let gone = [
            #"face_deleted \#(face.id) {"previous_person_id":"\#(anna.id)"}"#, "asset_deleted \(photo.id)",
        ]
        #expect(try await there.told(after: last) == expected + (fromTrash ? [] : [cover]) + gone)
    }

    @Test func `a move takes the faces along and leaves the rest, of which only the stack is told`() async throws {
        let elsewhere = try await world.library.libraries.create(Name("Other"), description: nil, by: ana).record.id
        let last = try await there.last

        _ = try await world.library.assets.move(
            ["\(photo.id)"], from: "\(there.library)", to: "\(elsewhere)", by: ana)

        #expect(try await shown() == Shown(ofPerson: 1, portrait: second.id, ofAlbum: 1, cover: other.id))
        #expect(try await faces() == [second.id])
        let moved = try await there.faces.list(FaceQuery(), in: elsewhere, by: ana).items
        #expect(moved.map(\.id) == [face.id] && moved[0].personID == nil)
        #expect(
            try await there.told(after: last) == [
                #"asset_updated \#(other.id) {"stack_id":null}"#, "stack_deleted \(stack)", "asset_moved_out \(photo.id)",
            ])
        #expect(try await world.events(of: ana, in: elsewhere).map(\.type) == ["asset_moved_in"])
    }

    @Test func `a person who is on nothing any more has no portrait`() async throws {
        try await world.library.assets.trash(["\(other.id)"], in: there.library, by: ana)
        try await world.library.assets.delete(["\(photo.id)"], in: there.library, by: ana)
        #expect(try await shown() == Shown(ofPerson: 0, portrait: nil, ofAlbum: 0, cover: nil))
        try await world.library.assets.emptyTrash(of: there.library, by: ana)
        #expect(try await shown() == Shown(ofPerson: 0, portrait: nil, ofAlbum: 0, cover: nil))
    }
}
