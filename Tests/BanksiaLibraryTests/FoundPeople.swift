import BanksiaCore
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import BanksiaVision
import Foundation

@testable import BanksiaLibrary

/// A library in whose pictures faces are found, without models: whoever is in them looks as the test says.
struct FoundPeople {
    static let space = "made-up"

    let there: PeopleWorld
    private var seed: Seeded
    private var looks: [[Float]] = []
    private(set) var photos: [Asset] = []
    private var shown: [AssetID: [Int]] = [:]

    /// - Parameter photos: who is in each, by number; -1 is somebody else each time.
    init(photos: [[Int]], seed: Int = 1) async throws {
        there = try await PeopleWorld()
        self.seed = Seeded(seed)
        for _ in 0...(photos.flatMap(\.self).max() ?? 0) { looks.append(self.seed.unitVector(Crowd.dimension)) }
        for who in photos {
            let photo = try await there.world.photo(of: there.ana)
            self.photos.append(photo)
            shown[photo.id] = who
        }
    }

    /// Has all pictures looked at, by models of a space.
    mutating func look(as space: String = Self.space) async throws {
        for photo in photos { try await look(at: photo, as: space) }
    }

    mutating func look(at photo: Asset, as space: String = Self.space) async throws {
        let size = PixelSize(width: 64, height: 48)
        var placed: [[PlacedFace]] = []
        for (place, who) in (shown[photo.id] ?? []).enumerated() {
            let box = FoundBox(x: Float(place % 6 * 10), y: Float(place / 6 * 10), width: 9, height: 9)
            let look = who < 0 ? seed.unitVector(Crowd.dimension) : looks[who]
            let mixed = zip(look, seed.unitVector(Crowd.dimension)).map { $0 + 0.7 * $1 }
            let length = mixed.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let found = FoundFace(score: 0.9, box: box, quality: 0.5, strength: 12, vector: mixed.map { $0 / length })
            if let face = PlacedFace(found, in: size, of: size) { placed.append([face]) }
        }
        let taking = FaceTaking(
            asset: photo.id, library: there.library, space: space, found: placed, ids: .timeOrdered, jobs: there.world.jobs)
        let now = now
        _ = try await there.world.database.change(there.library) { tx in try taking.run(at: now, tx) }
    }

    /// Groups all faces, as the job does.
    func group(as space: String = Self.space) async throws {
        let (now, library) = (now, there.library)
        try await there.world.database.change(library) { tx in
            let facts = try GroupingStore.facts(in: library, space: space, dimension: Crowd.dimension, tx)
            try GroupingResult(facts, Crowd.rules).keep(in: library, space: space, ids: .timeOrdered, at: now, tx)
        }
    }

    private var now: Instant {
        there.world.clock.advance(by: .microseconds(1))
        return there.world.clock.now
    }

    /// The faces of a picture, in the order of places.
    func faces(_ photo: Int) async throws -> [Face] {
        try await there.faces.list(FaceQuery(asset: photos[photo].id, limit: 200), in: there.library, by: there.ana).items
            .sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }
    }

    func face(_ photo: Int, _ place: Int = 0) async throws -> Face { try await faces(photo)[place] }

    struct Nobody: Error {}

    /// Whose the first face of a picture is; a throw when it is nobody's.
    func owner(_ photo: Int) async throws -> PersonID {
        guard let person = try await face(photo).personID else { throw Nobody() }
        return person
    }

    /// Whom the first faces of pictures show.
    func people(_ photos: some Sequence<Int>) async throws -> [PersonID?] {
        var people: [PersonID?] = []
        for photo in photos { people.append(try await face(photo).personID) }
        return people
    }

    /// The corrections that stand, the newest first.
    func corrections() async throws -> [Correction] {
        try await there.world.library.corrections.list(CorrectionQuery(limit: 200), in: there.library, by: there.ana).items
            .filter { $0.undoneAt == nil }
    }

    func undo(_ correction: Correction) async throws {
        _ = try await there.world.library.corrections.undo("\(correction.id)", by: there.ana)
    }

    /// Everything that the library knows of people and faces. Knots are tied anew by grouping.
    func state() async throws -> [String: Set<[SQLValue]>] {
        let columns: [String: SQL] = [
            "person": "*", "face": "*", "face_detachment": "*", "face_refusal": "*", "person_likeness": "*",
            "person_parting": "*", "person_words": "person_id, words", "face_vector": "face_id, space, vector, strength",
        ]
        return try await there.world.database.read { tx in
            try columns.reduce(into: [:]) { state, table in
                let rows = try tx.rows("SELECT \(table.value) FROM \(SQL(trusted: table.key))") { try $0.values }
                state[table.key] = Set(rows)
            }
        }
    }

    /// What does not agree: faces of nobody who is there, wrong counts, faces given back to whom they were taken from, and found
    /// people without a face.
    func disagreements() async throws -> [String] {
        let checks: [SQL] = [
            """
            SELECT face.id FROM face LEFT JOIN person ON person.id = face.person_id AND person.library_id = face.library_id
            WHERE face.person_id IS NOT NULL AND person.id IS NULL
            """,
            """
            SELECT person.id FROM person WHERE person.asset_count <> (SELECT COUNT(DISTINCT face.asset_id) FROM face
                JOIN asset ON asset.id = face.asset_id WHERE face.person_id = person.id AND asset.trashed_at IS NULL)
            """,
            """
            SELECT face.id FROM face JOIN face_detachment ON face_detachment.face_id = face.id
            WHERE face_detachment.person_id = face.person_id
            """,
            """
            SELECT person.id FROM person
            WHERE person.is_found AND NOT EXISTS (SELECT 1 FROM face WHERE face.person_id = person.id)
            """,
        ]
        return try await there.world.database.read { tx in
            try checks.enumerated().flatMap { place, check in
                try tx.rows(check) { "\(place): \(try $0.value(0, as: UUID.self))" }
            }
        }
    }
}
