import BanksiaCore
import BanksiaSQL

extension FaceStore {
    /// Gives a face to a person, or to nobody, by a user's word. That it was not the person before is remembered, so that no
    /// clustering gives it back; what was remembered against the new person is forgotten.
    static func assign(_ face: Face, to person: PersonID?, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE face SET person_id = \(person), is_assigned_by_user = \(person != nil),
                updated_at = CASE WHEN person_id IS NOT DISTINCT FROM \(person) THEN updated_at ELSE \(now) END
            WHERE id = \(face.id)
            """)
        // Whoever adds a face to somebody's says that it is the same person as theirs.
        if let person { try confirm([person], tx) }
        guard person != face.personID else { return }
        if let previous = face.personID {
            try tx.execute(
                """
                INSERT INTO face_detachment (face_id, person_id, created_at) VALUES (\(face.id), \(previous), \(now))
                ON CONFLICT (face_id, person_id) DO NOTHING
                """)
        }
        if let person {
            try tx.execute("DELETE FROM face_detachment WHERE face_id = \(face.id) AND person_id = \(person)")
        }
        try PersonStore.recount([face.personID, person].compactMap(\.self), tx)
    }

    /// Takes a user's word that all of somebody's faces are theirs: nothing but another word takes one away. From now on they are
    /// nobody whom grouping has merely found.
    static func confirm(_ people: [PersonID], _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE face SET is_assigned_by_user = TRUE WHERE person_id IN \(SQL.list(people))")
        try tx.execute("UPDATE person SET is_found = FALSE WHERE id IN \(SQL.list(people))")
    }

    /// Gives all faces of some people to another one, or to nobody.
    ///
    /// - Returns: what happened, for the feed.
    static func hand(facesOf people: [PersonID], to person: PersonID?, at now: Instant, _ tx: borrowing Transaction) throws
        -> [Change]
    {
        let told: [Change] = try tx.rows(
            "SELECT id, person_id FROM face WHERE person_id IN \(SQL.list(people)) ORDER BY created_at, id"
        ) { .faceUpdated(try $0.value(0), person: person, previous: try $0.value(1)) }
        try tx.execute(
            """
            UPDATE face SET person_id = \(person), is_assigned_by_user = \(person != nil), updated_at = \(now)
            WHERE person_id IN \(SQL.list(people))
            """)
        return told
    }

    /// After a merge, what was said against the people who are gone is said against the one who is left, except of the faces
    /// that the merge has given to them.
    static func inheritDetachments(of people: [PersonID], to person: PersonID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO face_detachment (face_id, person_id, created_at)
            SELECT face_id, \(person), MIN(created_at) FROM face_detachment WHERE person_id IN \(SQL.list(people)) GROUP BY face_id
            ON CONFLICT (face_id, person_id) DO NOTHING
            """)
        try tx.execute(
            """
            DELETE FROM face_detachment WHERE person_id = \(person)
                AND face_id IN (SELECT face.id FROM face WHERE face.person_id = \(person))
            """)
    }

    /// Whether a library has this face.
    static func exists(_ id: FaceID, in library: LibraryID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value("SELECT 1 FROM face WHERE id = \(id) AND library_id = \(library)", as: Int.self) != nil
    }

    /// Whether anything shows a person, trashed or not.
    static func exist(of person: PersonID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value("SELECT 1 FROM face WHERE person_id = \(person) LIMIT 1", as: Int.self) != nil
    }
}
