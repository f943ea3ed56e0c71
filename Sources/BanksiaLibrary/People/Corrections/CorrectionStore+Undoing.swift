import BanksiaCore
import BanksiaSQL
import Foundation

extension CorrectionStore {
    /// Somebody as they were before a correction.
    struct KeptPerson {
        var person: Person
        /// Else the correction made them.
        var wasThere: Bool
        var isFound: Bool
    }

    /// A face as it was before a correction.
    struct KeptFace {
        var id: FaceID
        var asset: AssetID
        var person: PersonID?
        var isAssignedByUser: Bool
        var updatedAt: Instant
        /// The rest of one that the correction deleted.
        var deleted: DeletedFace?
        /// Whether it is in the library now, and whose it is.
        var isThere: Bool
        var present: PersonID?
    }

    /// The last correction that stands and was about some of the same people or faces.
    static func later(than correction: Correction, _ tx: borrowing Transaction) throws -> CorrectionID? {
        try tx.value(
            """
            SELECT later.id FROM correction AS later
                JOIN correction AS this ON this.id = \(correction.id) AND later.library_id = this.library_id
                    AND later.number > this.number
            WHERE later.undone_at IS NULL AND (
                EXISTS (SELECT 1 FROM correction_person AS theirs
                    JOIN correction_person AS ours ON ours.correction_id = this.id AND ours.person_id = theirs.person_id
                    WHERE theirs.correction_id = later.id)
                OR EXISTS (SELECT 1 FROM correction_face AS theirs
                    JOIN correction_face AS ours ON ours.correction_id = this.id AND ours.face_id = theirs.face_id
                    WHERE theirs.correction_id = later.id))
            ORDER BY later.number DESC LIMIT 1
            """)
    }

    static func people(of correction: Correction, _ tx: borrowing Transaction) throws -> [KeptPerson] {
        try tx.rows(
            """
            SELECT person_id, name, birth_date, is_favorite, is_hidden, thumbnail_face_id, created_at, updated_at, was_there,
                is_found
            FROM correction_person WHERE correction_id = \(correction.id) ORDER BY created_at, person_id
            """
        ) {
            let name: String? = try $0.value(1), birthDate: String? = try $0.value(2)
            let person = Person(
                id: try $0.value(0), libraryID: correction.libraryID, name: try name.map { try Name($0) },
                birthDate: birthDate.flatMap { BirthDate($0) }, isFavorite: try $0.value(3), isHidden: try $0.value(4),
                chosenFaceID: try $0.value(5), thumbnailFaceID: nil, assetCount: 0, createdAt: try $0.value(6),
                updatedAt: try $0.value(7))
            return KeptPerson(person: person, wasThere: try $0.value(8), isFound: try $0.value(9))
        }
    }

    /// The faces that are in the library still, or were deleted by the correction.
    static func faces(of correction: Correction, _ tx: borrowing Transaction) throws -> [KeptFace] {
        try tx.rows(
            """
            SELECT kept.face_id, kept.asset_id, kept.person_id, kept.is_assigned_by_user, kept.updated_at, kept.deleted,
                face.id IS NOT NULL, face.person_id
            FROM correction_face AS kept LEFT JOIN face ON face.id = kept.face_id
                JOIN asset ON asset.id = kept.asset_id
            WHERE kept.correction_id = \(correction.id) AND asset.library_id = \(correction.libraryID)
                AND (face.id IS NOT NULL OR kept.deleted IS NOT NULL)
            ORDER BY face.created_at, kept.face_id
            """
        ) { row in
            let deleted: String? = try row.value(5)
            return KeptFace(
                id: try row.value(0), asset: try row.value(1), person: try row.value(2), isAssignedByUser: try row.value(3),
                updatedAt: try row.value(4),
                deleted: try deleted.map { try JSONDecoder().decode(DeletedFace.self, from: Data($0.utf8)) },
                isThere: try row.value(6), present: try row.value(7))
        }
    }

    /// Whether a user has given somebody a face that a correction was not about.
    static func isInUse(_ person: PersonID, besides correction: CorrectionID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            """
            SELECT 1 FROM face WHERE face.person_id = \(person) AND face.is_assigned_by_user
                AND face.id NOT IN (SELECT face_id FROM correction_face WHERE correction_id = \(correction)) LIMIT 1
            """, as: Int.self) != nil
    }

    static func mark(_ person: PersonID, isFound: Bool, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE person SET is_found = \(isFound) WHERE id = \(person)")
    }

    /// Puts a deleted face back, whosever it is, and takes back that there is none.
    static func reinsert(_ face: KeptFace, _ rest: DeletedFace, in library: LibraryID, _ tx: borrowing Transaction) throws {
        let whole = Face(
            id: face.id, libraryID: library, assetID: face.asset, personID: nil,
            source: Face.Source(rawValue: rest.source) ?? .automatic, box: rest.box, timestampMs: rest.timestampMs,
            confidence: rest.confidence, createdAt: Instant(microseconds: rest.createdAt), updatedAt: face.updatedAt)
        try FaceStore.insert(whole, quality: rest.quality, tx)
        for vector in rest.vectors {
            try FaceSearchStore.keep(vector.values, strength: vector.strength, of: face.id, space: vector.space, tx)
        }
        try FaceSearchStore.readmit(FaceSpot(box: rest.box, timestampMs: rest.timestampMs), in: face.asset, tx)
    }

    static func restore(_ face: KeptFace, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE face SET person_id = \(face.person), is_assigned_by_user = \(face.isAssignedByUser),
                updated_at = \(face.updatedAt)
            WHERE id = \(face.id)
            """)
    }

    /// Faces that have moved to another library since are left as they are.
    static func restoreDetachments(of correction: Correction, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            DELETE FROM face_detachment
            WHERE face_id IN (
                    SELECT face.id FROM correction_face JOIN face ON face.id = correction_face.face_id
                    WHERE correction_face.correction_id = \(correction.id) AND face.library_id = \(correction.libraryID))
                OR person_id IN (SELECT person_id FROM correction_person WHERE correction_id = \(correction.id))
            """)
        try tx.execute(
            """
            INSERT INTO face_detachment (face_id, person_id, created_at)
            SELECT kept.face_id, kept.person_id, kept.created_at FROM correction_detachment AS kept
                JOIN face ON face.id = kept.face_id JOIN person ON person.id = kept.person_id
            WHERE kept.correction_id = \(correction.id) AND face.library_id = \(correction.libraryID)
            """)
    }

    static func restorePartings(of correction: Correction, _ tx: borrowing Transaction) throws {
        let people: SQL = "(SELECT person_id FROM correction_person WHERE correction_id = \(correction.id))"
        try tx.execute("DELETE FROM person_parting WHERE person_id IN \(people) OR other_id IN \(people)")
        for (one, other) in [("person_id", "other_id"), ("other_id", "person_id")] {
            try tx.execute(
                """
                INSERT INTO person_parting (\(SQL(trusted: one)), \(SQL(trusted: other)), created_at)
                SELECT kept.person_id, kept.other_id, kept.created_at FROM correction_parting AS kept
                    JOIN person AS one ON one.id = kept.person_id JOIN person AS other ON other.id = kept.other_id
                WHERE kept.correction_id = \(correction.id)
                ON CONFLICT (person_id, other_id) DO NOTHING
                """)
        }
    }

    static func restoreLikenesses(of correction: Correction, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            DELETE FROM person_likeness
            WHERE person_id IN (SELECT person_id FROM correction_person WHERE correction_id = \(correction.id))
            """)
        try tx.execute(
            """
            INSERT INTO person_likeness (person_id, space, vector, faces, pairwise_mean, pairwise_p90)
            SELECT kept.person_id, kept.space, kept.vector, kept.faces, kept.pairwise_mean, kept.pairwise_p90
            FROM correction_likeness AS kept JOIN person ON person.id = kept.person_id
            WHERE kept.correction_id = \(correction.id)
            """)
    }

    /// What it was about stays known; vectors of faces do not.
    static func markUndone(_ correction: CorrectionID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE correction SET undone_at = \(now) WHERE id = \(correction)")
        try tx.execute("UPDATE correction_face SET deleted = NULL WHERE correction_id = \(correction)")
        try tx.execute("DELETE FROM correction_likeness WHERE correction_id = \(correction)")
    }
}
