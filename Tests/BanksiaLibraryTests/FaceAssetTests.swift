import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Faces of assets that go, and names of people") struct FaceAssetTests {
    let there: PeopleWorld
    let photo: Asset
    let other: Asset
    init() async throws {
        there = try await PeopleWorld()
        photo = try await there.world.photo(of: there.ana, named: "one.png")
        other = try await there.world.photo(of: there.ana, named: "two.png")
        await there.world.close()
    }

    @Test func `faces of deleted assets tell whose they were`() async throws {
        let anna = try await there.person("Anna")
        let first = try await there.face(photo, of: anna), second = try await there.face(photo),
            kept = try await there.face(other, of: anna)
        let told = try await there.world.database.write { [photo] tx in try FaceStore.delete(of: [photo.id], tx) }
        #expect(told == [photo.id: [.faceDeleted(first.id, previous: anna.id), .faceDeleted(second.id, previous: nil)]])
        #expect(try await there.people.get("\(anna.id)", by: there.ana).assetCount == 1)
        #expect(try await there.people.get("\(anna.id)", by: there.ana).thumbnailFaceID == kept.id)
    }

    @Test func `faces of moved assets belong to nobody in their new library`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben")
        let face = try await there.face(photo, of: anna)
        _ = try await there.faces.assign("\(face.id)", to: "\(ben.id)", by: there.ana)
        _ = try await there.people.update("\(ben.id)", PersonChange(thumbnailFace: .set("\(face.id)")), by: there.ana)
        let library = try await there.world.library.libraries.create(Name("Other"), description: nil, by: there.ana).record.id
        let last = try await there.last

        try await there.world.database.write { [photo, now = there.world.clock.now] tx in
            try tx.execute("UPDATE asset SET library_id = \(library) WHERE id = \(photo.id)")
            try FaceStore.move(of: [photo.id], to: library, at: now, tx)
        }

        let moved = try await there.faces.get("\(face.id)", by: there.ana)
        #expect(moved.libraryID == library && moved.personID == nil)
        let left = try await there.people.get("\(ben.id)", by: there.ana)
        #expect(left.assetCount == 0 && left.thumbnailFaceID == nil)
        #expect(try await there.told(after: last) == [])
        let remembered = try await there.world.database.read { tx in
            try tx.value("SELECT COUNT(*) FROM face_detachment", as: Int.self)
        }
        #expect(remembered == 0)
    }

    @Test func `everyone in some assets, and all faces of some, are read together`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben")
        let faces = [
            try await there.face(photo, of: ben), try await there.face(photo, of: anna), try await there.face(photo, of: anna),
            try await there.face(other, of: anna), try await there.face(other),
        ]
        let (people, found) = try await there.world.database.read { [photo, other, ana = there.ana] tx in
            (
                try PersonStore.people(in: [photo.id, other.id], by: ana, tx),
                try FaceStore.faces(of: [photo.id, other.id], by: ana, tx)
            )
        }
        #expect(people.mapValues { $0.map(\.id) } == [photo.id: [anna.id, ben.id], other.id: [anna.id]])
        #expect(found.mapValues { $0.map(\.id) } == [photo.id: faces[0..<3].map(\.id), other.id: faces[3...].map(\.id)])
    }

    @Test func `a name leads to the assets that show its bearer`() async throws {
        func found(_ text: String) async throws -> Set<AssetID> {
            let answer = try await there.world.library.search.find(SearchQuery(text: text), in: there.library, by: there.ana)
            return Set(answer.items.map(\.asset.id))
        }
        let nobody = try await there.person()
        _ = try await there.face(photo, of: nobody)
        _ = try await there.people.update("\(nobody.id)", PersonChange(name: .set("Annelise")), by: there.ana)
        #expect(try await found("annelise") == [photo.id])
        let ben = try await there.person("Bartholomew")
        let face = try await there.face(other, of: ben)
        #expect(try await found("bartholomew") == [other.id])
        _ = try await there.faces.assign("\(face.id)", to: "\(nobody.id)", by: there.ana)
        #expect(try await found("bartholomew") == [])
        #expect(try await found("annelise") == [photo.id, other.id])
        _ = try await there.people.merge(["\(nobody.id)"], into: "\(ben.id)", by: there.ana)
        #expect(try await found("bartholomew") == [photo.id, other.id])
        _ = try await there.people.update("\(ben.id)", PersonChange(name: .clear), by: there.ana)
        #expect(try await found("bartholomew") == [])
    }

    @Test func `names without words get them again`() async throws {
        let anna = try await there.person("Annelise")
        _ = try await there.face(photo, of: anna)
        func words() async throws -> String? {
            try await there.world.database.read { tx in try tx.value("SELECT words FROM person_words", as: String.self) }
        }
        let before = try #require(try await words())
        #expect(before.hasSuffix("annelise"))
        try await there.world.database.write { tx in try tx.execute("DELETE FROM person_words") }
        try await there.world.library.search.keepMissingWords()
        #expect(try await words() == before)
    }
}
