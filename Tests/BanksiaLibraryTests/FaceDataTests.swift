import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Face data of a library") struct FaceDataTests {
    @Test func `all of it can be deleted, and nothing else goes`() async throws {
        var world = try await FoundPeople(photos: [[0], [0], [0], [1], [1], [1]])
        try await world.look()
        try await world.group()
        let there = world.there, ana = there.ana, library = "\(there.library)"
        _ = try await there.people.update("\(world.owner(0))", PersonChange(name: .set("Anna")), by: ana)
        let anna = try await world.owner(0), ben = try await world.owner(3)
        try await there.people.tellApart("\(anna)", from: "\(ben)", by: ana)
        let deleted = FaceCrop.key(of: try await world.face(5).id, in: try await upload(of: world, 5))
        _ = try await there.world.library.renditions.open(portraitOf: "\(world.face(5).id)", for: .viewer(ana))
        #expect(try await there.world.files.renditionSize(deleted) != nil)
        try await there.faces.delete("\(world.face(5).id)", by: ana)
        _ = try await there.world.library.renditions.open(portraitOf: "\(world.face(0).id)", for: .viewer(ana))
        let faces = try await there.faces.list(FaceQuery(limit: 200), in: there.library, by: ana).items
        let key = FaceCrop.key(of: try await world.face(0).id, in: try await upload(of: world, 0))
        #expect(try await there.world.files.renditionSize(key) != nil)
        let last = try await there.last

        try await there.faces.deleteAll(in: library, by: ana)

        #expect(
            try await there.faces.data(of: library, by: ana)
                == FaceData(library: there.library, findsFaces: false, faces: 0, people: 1))
        let told = try await there.told(after: last)
        #expect(told.count == faces.count + 1 && told.last == "person_deleted \(ben)")
        #expect(told.dropLast().allSatisfy { $0.hasPrefix("face_deleted ") })
        let kept = try await there.people.get("\(anna)", by: ana)
        #expect(kept.name?.text == "Anna" && kept.assetCount == 0 && kept.thumbnailFaceID == nil)
        for table in [
            "face", "face_vector", "face_knot", "face_refusal", "face_detachment", "face_rendition", "person_likeness",
            "correction", "correction_face", "correction_person", "correction_likeness", "correction_detachment",
            "correction_parting", "person_parting",
        ] {
            let rows = try await there.world.database.read { tx in
                try tx.value("SELECT COUNT(*) FROM \(SQL(trusted: table))", as: Int.self)
            }
            #expect(rows == 0, "\(table)")
        }
        #expect(try await there.world.library.assets.get("\(world.photos[0].id)", .full, by: ana).id == world.photos[0].id)
        try await there.world.finishJobs()
        #expect(try await there.world.files.renditionSize(key) == nil)
        #expect(try await there.world.files.renditionSize(deleted) == nil)
        #expect(try await there.faces.data(of: library, by: ana).faces == 0)
        await there.world.close()
    }

    private func upload(of world: FoundPeople, _ photo: Int) async throws -> AssetVersionID {
        let asset = world.photos[photo].id
        return try #require(try await world.there.world.database.read { tx in try VersionStore.upload(of: asset, tx) }).id
    }

    @Test func `only owners decide, strangers see nothing`() async throws {
        let there = try await PeopleWorld(), library = "\(there.library)"
        let helper = try await there.world.user("helper"), stranger = try await there.world.user("stranger")
        try await there.world.share(there.library, of: there.ana, with: helper, as: .collaborator)
        #expect(try await there.faces.data(of: library, by: helper).findsFaces)
        await #expect(throws: AccountProblem.insufficientRole(.owner)) {
            try await there.faces.find(false, in: library, by: helper)
        }
        await #expect(throws: AccountProblem.insufficientRole(.owner)) {
            try await there.faces.deleteAll(in: library, by: helper)
        }
        for text in [library, "lib_x"] {
            await #expect(throws: LibraryProblem.notFound) { try await there.faces.data(of: text, by: stranger) }
            await #expect(throws: LibraryProblem.notFound) { try await there.faces.deleteAll(in: text, by: stranger) }
        }
        #expect(try await !there.faces.find(false, in: library, by: there.ana).findsFaces)
        #expect(try await there.faces.find(true, in: library, by: there.ana).findsFaces)
    }

    @Test func `what was passed over is looked at when it is wanted`() async throws {
        let there = try await PeopleWorld()
        func waiting() async throws -> Int {
            try await there.world.database.read { [jobs = there.world.jobs] tx in
                try jobs.unfinished(kinds: [Pipeline.faceDetection], tx)
            }
        }
        _ = try await there.faces.find(false, in: "\(there.library)", by: there.ana)
        for _ in 0..<2 { _ = try await there.world.photo(of: there.ana) }
        try await there.world.finishJobs()
        #expect(try await waiting() == 0)
        #expect(try await there.world.library.rebuild.enqueue([Pipeline.faceDetection]) == 0, "not wanted")
        _ = try await there.faces.find(true, in: "\(there.library)", by: there.ana)
        var no = ProfileChange()
        no.faceDetectionPreference = false
        _ = try await there.world.library.accounts.update(no, by: there.ana)
        #expect(try await there.world.library.rebuild.enqueue([Pipeline.faceDetection]) == 0, "not wanted at all")
        no.faceDetectionPreference = true
        _ = try await there.world.library.accounts.update(no, by: there.ana)
        let backfills = try await there.world.database.read { [jobs = there.world.jobs] tx in
            try jobs.unfinished(kinds: [Pipeline.faceBackfill], tx)
        }
        #expect(backfills == 1)
        #expect(try await there.world.library.rebuild.enqueue([Pipeline.faceDetection]) == 2)
        await there.world.close()
    }
}
