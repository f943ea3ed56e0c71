import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

/// A user's word is never undone by the machine, whatever it does.
@Suite("What users said of faces") struct WordsLastTests {
    /// Anna in five photos, Ben in four, Carla in three.
    private static let photos = [[0], [0], [0], [0], [0], [1], [1], [1], [1], [2], [2], [2]]

    @Test func `lasts over grouping anew, other models and pictures that come`() async throws {
        var world = try await FoundPeople(photos: Self.photos)
        try await world.look()
        try await world.group()
        let there = world.there, ana = there.ana
        let (anna, ben, carla) = (try await world.owner(0), try await world.owner(5), try await world.owner(9))
        func id(_ photo: Int) async throws -> String { "\(try await world.face(photo).id)" }

        _ = try await there.people.update("\(anna)", PersonChange(name: .set("Anna")), by: ana)
        // Given to somebody against all likeness, taken from somebody, split off, ignored, and no face at all.
        _ = try await there.faces.assign(id(1), to: "\(ben)", by: ana)
        _ = try await there.faces.assign(id(2), to: nil, by: ana)
        let twin = try await there.people.split([id(3)], off: "\(anna)", name: "Twin", by: ana).id
        _ = try await there.faces.ignore(id(6), by: ana)
        try await there.faces.delete(id(7), by: ana)
        _ = try await there.people.merge(["\(carla)"], into: "\(ben)", by: ana)
        let said = try await world.people([0, 1, 3, 4, 5, 8, 9, 10, 11])
        #expect(said == [anna, ben, twin, anna, ben, ben, ben, ben, ben])

        for (space, round) in [(FoundPeople.space, 0), ("other-models", 1), ("other-models", 2), (FoundPeople.space, 3)] {
            try await world.look(as: space)
            try await there.world.database.change(there.library) { [library = there.library] tx in
                try GroupingStore.forgetKnots(in: library, tx)
            }
            try await world.group(as: space)
            #expect(try await world.people([0, 1, 3, 4, 5, 8, 9, 10, 11]) == said, "round \(round)")
            #expect(try await world.face(2).personID != anna, "round \(round)")
            #expect(try await world.face(6).personID == nil, "round \(round)")
            #expect(try await world.faces(7).isEmpty, "round \(round)")
            #expect(try await there.people.get("\(anna)", by: ana).name?.text == "Anna")
            #expect(try await world.disagreements() == [], "round \(round)")
        }
    }

    @Test func `a full grouping is that of the first time`() async throws {
        var world = try await FoundPeople(photos: Self.photos)
        for photo in world.photos {
            try await world.look(at: photo)
            try await world.group()
        }
        let before = try await world.people(world.photos.indices)
        try await there(world).world.database.change(there(world).library) { [library = there(world).library] tx in
            try GroupingStore.forgetKnots(in: library, tx)
        }
        try await world.group()
        #expect(try await world.people(world.photos.indices) == before)
    }

    private func there(_ world: FoundPeople) -> PeopleWorld { world.there }
}

/// Random corrections, pictures and groupings, with a seed.
@Suite("People at random") struct RandomPeopleTests {
    private static let photos = [[0, 1], [0, 2], [0, -1], [1], [1, 2], [2, 0], [1, -1], [2], [0, 0, 0], [-1, -1, -1, -1]]

    @Test(arguments: 1...4) func `what is repeated agrees, and the feed leads to the same`(seed: Int) async throws {
        var world = try await FoundPeople(photos: Self.photos, seed: seed)
        var chance = Seeded(seed)
        try await world.look()
        try await world.group()
        for step in 0..<40 {
            let deed = Deed.allCases.randomElement(using: &chance)!  // there are some
            do {
                try await deed.run(in: &world, &chance)
            } catch is any Problem {}  // refusals are part of life
            #expect(try await world.disagreements() == [], "seed \(seed), step \(step): \(deed)")
        }
        #expect(try await replayed(world) == (try await shown(world)), "seed \(seed)")
    }

    @Test(arguments: 5...6) func `corrections at random are undone one after the other`(seed: Int) async throws {
        var world = try await FoundPeople(photos: Self.photos, seed: seed)
        var chance = Seeded(seed)
        try await world.look()
        try await world.group()
        let before = try await world.state()
        for _ in 0..<25 {
            do {
                try await Deed.allCases.filter(\.isCorrection).randomElement(using: &chance)!.run(in: &world, &chance)
            } catch is any Problem {}  // refusals are part of life
        }
        let corrections = try await world.corrections()
        #expect(corrections.count > 10)
        for correction in corrections { try await world.undo(correction) }
        #expect(try await world.state() == before, "seed \(seed)")
    }

    @Test func `what happens at once leaves nobody behind`() async throws {
        var made = try await FoundPeople(photos: Self.photos, seed: 7)
        try await made.look()
        try await made.group()
        let world = made
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    var (world, chance) = (world, Seeded(70 + number))
                    for _ in 0..<10 {
                        // Refusals are part of life, and what others took away.
                        try? await Deed.allCases.randomElement(using: &chance)!.run(in: &world, &chance)
                    }
                }
            }
        }
        try await world.group()
        #expect(try await world.disagreements() == [])
        #expect(try await replayed(world) == (try await shown(world)))
    }

    /// Who has which face, by the lists.
    private func shown(_ world: FoundPeople) async throws -> [String: String] {
        try await world.there.world.database.read { tx in
            let faces = try tx.rows("SELECT id, person_id FROM face") { row in
                let person: PersonID? = try row.value(1)
                return ("\(try row.value(0, as: FaceID.self))", person.map { "\($0)" } ?? "nobody")
            }
            let people = try tx.rows("SELECT id FROM person") { ("\(try $0.value(0, as: PersonID.self))", "there") }
            return Dictionary(uniqueKeysWithValues: faces + people)
        }
    }

    /// The same, by the feed alone.
    private func replayed(_ world: FoundPeople) async throws -> [String: String] {
        var known: [String: String] = [:]
        var cursor: String?
        while true {
            let page = try await world.there.world.library.events.list(
                EventQuery(entities: [.person, .face], after: cursor, limit: 200), in: world.there.library, by: world.there.ana)
            for event in page.events.items {
                switch event.type {
                case "person_created": known[event.entityID] = "there"
                case "face_created": known[event.entityID] = "nobody"
                case "person_deleted", "face_deleted": known[event.entityID] = nil
                case "face_updated": known[event.entityID] = event.payload?["person_id"]?.flatMap { $0 } ?? "nobody"
                default: break
                }
            }
            guard page.events.hasMore, let last = page.events.items.last else { return known }
            cursor = "\(last.cursor)"
        }
    }
}

/// One random thing that a user, or the machine, does.
private enum Deed: CaseIterable {
    case merge, split, tellApart, deny, deletePerson, name, hide, assign, detach, ignore, deleteFace, undo, look, group

    var isCorrection: Bool { ![.undo, .look, .group].contains(self) }

    func run(in world: inout FoundPeople, _ chance: inout Seeded) async throws {
        let there = world.there, ana = there.ana
        let people = try await there.list(PersonQuery(names: .all, includesHidden: true, limit: 200)).map { "\($0)" }
        let faces = try await there.faces.list(FaceQuery(limit: 200), in: there.library, by: ana).items
        guard let person = people.randomElement(using: &chance), let other = people.randomElement(using: &chance),
            let face = faces.randomElement(using: &chance)
        else { return try await self == .look ? world.look() : world.group() }
        switch self {
        case .merge: _ = try await there.people.merge([other], into: person, by: ana)
        case .split:
            let some = faces.filter { $0.personID?.description == person }.prefix(Int.random(in: 1...3, using: &chance))
            _ = try await there.people.split(some.map { "\($0.id)" }, off: person, by: ana)
        case .tellApart: try await there.people.tellApart(person, from: other, by: ana)
        case .deny: _ = try await there.faces.deny("\(face.id)", is: other, by: ana)
        case .deletePerson: try await there.people.delete(person, by: ana)
        case .name:
            let name = "Name \(Int.random(in: 1...4, using: &chance))"
            _ = try await there.people.update(person, PersonChange(name: .set(name)), by: ana)
        case .hide: _ = try await there.people.update(person, PersonChange(isHidden: Bool.random(using: &chance)), by: ana)
        case .assign: _ = try await there.faces.assign("\(face.id)", to: other, by: ana)
        case .detach: _ = try await there.faces.assign("\(face.id)", to: nil, by: ana)
        case .ignore: _ = try await there.faces.ignore("\(face.id)", by: ana)
        case .deleteFace: try await there.faces.delete("\(face.id)", by: ana)
        case .undo:
            if let correction = try await world.corrections().randomElement(using: &chance) { try await world.undo(correction) }
        case .look: try await world.look(at: world.photos.randomElement(using: &chance)!)  // there are some
        case .group: try await world.group()
        }
    }
}
