import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Merging and deleting people") struct PersonMergingTests {
    let there: PeopleWorld
    let photo: Asset
    let other: Asset
    init() async throws {
        there = try await PeopleWorld()
        photo = try await there.world.photo(of: there.ana)
        other = try await there.world.photo(of: there.ana)
        await there.world.close()
    }

    private func merge(_ sources: [String], into person: Person) async throws -> Person? {
        try await there.people.merge(sources, into: "\(person.id)", by: there.ana)
    }

    @Test func `all faces of the sources move, and the sources are gone`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben"), nobody = try await there.person()
        let hers = try await there.face(photo, of: anna), his = try await there.face(other, of: ben)
        let theirs = try await there.face(photo, of: nobody), last = try await there.last
        there.world.clock.advance(by: .seconds(1))

        let merged = try #require(try await merge(["\(ben.id)", "\(nobody.id)", "\(ben.id)"], into: anna))

        #expect(merged.name?.text == "Anna" && merged.assetCount == 2 && merged.updatedAt == anna.updatedAt)
        #expect(
            try await there.told(after: last) == [
                there.handed(his, to: anna, from: ben), there.handed(theirs, to: anna, from: nobody), "person_deleted \(ben.id)",
                "person_deleted \(nobody.id)",
            ])
        let faces = try await there.faces.list(FaceQuery(person: anna.id), in: there.library, by: there.ana).items
        #expect(faces.map(\.id) == [theirs.id, his.id, hers.id])
        #expect(faces[0].updatedAt > theirs.updatedAt && faces[2].updatedAt == hers.updatedAt)
        await #expect(throws: PersonProblem.notFound()) { try await there.people.get("\(ben.id)", by: there.ana) }
        await there.world.close()
    }

    @Test func `what cannot be merged changes nothing`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben"), last = try await there.last
        _ = try await there.face(photo, of: ben)
        let other = try await there.world.library.libraries.create(Name("Other"), description: nil, by: there.ana).record.id
        let stranger = try await there.people.create(NewPerson(), in: other, by: there.ana).record
        let before = try await there.told(after: last)

        await #expect(throws: PersonProblem.mergedWithItself) { try await merge(["\(ben.id)", "\(anna.id)"], into: anna) }
        for id in ["person_x", "\(PersonID(uuid: .init()))", "\(stranger.id)"] {
            await #expect(throws: PersonProblem.notFound(field: "source_person_ids")) {
                try await merge(["\(ben.id)", id], into: anna)
            }
        }
        #expect(try await there.people.get("\(ben.id)", by: there.ana).assetCount == 1)
        #expect(try await there.told(after: last) == before)
    }

    @Test func `nobody without a face or a name is left over`() async throws {
        let first = try await there.person(), second = try await there.person(), named = try await there.person("Anna")
        let last = try await there.last
        #expect(try await merge(["\(second.id)"], into: first) == nil)
        #expect(try await there.told(after: last) == ["person_deleted \(second.id)", "person_deleted \(first.id)"])

        let third = try await there.person()
        #expect(try await merge(["\(third.id)"], into: named) != nil)
        let fourth = try await there.person(), fifth = try await there.person()
        _ = try await there.face(photo, of: fifth)
        #expect(try await merge(["\(fifth.id)"], into: fourth)?.assetCount == 1)
    }

    @Test func `what was said against the sources is said against who is left`() async throws {
        let anna = try await there.person("Anna"), nobody = try await there.person(), ben = try await there.person("Ben")
        let stranger = try await there.face(photo, of: nobody), own = try await there.face(photo, of: anna)
        _ = try await there.faces.assign("\(stranger.id)", to: "\(ben.id)", by: there.ana)
        _ = try await there.faces.assign("\(own.id)", to: "\(nobody.id)", by: there.ana)

        _ = try await merge(["\(nobody.id)"], into: anna)

        let kept = try await there.world.database.read { tx in
            try tx.rows("SELECT face_id, person_id FROM face_detachment") {
                [try $0.value(0, as: FaceID.self).uuid, try $0.value(1, as: PersonID.self).uuid]
            }
        }
        #expect(kept == [[stranger.id.uuid, anna.id.uuid]])
    }

    @Test func `the faces of somebody who is deleted belong to nobody`() async throws {
        let anna = try await there.person("Anna")
        let face = try await there.face(photo, of: anna), last = try await there.last
        try await there.people.delete("\(anna.id)", by: there.ana)
        #expect(try await there.told(after: last) == [there.handed(face, to: nil, from: anna), "person_deleted \(anna.id)"])
        #expect(try await there.faces.get("\(face.id)", by: there.ana).personID == nil)
        await #expect(throws: PersonProblem.notFound()) { try await there.people.delete("\(anna.id)", by: there.ana) }
    }
}
