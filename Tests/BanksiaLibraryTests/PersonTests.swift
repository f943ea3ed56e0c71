import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("People") struct PersonTests {
    let there: PeopleWorld
    init() async throws { there = try await PeopleWorld() }

    @Test func `a name belongs to one person of a library, whatever its case`() async throws {
        let anna = try await there.person("  Anna ", hidden: true), last = try await there.last

        let again = try await there.people.create(NewPerson(name: "ANNA"), in: there.library, by: there.ana)
        let same = try await there.people.create(NewPerson(name: "anna", isHidden: true), in: there.library, by: there.ana)

        #expect(anna.name?.text == "Anna")
        #expect(again.record == anna && !again.isNew && same.record == anna && !same.isNew)
        await #expect(throws: PersonProblem.nameTaken("anna")) {
            try await there.people.create(NewPerson(name: "anna", isFavorite: true), in: there.library, by: there.ana)
        }
        let other = try await there.world.library.libraries.create(Name("Other"), description: nil, by: there.ana).record
        #expect(try await there.people.create(NewPerson(name: "Anna"), in: other.id, by: there.ana).isNew)
        #expect(try await there.told(after: last) == [])
    }

    @Test func `people without a name are always new`() async throws {
        let first = try await there.person(), second = try await there.person("  ")
        #expect(first.id != second.id)
        #expect(first.name == nil && second.name == nil)
    }

    @Test func `a change says only what is new, and nothing leaves no trace`() async throws {
        let anna = try await there.person("Anna"), last = try await there.last
        there.world.clock.advance(by: .seconds(1))

        let same = try await there.people.update(
            "\(anna.id)", PersonChange(name: .set(" Anna "), birthDate: .clear, isHidden: false), by: there.ana)
        #expect(same == anna)
        #expect(try await there.told(after: last) == [])

        let changed = try await there.people.update(
            "\(anna.id)", PersonChange(name: .set("anna"), birthDate: .set(#require(BirthDate("1990-02-28"))), isFavorite: true),
            by: there.ana)
        #expect(changed.name?.text == "anna" && changed.birthDate?.text == "1990-02-28" && changed.isFavorite)
        #expect(changed.updatedAt > anna.updatedAt)
        let cleared = try await there.people.update(
            "\(anna.id)", PersonChange(name: .set("  "), birthDate: .clear), by: there.ana)
        #expect(cleared.name == nil && cleared.birthDate == nil && cleared.isFavorite)
        #expect(try await there.told(after: last) == ["person_updated \(anna.id)", "person_updated \(anna.id)"])
    }

    @Test func `a taken name is refused, a person's own is not`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben", hidden: true)
        await #expect(throws: PersonProblem.nameTaken("bEN")) {
            try await there.people.update("\(anna.id)", PersonChange(name: .set("bEN")), by: there.ana)
        }
        let ann = try await there.people.update("\(ben.id)", PersonChange(name: .set("BEN")), by: there.ana)
        #expect(ann.name?.text == "BEN")
    }

    @Test func `several changes happen in order, or none does`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben"), last = try await there.last
        func update(_ changes: [(Person, String)]) async throws {
            try await there.people.update(changes.map { ("\($0.id)", PersonChange(name: .set($1))) }, by: there.ana)
        }
        func names() async throws -> [String?] {
            [
                try await there.people.get("\(anna.id)", by: there.ana).name?.text,
                try await there.people.get("\(ben.id)", by: there.ana).name?.text,
            ]
        }

        await #expect(throws: PersonProblem.nameTaken("Ben")) { try await update([(anna, "Ben"), (ben, "Anna")]) }
        await #expect(throws: PersonProblem.namedTwice("\(anna.id)")) { try await update([(anna, "A"), (anna, "B")]) }
        for stranger in ["person_x", "\(PersonID(uuid: .init()))"] {
            await #expect(throws: PersonProblem.notFound(field: "updates")) {
                try await there.people.update(
                    [("\(anna.id)", PersonChange(name: .set("A"))), (stranger, PersonChange())], by: there.ana)
            }
        }
        #expect(try await names() == ["Anna", "Ben"])
        #expect(try await there.told(after: last) == [])

        try await update([(anna, "Cleo"), (ben, "Anna")])
        #expect(try await names() == ["Cleo", "Anna"])
        #expect(try await there.told(after: last) == ["person_updated \(anna.id)", "person_updated \(ben.id)"])
    }

    @Test func `the portrait is the chosen face, else the best one of a live asset`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben")
        let photo = try await there.world.photo(of: there.ana), other = try await there.world.photo(of: there.ana)
        func portrait() async throws -> FaceID? { try await there.people.get("\(anna.id)", by: there.ana).thumbnailFaceID }
        #expect(try await portrait() == nil)

        let small = try await there.face(photo, of: anna, size: 10), large = try await there.face(other, of: anna, size: 20)
        #expect(try await portrait() == large.id)
        let bens = try await there.face(photo, of: ben)
        _ = try await there.people.update("\(anna.id)", PersonChange(thumbnailFace: .set("\(bens.id)")), by: there.ana)
        #expect(try await portrait() == bens.id)
        try await there.faces.delete("\(bens.id)", by: there.ana)
        #expect(try await portrait() == large.id)
        _ = try await there.people.update("\(anna.id)", PersonChange(thumbnailFace: .set("\(small.id)")), by: there.ana)
        #expect(try await portrait() == small.id)
        _ = try await there.people.update("\(anna.id)", PersonChange(thumbnailFace: .clear), by: there.ana)
        #expect(try await portrait() == large.id)
        for stranger in ["face_x", "\(FaceID(uuid: .init()))"] {
            await #expect(throws: PersonProblem.faceNotFound) {
                try await there.people.update("\(anna.id)", PersonChange(thumbnailFace: .set(stranger)), by: there.ana)
            }
        }
        await there.world.close()
    }

    @Test func `nobody else sees a person`() async throws {
        let ben = try await there.world.user("ben"), anna = try await there.person("Anna")
        await #expect(throws: PersonProblem.notFound()) { try await there.people.get("\(anna.id)", by: ben) }
        await #expect(throws: PersonProblem.notFound()) { try await there.people.update("\(anna.id)", PersonChange(), by: ben) }
        await #expect(throws: PersonProblem.notFound()) { try await there.people.delete("\(anna.id)", by: ben) }
        await #expect(throws: PersonProblem.notFound()) {
            try await there.people.merge(["\(anna.id)"], into: "\(anna.id)", by: ben)
        }
        await #expect(throws: PersonProblem.notFound(field: "updates")) {
            try await there.people.update([("\(anna.id)", PersonChange())], by: ben)
        }
        await #expect(throws: PersonProblem.notFound()) { try await there.people.get("nonsense", by: there.ana) }
    }

    @Test func `a member who only looks cannot change people or faces`() async throws {
        let ben = try await there.world.user("ben"), anna = try await there.person("Anna")
        let photo = try await there.world.photo(of: there.ana), face = try await there.face(photo, of: anna)
        await there.world.close()
        try await there.world.share(there.library, of: there.ana, with: ben, as: .viewer)
        let (person, shown, problem) = ("\(anna.id)", "\(face.id)", AccountProblem.insufficientRole(.collaborator))
        let box = FaceBox(x: 1, y: 1, width: 5, height: 5)

        #expect(try await there.people.get(person, by: ben).id == anna.id)
        #expect(try await there.faces.get(shown, by: ben) == face)
        await #expect(throws: problem) { try await there.people.create(NewPerson(), in: there.library, by: ben) }
        await #expect(throws: problem) { try await there.people.update(person, PersonChange(), by: ben) }
        await #expect(throws: problem) { try await there.people.update([(person, PersonChange())], by: ben) }
        await #expect(throws: problem) { try await there.people.merge([person], into: person, by: ben) }
        await #expect(throws: problem) { try await there.people.delete(person, by: ben) }
        await #expect(throws: problem) { try await there.faces.draw(box, on: "\(photo.id)", in: there.library, by: ben) }
        await #expect(throws: problem) { try await there.faces.assign(shown, to: nil, by: ben) }
        await #expect(throws: problem) { try await there.faces.keep(shown, by: ben) }
        await #expect(throws: problem) { try await there.faces.delete(shown, by: ben) }
    }

    @Test(arguments: [
        "1990-02-29", "1990-13-01", "0000-01-01", "1990-1-1", "+199-01-01", "1990-01-01T00:00:00", "", "１９９０-01-01",
    ])
    func `only days of the calendar are birth dates`(text: String) {
        #expect(BirthDate(text) == nil)
        #expect(BirthDate("2000-02-29")?.text == "2000-02-29")
    }
}
