import BanksiaCore
import BanksiaSQL

extension People {
    /// Says that two people are not one: they are asked about no more, and grouping never joins them, since whatever faces each
    /// has are now theirs by a user's word. Said once more it changes nothing. Merging the two takes it back.
    ///
    /// - Throws: `PersonProblem.notFound` when one of them is not there or in another library, `.toldApartFromThemselves`.
    public func tellApart(_ id: String, from other: String, by viewer: Viewer) async throws {
        guard let id = PersonID(id) else { throw PersonProblem.notFound() }
        try await database.change(of: { tx in try Self.library(of: id, by: viewer, tx) }, by: viewer) {
            [now = clock.now, journal] library, tx in
            guard let other = PersonID(other), try PersonStore.exists(other, in: library, tx) else {
                throw PersonProblem.notFound(field: "person_id")
            }
            guard other != id else { throw PersonProblem.toldApartFromThemselves }
            guard try !PartingStore.areApart(id, other, tx) else { return }
            try journal.note(
                .tellPeopleApart, of: [id, other], faces: FaceStore.unconfirmed(of: [id, other]), in: library, by: viewer,
                at: now,
                tx)
            try FaceStore.confirm([id, other], tx)
            try PartingStore.part(id, other, at: now, tx)
        }
    }
}

/// SQL of who is known not to be whom.
enum PartingStore {
    static func areApart(_ one: PersonID, _ other: PersonID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            "SELECT 1 FROM person_parting WHERE person_id = \(one) AND other_id = \(other)", as: Int.self) != nil
    }

    static func part(_ one: PersonID, _ other: PersonID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO person_parting (person_id, other_id, created_at)
            VALUES (\(one), \(other), \(now)), (\(other), \(one), \(now))
            """)
    }

    /// After a merge, whoever was told apart from one of the people who go is told apart from the one who is left.
    static func inherit(from people: [PersonID], to person: PersonID, _ tx: borrowing Transaction) throws {
        let others: SQL = """
            FROM person_parting WHERE person_id IN \(SQL.list(people)) AND other_id NOT IN \(SQL.list(people + [person]))
            GROUP BY other_id ON CONFLICT (person_id, other_id) DO NOTHING
            """
        let columns: SQL = "INSERT INTO person_parting (person_id, other_id, created_at)"
        try tx.execute("\(columns) SELECT \(person), other_id, MIN(created_at) \(others)")
        try tx.execute("\(columns) SELECT other_id, \(person), MIN(created_at) \(others)")
    }

    static func deleteAll(in library: LibraryID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            "DELETE FROM person_parting WHERE person_id IN (SELECT id FROM person WHERE library_id = \(library))")
    }
}
