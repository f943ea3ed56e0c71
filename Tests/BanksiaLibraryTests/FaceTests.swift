import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Faces") struct FaceTests {
    let there: PeopleWorld
    let photo: Asset
    let other: Asset
    init() async throws {
        there = try await PeopleWorld()
        photo = try await there.world.photo(of: there.ana)
        other = try await there.world.photo(of: there.ana)
        await there.world.close()
    }

    private func draw(_ box: FaceBox, on asset: String? = nil, of person: String? = nil) async throws -> Face {
        try await there.faces.draw(box, on: asset ?? "\(photo.id)", of: person, in: there.library, by: there.ana)
    }

    @Test func `a drawn face starts without a person in the feed`() async throws {
        let anna = try await there.person("Anna"), last = try await there.last
        let face = try await draw(FaceBox(x: 0, y: 0, width: 64, height: 48), of: "\(anna.id)")
        #expect(face.personID == anna.id && face.source == .manual && face.confidence == nil && face.timestampMs == nil)
        #expect(try await there.told(after: last) == ["face_created \(face.id)", there.handed(face, to: anna, from: nil)])
        #expect(try await there.faces.get("\(face.id)", by: there.ana) == face)
        #expect(try await there.people.get("\(anna.id)", by: there.ana).assetCount == 1)
    }

    @Test(arguments: [
        FaceBox(x: 0, y: 0, width: 65, height: 1), FaceBox(x: 63, y: 0, width: 2, height: 1),
        FaceBox(x: 64, y: 0, width: 1, height: 1),
        FaceBox(x: 0, y: 40, width: 1, height: 9), FaceBox(x: -1, y: 0, width: 2, height: 2),
        FaceBox(x: 0, y: 0, width: 0, height: 1),
        FaceBox(x: 0, y: 0, width: 1, height: -1), FaceBox(x: .max, y: .max, width: .max, height: .max),
        FaceBox(x: 1, y: 1, width: .max, height: 1), FaceBox(x: .min, y: 0, width: 1, height: 1),
    ])
    func `a box outside the picture is refused`(box: FaceBox) async throws {
        await #expect(throws: FaceProblem.boxOutside) { try await draw(box) }
    }

    @Test func `faces are drawn on uploads of the library, for its people`() async throws {
        let box = FaceBox(x: 1, y: 1, width: 5, height: 5), last = try await there.last
        let ben = try await there.world.user("ben"), foreign = try await there.world.photo(of: ben)
        await there.world.close()
        let stranger = try await there.people.create(NewPerson(), in: there.world.libraryID(of: ben), by: ben).record
        for asset in ["asset_x", "\(AssetID(uuid: .init()))", "\(foreign.id)"] {
            await #expect(throws: FaceProblem.assetNotFound) { try await draw(box, on: asset) }
        }
        for person in ["person_x", "\(PersonID(uuid: .init()))", "\(stranger.id)"] {
            await #expect(throws: FaceProblem.personNotFound) { try await draw(box, of: person) }
        }
        try await there.world.database.write { [photo] tx in
            try tx.execute("UPDATE asset_version SET width = NULL WHERE asset_id = \(photo.id)")
        }
        await #expect(throws: FaceProblem.sizeUnknown) { try await draw(box) }
        try await there.world.database.write { [photo] tx in
            try tx.execute("UPDATE asset_version SET width = 64 WHERE asset_id = \(photo.id)")
            try tx.execute("UPDATE asset SET current_version_id = \(AssetVersionID(uuid: .init())) WHERE id = \(photo.id)")
        }
        await #expect(throws: FaceProblem.assetEdited) { try await draw(box) }
        await #expect(throws: FaceProblem.boxOutside) { try await draw(FaceBox(x: 60, y: 0, width: 9, height: 9)) }
        #expect(try await there.told(after: last) == [])
    }

    @Test func `a face changes hands, and what a user took away is remembered`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben")
        let face = try await there.face(photo, of: anna), last = try await there.last
        func assign(_ person: Person?) async throws -> Face {
            there.world.clock.advance(by: .seconds(1))
            return try await there.faces.assign("\(face.id)", to: person.map { "\($0.id)" }, by: there.ana)
        }
        func detached() async throws -> Set<PersonID> {
            Set(
                try await there.world.database.read { tx in
                    try tx.rows("SELECT person_id FROM face_detachment WHERE face_id = \(face.id)") { try $0.value(0) }
                })
        }

        #expect(try await assign(anna) == face)
        #expect(try await there.faces.keep("\(face.id)", by: there.ana) == face)
        #expect(try await there.told(after: last) == [])

        let his = try await assign(ben)
        #expect(his.personID == ben.id && his.updatedAt > face.updatedAt)
        #expect(try await detached() == [anna.id])
        #expect(try await assign(nil).personID == nil)
        #expect(try await detached() == [anna.id, ben.id])
        #expect(try await assign(anna).personID == anna.id)
        #expect(try await detached() == [ben.id])
        #expect(
            try await there.told(after: last) == [
                there.handed(face, to: ben, from: anna), there.handed(face, to: nil, from: ben),
                there.handed(face, to: anna, from: nil),
            ])
        #expect(try await there.people.get("\(anna.id)", by: there.ana).assetCount == 1)
        #expect(try await there.people.get("\(ben.id)", by: there.ana).assetCount == 0)
    }

    @Test func `a face that is deleted says whose it was`() async throws {
        let anna = try await there.person("Anna"), face = try await there.face(photo, of: anna)
        let last = try await there.last
        try await there.faces.delete("\(face.id)", by: there.ana)
        #expect(try await there.told(after: last) == [#"face_deleted \#(face.id) {"previous_person_id":"\#(anna.id)"}"#])
        #expect(try await there.people.get("\(anna.id)", by: there.ana).assetCount == 0)
        await #expect(throws: FaceProblem.notFound) { try await there.faces.delete("\(face.id)", by: there.ana) }
    }

    @Test func `nobody else sees a face, and a named library guards it`() async throws {
        let face = try await there.face(photo), ben = try await there.world.user("ben")
        await #expect(throws: FaceProblem.notFound) { try await there.faces.get("\(face.id)", by: ben) }
        await #expect(throws: FaceProblem.notFound) { try await there.faces.assign("\(face.id)", to: nil, by: ben) }
        await #expect(throws: FaceProblem.notFound) { try await there.faces.delete("\(face.id)", by: ben) }
        let other = try await there.world.library.libraries.create(Name("Other"), description: nil, by: there.ana).record.id
        for library in ["\(other)", "lib_x"] {
            await #expect(throws: FaceProblem.notFound) { try await there.faces.get("\(face.id)", in: library, by: there.ana) }
            await #expect(throws: FaceProblem.notFound) { try await there.faces.delete("\(face.id)", in: library, by: there.ana) }
        }
        #expect(try await there.faces.get("\(face.id)", in: "\(there.library)", by: there.ana) == face)
    }

    @Test func `lists give the newest first, and hide what is in the trash`() async throws {
        let anna = try await there.person("Anna")
        let faces = [
            try await there.face(photo, of: anna), try await there.face(other), try await there.face(photo),
            try await there.face(other, of: anna),
        ]
        func list(_ query: FaceQuery = FaceQuery()) async throws -> [FaceID] {
            try await there.faces.list(query, in: there.library, by: there.ana).items.map(\.id)
        }
        #expect(try await list() == faces.reversed().map(\.id))
        #expect(try await list(FaceQuery(asset: photo.id)) == [faces[2].id, faces[0].id])
        #expect(try await list(FaceQuery(person: anna.id)) == [faces[3].id, faces[0].id])
        #expect(try await list(FaceQuery(ids: [faces[1].id], asset: photo.id)) == [])
        #expect(try await list(FaceQuery(ids: [faces[1].id, faces[2].id])) == [faces[2].id, faces[1].id])
        let first = try await there.faces.list(FaceQuery(limit: 3), in: there.library, by: there.ana)
        #expect(first.hasMore)
        #expect(try await list(FaceQuery(startingAfter: "\(faces[1].id)")) == [faces[0].id])
        for cursor in ["face_x", "\(FaceID(uuid: .init()))"] {
            await #expect(throws: FaceProblem.cursor) { try await list(FaceQuery(startingAfter: cursor)) }
        }

        try await there.world.database.write { [photo] tx in
            try tx.execute("UPDATE asset SET trashed_at = 1 WHERE id = \(photo.id)")
        }
        #expect(try await list() == [faces[3].id, faces[1].id])
        #expect(try await list(FaceQuery(asset: photo.id)) == [])
        #expect(try await there.faces.get("\(faces[0].id)", by: there.ana).personID == anna.id)
    }

    @Test func `a list costs the same number of statements however long it is`() async throws {
        func cost() async throws -> Int {
            try await there.statements { _ = try await there.faces.list(FaceQuery(limit: 200), in: there.library, by: there.ana) }
        }
        let empty = try await cost()
        for _ in 0..<9 { _ = try await there.face(photo) }
        #expect(try await cost() == empty)
    }

    /// A list must walk an index in its own order: a sort or a scan of the table would grow with the library.
    @Test(
        .readsSQLitePlans,
        arguments: [
            (FaceQuery(), "face_library"), (FaceQuery(person: PersonID(uuid: .init())), "face_person"),
            (FaceQuery(asset: AssetID(uuid: .init())), "face_asset"),
        ])
    func `a list walks an index`(query: FaceQuery, index: String) async throws {
        let statement = FaceStore.listStatement(query, in: there.library, after: nil, by: there.ana)
        let plan = try await there.world.database.read { tx in
            try tx.rows("EXPLAIN QUERY PLAN \(statement)") { try $0.value(3, as: String.self) }
        }
        #expect(plan.contains { $0.hasPrefix("SEARCH face USING INDEX \(index) ") }, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.hasPrefix("SCAN face") }, "\(plan)")
    }
}
