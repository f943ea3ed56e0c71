import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Questions about people") struct SuggestionTests {
    private func mayBeSame(_ world: FoundPeople) async throws -> [Set<PersonID>] {
        try await world.there.people.mayBeSame(in: world.there.library, limit: 20, by: world.there.ana).items.map {
            Set($0.people.map(\.id))
        }
    }

    /// One person whom a user has made two of by naming faces, and somebody else.
    @Test func `two who are alike are asked about until a user has told them apart`() async throws {
        var world = try await FoundPeople(photos: [[0], [0], [0], [0], [0], [0], [1], [1], [1], [1, 0]])
        try await world.look()
        try await world.group()
        let there = world.there, ana = there.ana
        #expect(try await mayBeSame(world) == [])
        let old = try await world.owner(0), other = try await world.owner(6)
        // Two whom users have spoken of are never joined by grouping.
        _ = try await there.people.update("\(old)", PersonChange(isFavorite: true), by: ana)
        let new = try await there.person().id
        for photo in 3...5 { _ = try await there.faces.assign("\(world.face(photo).id)", to: "\(new)", by: ana) }
        try await world.group()
        #expect(try await mayBeSame(world) == [], "a user took the faces of one from the other")
        for photo in 3...5 { try await forgetDetachments(of: world.face(photo).id, world) }
        #expect(try await mayBeSame(world) == [[old, new]])
        let page = try await there.people.mayBeSame(in: there.library, limit: 1, by: ana)
        #expect(page.items[0].distance < 0.65 && !page.hasMore)
        #expect(!page.items.contains { $0.people.map(\.id).contains(other) })

        _ = try await there.people.update("\(old)", PersonChange(name: .set("Anna")), by: ana)
        #expect(try await mayBeSame(world) == [[old, new]])
        #expect(try await there.people.mayBeSame(in: there.library, limit: 1, by: ana).items[0].people[0].id == old)
        _ = try await there.people.update("\(new)", PersonChange(isHidden: true), by: ana)
        #expect(try await mayBeSame(world) == [])
        _ = try await there.people.update("\(new)", PersonChange(name: .set("Her twin"), isHidden: false), by: ana)
        #expect(try await mayBeSame(world) == [], "both have names")
    }

    @Test func `two who were told apart are asked about no more, and never joined`() async throws {
        var world = try await FoundPeople(photos: [[0], [0], [0], [0], [0], [0], [1], [1], [1]])
        try await world.look()
        try await world.group()
        let there = world.there, ana = there.ana
        let old = try await world.owner(0), other = try await world.owner(6), new = try await there.person().id
        _ = try await there.people.update("\(old)", PersonChange(isFavorite: true), by: ana)
        for photo in 3...5 { _ = try await there.faces.assign("\(world.face(photo).id)", to: "\(new)", by: ana) }
        try await world.group()
        for photo in 3...5 { try await forgetDetachments(of: world.face(photo).id, world) }
        #expect(try await mayBeSame(world) == [[old, new]])
        let before = try await world.state()

        try await there.people.tellApart("\(new)", from: "\(old)", by: ana)
        #expect(try await mayBeSame(world) == [])
        let said = try await world.corrections()
        #expect(said.first?.kind == .tellPeopleApart && said.first.map { Set($0.people) } == [old, new])
        try await there.people.tellApart("\(old)", from: "\(new)", by: ana)
        #expect(try await world.corrections() == said, "said once more")
        try await world.group()
        #expect(try await world.people(0...8) == [old, old, old, new, new, new, other, other, other])

        // Whoever becomes one of them is told apart, too.
        let told = try await world.state()
        _ = try await there.people.merge(["\(new)"], into: "\(other)", by: ana)
        await #expect(throws: PersonProblem.notFound(field: "person_id")) {
            try await there.people.tellApart("\(old)", from: "\(new)", by: ana)
        }
        let count = try await world.corrections().count
        try await there.people.tellApart("\(old)", from: "\(other)", by: ana)
        #expect(try await world.corrections().count == count)
        try await world.undo(world.corrections()[0])
        #expect(try await world.state() == told)
        try await world.undo(world.corrections()[0])
        #expect(try await world.state() == before)
        #expect(try await mayBeSame(world) == [[old, new]])

        await #expect(throws: PersonProblem.toldApartFromThemselves) {
            try await there.people.tellApart("\(old)", from: "\(old)", by: ana)
        }
        let stranger = try await there.world.user("stranger")
        await #expect(throws: PersonProblem.notFound()) {
            try await there.people.tellApart("\(old)", from: "\(new)", by: stranger)
        }
    }

    @Test func `a face is not who it seems`() async throws {
        var world = try await FoundPeople(photos: [[0], [0], [0], [0]])
        for photo in 0...2 { try await world.look(at: world.photos[photo]) }
        try await world.group()
        try await world.look(at: world.photos[3])
        let there = world.there, ana = there.ana
        let zero = try await world.owner(0), face = try await world.face(3).id
        let before = try await world.state()
        _ = try await there.faces.deny("\(face)", is: "\(zero)", by: ana)
        #expect(try await there.faces.whoIsThis(in: there.library, limit: 20, by: ana).items.isEmpty)
        let count = try await world.corrections().count
        _ = try await there.faces.deny("\(face)", is: "\(zero)", by: ana)
        #expect(try await world.corrections().count == count, "said once more")
        try await world.group()
        #expect(try await world.face(3).personID == nil)
        try await world.undo(world.corrections()[0])
        #expect(try await world.state() == before)
        try await world.group()
        #expect(try await world.owner(3) == zero)
        #expect(try await there.faces.deny("\(face)", is: "\(zero)", by: ana).personID == nil)
        await #expect(throws: FaceProblem.personNotFound) { try await there.faces.deny("\(face)", is: "person_x", by: ana) }
    }

    private func forgetDetachments(of face: FaceID, _ world: FoundPeople) async throws {
        try await world.there.world.database.write { tx in
            try tx.execute("DELETE FROM face_detachment WHERE face_id = \(face)")
        }
    }

    @Test func `a face that belongs to nobody is asked about with who it may be`() async throws {
        var world = try await FoundPeople(photos: [[0], [0], [0], [1], [1], [1], [0], [-1], [1]])
        for photo in 0...5 { try await world.look(at: world.photos[photo]) }
        try await world.group()
        // Not grouped yet.
        for photo in 6...8 { try await world.look(at: world.photos[photo]) }
        let there = world.there, ana = there.ana
        func asked() async throws -> [FaceID: [PersonID]] {
            let page = try await there.faces.whoIsThis(in: there.library, limit: 20, by: ana)
            let distances = page.items.compactMap { $0.near.candidates.first?.distance }
            #expect(distances == distances.sorted() && distances.allSatisfy { $0 < 0.65 })
            return Dictionary(uniqueKeysWithValues: page.items.map { ($0.face.id, $0.near.candidates.map(\.person)) })
        }
        let (zero, one) = (try await world.owner(0), try await world.owner(3))
        let (first, second) = (try await world.face(6).id, try await world.face(8).id)
        var questions = try await asked()
        #expect(questions.keys.sorted() == [first, second].sorted())
        #expect(questions[first]?.first == zero && questions[second]?.first == one)
        #expect(try await there.faces.whoIsThis(in: there.library, limit: 1, by: ana).hasMore)

        // One is ignored; the other is not who it seems.
        _ = try await there.faces.ignore("\(first)", by: ana)
        _ = try await there.faces.assign("\(second)", to: "\(one)", by: ana)
        _ = try await there.faces.assign("\(second)", to: nil, by: ana)
        questions = try await asked()
        #expect(questions[first] == nil && questions[second]?.contains(one) != true)
    }

    @Test func `strangers are asked nothing about`() async throws {
        var world = try await FoundPeople(photos: [[0], [0], [0]])
        try await world.look()
        try await world.group()
        let there = world.there
        let stranger = try await there.world.user("stranger")
        #expect(try await there.people.mayBeSame(in: there.library, limit: 20, by: stranger).items.isEmpty)
        #expect(try await there.faces.whoIsThis(in: there.library, limit: 20, by: stranger).items.isEmpty)
    }
}
