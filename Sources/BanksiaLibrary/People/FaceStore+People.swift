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
        if let previous = face.personID { try detach([face.id], from: previous, at: now, tx) }
        if let person {
            try tx.execute("DELETE FROM face_detachment WHERE face_id = \(face.id) AND person_id = \(person)")
        }
        try PersonStore.recount([face.personID, person].compactMap(\.self), tx)
    }

    /// The condition on a row of `face` that it is one of these people's, and no user has said so yet.
    static func unconfirmed(of people: [PersonID]) -> SQL {
        "face.person_id IN \(SQL.list(people)) AND NOT face.is_assigned_by_user"
    }

    /// Takes a user's word that a face is nobody's whom the library should know: grouping leaves it alone.
    static func disown(_ face: Face, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE face SET person_id = NULL, is_assigned_by_user = TRUE,
                updated_at = CASE WHEN person_id IS NULL THEN updated_at ELSE \(now) END
            WHERE id = \(face.id)
            """)
        guard let previous = face.personID else { return }
        try detach([face.id], from: previous, at: now, tx)
        try PersonStore.recount([previous], tx)
    }

    /// Gives some of a person's faces to another one, by a user's word, who has then looked at the others too.
    static func split(_ faces: [FaceID], from person: PersonID, to other: PersonID, at now: Instant, _ tx: borrowing Transaction)
        throws
    {
        try tx.execute(
            """
            UPDATE face SET person_id = \(other), is_assigned_by_user = TRUE, updated_at = \(now)
            WHERE id IN \(SQL.list(faces))
            """)
        try detach(faces, from: person, at: now, tx)
        try confirm([person], tx)
        try PersonStore.recount([person, other], tx)
    }

    /// Remembers that faces are not a certain person's.
    static func detach(_ faces: [FaceID], from person: PersonID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO face_detachment (face_id, person_id, created_at)
            SELECT face.id, \(person), \(now) FROM face WHERE face.id IN \(SQL.list(faces))
            ON CONFLICT (face_id, person_id) DO NOTHING
            """)
    }

    /// Whether a user has said that a face is not a certain person's.
    static func isDetached(_ face: FaceID, from person: PersonID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            "SELECT 1 FROM face_detachment WHERE face_id = \(face) AND person_id = \(person)", as: Int.self) != nil
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

    /// Whether a user has said that a face is nobody's whom the library should know.
    static func isDisowned(_ face: FaceID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            "SELECT 1 FROM face WHERE id = \(face) AND person_id IS NULL AND is_assigned_by_user", as: Int.self) != nil
    }

    /// Which of these faces are a certain person's.
    static func owned(_ faces: [FaceID], by person: PersonID, _ tx: borrowing Transaction) throws -> [FaceID] {
        try tx.rows(
            "SELECT id FROM face WHERE id IN \(SQL.list(faces)) AND person_id = \(person) ORDER BY created_at, id"
        ) { try $0.value(0) }
    }

    /// How many faces show a person.
    static func count(of person: PersonID, _ tx: borrowing Transaction) throws -> Int {
        try tx.value("SELECT COUNT(*) FROM face WHERE person_id = \(person)") ?? 0
    }

    /// Whether giving a face to somebody would say anything new: that it is theirs, or that all they have are.
    static func isNews(_ face: Face, of person: PersonID?, _ tx: borrowing Transaction) throws -> Bool {
        if person != face.personID { return true }
        // Of nobody's it may be that a user had said to leave it at that.
        guard let person else {
            return try tx.value("SELECT 1 FROM face WHERE id = \(face.id) AND is_assigned_by_user", as: Int.self) != nil
        }
        let isLeft = try tx.value("SELECT 1 FROM face WHERE \(unconfirmed(of: [person])) LIMIT 1", as: Int.self) != nil
        return try isLeft || tx.value("SELECT 1 FROM person WHERE id = \(person) AND is_found", as: Int.self) != nil
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
