import BanksiaCore
import BanksiaSQL
import BanksiaTestKit

@testable import BanksiaLibrary

/// A library in which people are made and faces drawn, and its feed.
struct PeopleWorld {
    let world: World
    let ana: Viewer
    let library: LibraryID
    var people: People { world.library.people }
    var faces: Faces { world.library.faces }

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    /// Makes a person, a microsecond after whatever was before.
    func person(_ name: String? = nil, hidden: Bool = false) async throws -> Person {
        world.clock.advance(by: .microseconds(1))
        return try await people.create(NewPerson(name: name, isHidden: hidden), in: library, by: ana).record
    }

    /// Draws a face, a microsecond after whatever was before. Pictures are 64 by 48 pixels.
    func face(_ asset: Asset, of person: Person? = nil, size: Int = 10) async throws -> Face {
        world.clock.advance(by: .microseconds(1))
        return try await faces.draw(
            FaceBox(x: 1, y: 2, width: size, height: size), on: "\(asset.id)", of: person.map { "\($0.id)" }, in: library, by: ana
        )
    }

    func list(_ query: PersonQuery) async throws -> [PersonID] {
        try await people.list(query, in: library, by: ana).items.map(\.id)
    }

    /// The number of the feed's last event.
    var last: Int64 {
        get async throws { try await world.database.read { tx in try EventStore.last(in: library, tx) } }
    }

    /// What the feed tells behind a number: type, entity and payload.
    func told(after number: Int64) async throws -> [String] {
        try await world.database.read { tx in
            try tx.rows(
                "SELECT event_type, entity_id, payload FROM event WHERE library_id = \(library) AND sequence > \(number) ORDER BY sequence"
            ) { row in
                let payload: String? = try row.value(2)
                return ([try row.value(0), try row.value(1)] + [payload].compactMap(\.self)).joined(separator: " ")
            }
        }
    }

    /// What the feed says of a face that changes hands.
    func handed(_ face: Face, to person: Person?, from previous: Person?) -> String {
        func id(_ person: Person?) -> String { person.map { "\"\($0.id)\"" } ?? "null" }
        return "face_updated \(face.id) {\"person_id\":\(id(person)),\"previous_person_id\":\(id(previous))}"
    }

    /// How many statements a call costs.
    func statements(_ body: () async throws -> Void) async throws -> Int {
        let before = world.database.statementCount
        try await body()
        return world.database.statementCount - before
    }
}
