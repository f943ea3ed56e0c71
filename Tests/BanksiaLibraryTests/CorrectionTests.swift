import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Corrections") struct CorrectionTests {
    private typealias Deed = @Sendable (FoundPeople) async throws -> Void

    /// Anna in four photos, Ben in three with her in one of them, and strangers.
    private static let photos = [[0], [0], [0], [0, 1], [1], [1], [-1, -1]]

    private static let deeds: [(kind: Correction.Kind, deed: Deed)] = [
        (
            .mergePeople,
            { world in
                let (anna, ben) = (try await world.owner(0), try await world.owner(4))
                _ = try await world.there.people.merge(["\(ben)"], into: "\(anna)", by: world.there.ana)
            }
        ),
        (
            .splitPerson,
            { world in
                let faces = [try await world.face(0), try await world.face(1)]
                _ = try await world.there.people.split(
                    faces.map { "\($0.id)" }, off: "\(world.owner(0))", name: "Zoe", by: world.there.ana)
            }
        ),
        (
            .deletePerson,
            { world in
                try await world.there.people.delete("\(world.owner(0))", by: world.there.ana)
            }
        ),
        (
            .updatePeople,
            { world in
                let person = try await world.owner(0)
                let change = PersonChange(
                    name: .set("Anna"), isHidden: true, thumbnailFace: .set("\(try await world.face(1).id)"))
                _ = try await world.there.people.update("\(person)", change, by: world.there.ana)
            }
        ),
        (
            .updatePeople,
            { world in
                let people = [try await world.owner(0), try await world.owner(4)]
                let names = ["Anna", "Ben"]
                try await world.there.people.update(
                    zip(people, names).map { ("\($0)", PersonChange(name: .set($1))) }, by: world.there.ana)
            }
        ),
        (
            .assignFace,
            { world in
                let ben = try await world.owner(4)
                _ = try await world.there.faces.assign("\(world.face(0).id)", to: "\(ben)", by: world.there.ana)
            }
        ),
        (
            .detachFace,
            { world in
                _ = try await world.there.faces.assign("\(world.face(0).id)", to: nil, by: world.there.ana)
            }
        ),
        (.ignoreFace, { world in _ = try await world.there.faces.ignore("\(world.face(6).id)", by: world.there.ana) }),
        (.ignoreFace, { world in _ = try await world.there.faces.ignore("\(world.face(0).id)", by: world.there.ana) }),
        (.deleteFace, { world in try await world.there.faces.delete("\(world.face(0).id)", by: world.there.ana) }),
    ]

    private static func world() async throws -> FoundPeople {
        var world = try await FoundPeople(photos: photos)
        try await world.look()
        try await world.group()
        return world
    }

    @Test func `each is undone exactly, once, and the feed tells it`() async throws {
        let world = try await Self.world()
        for (kind, deed) in Self.deeds {
            let before = try await world.state()
            try await deed(world)
            #expect(try await world.state() != before, "\(kind)")
            let correction = try #require(try await world.corrections().first)
            #expect(correction.kind == kind && correction.userID == world.there.ana.user)
            let last = try await world.there.last
            try await world.undo(correction)
            #expect(try await world.state() == before, "\(kind)")
            #expect(try await world.there.last > last || kind == .ignoreFace, "\(kind)")
            await #expect(throws: CorrectionProblem.undoneAlready) { try await world.undo(correction) }
            #expect(try await world.disagreements() == [])
        }
    }

    @Test func `all together are undone from the last to the first`() async throws {
        let world = try await Self.world()
        var states = [try await world.state()]
        for (_, deed) in Self.deeds where (try? await deed(world)) != nil { states.append(try await world.state()) }
        let corrections = try await world.corrections()
        #expect(corrections.count == states.count - 1 && corrections.count >= 7)
        _ = states.popLast()
        for correction in corrections {
            try await world.undo(correction)
            #expect(try await world.state() == states.popLast(), "\(correction.kind)")
        }
    }

    @Test func `grouping in between gives way`() async throws {
        let world = try await Self.world()
        for (kind, deed) in Self.deeds {
            let before = try await world.there.faces.list(FaceQuery(limit: 200), in: world.there.library, by: world.there.ana)
            let people = try await world.there.list(PersonQuery(names: .all, includesHidden: true))
            try await deed(world)
            try await world.group()
            try await world.undo(try #require(try await world.corrections().first))
            let after = try await world.there.faces.list(FaceQuery(limit: 200), in: world.there.library, by: world.there.ana)
            #expect(after.items.map(\.personID) == before.items.map(\.personID), "\(kind)")
            #expect(try await world.there.list(PersonQuery(names: .all, includesHidden: true)) == people, "\(kind)")
            #expect(try await world.disagreements() == [], "\(kind)")
        }
    }

    @Test func `what changed meanwhile is not overwritten`() async throws {
        let world = try await Self.world(), there = world.there
        let (anna, ben) = (try await world.owner(0), try await world.owner(4))
        _ = try await there.people.update("\(anna)", PersonChange(name: .set("Anna")), by: there.ana)
        let naming = try #require(try await world.corrections().first)
        _ = try await there.people.merge(["\(ben)"], into: "\(anna)", by: there.ana)
        let merging = try #require(try await world.corrections().first)
        await #expect(throws: CorrectionProblem.followed(by: merging.id)) { try await world.undo(naming) }

        // Somebody else gets the name of whoever would come back.
        _ = try await there.people.update("\(anna)", PersonChange(name: .set("Anne")), by: there.ana)
        let renaming = try #require(try await world.corrections().first)
        _ = try await there.person("Anna")
        await #expect(throws: PersonProblem.nameTaken("Anna")) { try await world.undo(renaming) }

        // Whom a split made has got a face that was drawn.
        let split = try await there.people.split(["\(world.face(4).id)"], off: "\(anna)", by: there.ana)
        let splitting = try #require(try await world.corrections().first)
        _ = try await there.face(world.photos[0], of: split)
        let state = try await world.state()
        await #expect(throws: CorrectionProblem.inUse(split.id)) { try await world.undo(splitting) }
        #expect(try await world.state() == state, "a refusal changes nothing")

        _ = try await there.faces.assign("\(world.face(6).id)", to: "\(split.id)", by: there.ana)
        let assigning = try #require(try await world.corrections().first)
        try await there.world.library.assets.delete(["\(world.photos[6].id)"], in: there.library, by: there.ana)
        await #expect(throws: CorrectionProblem.facesGone) { try await world.undo(assigning) }
        await there.world.close()
    }

    @Test func `what was said of a face in the library to which it has moved stays`() async throws {
        let world = try await Self.world(), there = world.there
        let anna = try await world.owner(0), face = try await world.face(0)
        _ = try await there.people.update("\(anna)", PersonChange(name: .set("Anna")), by: there.ana)
        let naming = try #require(try await world.corrections().first)
        let other = try await there.world.library.libraries.create(Name("Trips"), description: nil, by: there.ana).record
        _ = try await there.world.library.assets.move(
            ["\(world.photos[0].id)"], from: "\(there.library)", to: "\(other.id)", by: there.ana)
        let bob = try await there.people.create(NewPerson(name: "Bob"), in: other.id, by: there.ana).record
        _ = try await there.faces.deny("\(face.id)", is: "\(bob.id)", by: there.ana)
        try await world.undo(naming)
        let isDenied = try await there.world.database.read { tx in try FaceStore.isDetached(face.id, from: bob.id, tx) }
        #expect(isDenied)
        await there.world.close()
    }

    @Test func `a denial is undone after grouping has given the face to somebody else`() async throws {
        let world = try await Self.world(), there = world.there
        let (anna, ben) = (try await world.owner(0), try await world.owner(4)), face = try await world.face(5)
        _ = try await there.faces.deny("\(face.id)", is: "\(anna)", by: there.ana)
        let denial = try #require(try await world.corrections().first)
        // As grouping would.
        let cora = try await there.person().id
        try await there.world.database.write { tx in
            try tx.execute("UPDATE face SET person_id = \(cora) WHERE id = \(face.id)")
            try PersonStore.recount([ben, cora], tx)
        }
        try await world.undo(denial)
        #expect(try await world.face(5).personID == ben)
        #expect(try await world.disagreements() == [])
        await there.world.close()
    }

    @Test func `only who may correct may undo`() async throws {
        let world = try await Self.world(), there = world.there
        try await there.people.delete("\(world.owner(0))", by: there.ana)
        let correction = try #require(try await world.corrections().first)
        let corrections = there.world.library.corrections
        let stranger = try await there.world.user("stranger")
        await #expect(throws: CorrectionProblem.notFound) { try await corrections.undo("\(correction.id)", by: stranger) }
        await #expect(throws: CorrectionProblem.notFound) { try await corrections.undo("correction_x", by: there.ana) }
        let guest = try await there.world.user("guest"), helper = try await there.world.user("helper")
        try await there.world.share(there.library, of: there.ana, with: guest, as: .viewer)
        try await there.world.share(there.library, of: there.ana, with: helper, as: .collaborator)
        await #expect(throws: AccountProblem.insufficientRole(.collaborator)) {
            try await corrections.undo("\(correction.id)", by: guest)
        }
        #expect(try await corrections.undo("\(correction.id)", by: helper).undoneAt != nil)
    }

    @Test func `what is old is forgotten`() async throws {
        let world = try await Self.world(), there = world.there
        _ = try await there.faces.assign("\(world.face(0).id)", to: nil, by: there.ana)
        there.world.clock.advance(by: .seconds(31 * 86_400))
        _ = try await there.faces.assign("\(world.face(1).id)", to: nil, by: there.ana)
        #expect(try await world.corrections().count == 1)
        there.world.clock.advance(by: .seconds(31 * 86_400))
        try await there.world.library.maintain()
        #expect(try await world.corrections() == [])
    }

    @Test func `what changes nothing is no correction`() async throws {
        let world = try await Self.world(), there = world.there
        let person = try await world.owner(0)
        try await there.people.update([("\(person)", PersonChange(isHidden: false))], by: there.ana)
        _ = try await there.people.update("\(person)", PersonChange(), by: there.ana)
        #expect(try await world.corrections() == [])
        _ = try await there.faces.assign("\(world.face(0).id)", to: "\(person)", by: there.ana)
        _ = try await there.faces.assign("\(world.face(0).id)", to: "\(person)", by: there.ana)
        _ = try await there.faces.ignore("\(world.face(6).id)", by: there.ana)
        _ = try await there.faces.ignore("\(world.face(6).id)", by: there.ana)
        #expect(try await world.corrections().map(\.kind) == [.ignoreFace, .assignFace])
    }

    @Test func `a split needs faces of the person, and leaves some`() async throws {
        let world = try await Self.world(), there = world.there
        let anna = try await world.owner(0), bens = try await world.face(4)
        let state = try await world.state()
        func split(_ faces: [String]) async throws {
            _ = try await there.people.split(faces, off: "\(anna)", by: there.ana)
        }
        await #expect(throws: PersonProblem.nothingToSplit) { try await split([]) }
        for face in ["\(bens.id)", "face_x", "\(FaceID(uuid: UUID()))"] {
            await #expect(throws: PersonProblem.faceNotTheirs) { try await split([face]) }
        }
        var all: [String] = []
        for photo in 0..<4 { all.append("\(try await world.face(photo).id)") }
        await #expect(throws: PersonProblem.nobodyLeft) { try await split(all) }
        #expect(try await world.state() == state)
        #expect(try await world.corrections() == [])
    }
}
