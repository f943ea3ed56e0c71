import BanksiaCore
import BanksiaSQL
import BanksiaVision

/// All SQL of grouping faces.
enum GroupingStore {
    /// What there is to group in a library.
    static func facts(in library: LibraryID, space: String, dimension: Int, _ tx: borrowing Transaction) throws -> GroupingFacts {
        var vectors = VectorTable(dimension: dimension)
        let faces: [GroupingFace?] = try tx.rows(
            """
            SELECT face.id, face.asset_id, face.person_id, face.is_assigned_by_user, face_vector.strength, face_vector.knot,
                face_vector.vector
            FROM face JOIN face_vector ON face_vector.face_id = face.id AND face_vector.space = \(space)
            WHERE face.library_id = \(library) ORDER BY face.id
            """
        ) {
            let vector: [Float] = try $0.value(6)
            guard vector.count == dimension else { return nil }
            vectors.append(vector)
            return GroupingFace(
                id: try $0.value(0), asset: try $0.value(1), person: try $0.value(2), isAssignedByUser: try $0.value(3),
                strength: try $0.value(4), knot: try $0.value(5))
        }
        let sizes: [(FaceID, Int)] = try tx.rows(
            "SELECT knot, size FROM face_knot WHERE library_id = \(library) AND space = \(space)"
        ) { (try $0.value(0), try $0.value(1)) }
        return GroupingFacts(
            faces: faces.compactMap { $0 }, vectors: vectors, knotSizes: Dictionary(uniqueKeysWithValues: sizes),
            detachments: try detachments(in: library, tx))
    }

    static func detachments(in library: LibraryID, _ tx: borrowing Transaction) throws -> [FaceID: Set<PersonID>] {
        let rows: [(FaceID, PersonID)] = try tx.rows(
            """
            SELECT face_detachment.face_id, face_detachment.person_id
            FROM face_detachment JOIN person ON person.id = face_detachment.person_id WHERE person.library_id = \(library)
            """
        ) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(grouping: rows, by: \.0).mapValues { Set($0.map(\.1)) }
    }

    /// Whether what users said of some faces, and whose they are, is still so.
    static func isUnchanged(_ facts: GroupingFacts, in library: LibraryID, _ tx: borrowing Transaction) throws -> Bool {
        guard try detachments(in: library, tx) == facts.detachments else { return false }
        let rows: [(id: FaceID, person: PersonID?, isAssignedByUser: Bool)] = try tx.rows(
            "SELECT face.id, face.person_id, face.is_assigned_by_user FROM face WHERE face.library_id = \(library) ORDER BY face.id"
        ) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
        var rest = facts.faces[...]
        // Others came meanwhile, or have no vector.
        for row in rows where row.id == rest.first?.id {
            guard let face = rest.popFirst(), face.person == row.person, face.isAssignedByUser == row.isAssignedByUser else {
                return false
            }
        }
        return rest.isEmpty
    }

    /// Ties faces to their knots anew where that has changed.
    static func keepKnots(
        _ grouping: FaceGrouping, of facts: GroupingFacts, in library: LibraryID, space: String, _ tx: borrowing Transaction
    ) throws {
        for (face, knot) in zip(facts.faces, grouping.knots) where face.knot != knot {
            try tx.execute("UPDATE face_vector SET knot = \(knot) WHERE face_id = \(face.id) AND space = \(space)")
        }
        let sizes = Dictionary(grouping.knots.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +)
        for knot in facts.knotSizes.keys where sizes[knot] == nil {
            try tx.execute("DELETE FROM face_knot WHERE library_id = \(library) AND space = \(space) AND knot = \(knot)")
        }
        for (knot, size) in sizes where facts.knotSizes[knot] != size {
            try tx.execute(
                """
                INSERT INTO face_knot (library_id, space, knot, size) VALUES (\(library), \(space), \(knot), \(size))
                ON CONFLICT (library_id, space, knot) DO UPDATE SET size = excluded.size
                """)
        }
    }

    /// Live libraries with faces that can be grouped; only this one, if one is named.
    static func libraries(_ library: LibraryID?, _ tx: borrowing Transaction) throws -> [LibraryID] {
        let one: SQL = library.map { "library.id = \($0)" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT library.id FROM library WHERE library.trashed_at IS NULL AND \(one) AND EXISTS (
                SELECT 1 FROM face JOIN face_vector ON face_vector.face_id = face.id WHERE face.library_id = library.id)
            ORDER BY library.id
            """
        ) { try $0.value(0) }
    }

    /// Has the next grouping tie all faces anew.
    static func forgetKnots(in library: LibraryID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            "UPDATE face_vector SET knot = NULL WHERE face_id IN (SELECT id FROM face WHERE library_id = \(library))")
        try tx.execute("DELETE FROM face_knot WHERE library_id = \(library)")
    }

    static func hand(_ face: FaceID, to person: PersonID?, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE face SET person_id = \(person), updated_at = \(now) WHERE id = \(face)")
    }

    /// Notes that grouping made somebody.
    static func markFound(_ person: PersonID, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE person SET is_found = TRUE WHERE id = \(person)")
    }

    /// Deletes people whom grouping had found and who have no face any more.
    ///
    /// - Parameter people: only these; `nil` for all of the library.
    /// - Returns: what happened, for the feed.
    static func deleteDeserted(among people: Set<PersonID>? = nil, in library: LibraryID, _ tx: borrowing Transaction) throws
        -> [Change]
    {
        guard people?.isEmpty != true else { return [] }
        let among: SQL = people.map { "person.id IN \(SQL.list(Array($0)))" } ?? "TRUE"
        let deserted: [PersonID] = try tx.rows(
            """
            SELECT person.id FROM person
            WHERE person.library_id = \(library) AND \(among) AND person.is_found AND person.name IS NULL
                AND NOT EXISTS (SELECT 1 FROM face WHERE face.person_id = person.id)
            ORDER BY person.id
            """
        ) { try $0.value(0) }
        guard !deserted.isEmpty else { return [] }
        try PersonStore.delete(deserted, tx)
        return deserted.map { .personDeleted($0) }
    }

    /// Keeps what each person's faces have in common, in place of what was kept before.
    static func keep(_ likenesses: [(PersonID, KeptLikeness)], in library: LibraryID, space: String, _ tx: borrowing Transaction)
        throws
    {
        try tx.execute("DELETE FROM person_likeness WHERE person_id IN (SELECT id FROM person WHERE library_id = \(library))")
        for (person, likeness) in likenesses {
            try tx.execute(
                """
                INSERT INTO person_likeness (person_id, space, vector, faces, pairwise_mean, pairwise_p90)
                VALUES (\(person), \(space), \(likeness.mean), \(likeness.faces), \(likeness.pairwiseMean), \(likeness.pairwiseP90))
                """)
        }
    }
}

/// What a person's faces have in common; distances are 1 less the cosine.
struct KeptLikeness: Sendable, Equatable {
    var mean: [Float]
    var faces: Int
    var pairwiseMean: Double
    var pairwiseP90: Double

    init(of faces: [Int], _ vectors: VectorTable) {
        let likeness = Likeness(of: faces, vectors)
        mean = likeness.mean
        self.faces = faces.count
        // Rounding may leave a cosine a little above 1.
        pairwiseMean = max(0, 1 - likeness.meanCosine)
        pairwiseP90 = max(0, 1 - Likeness.lowestTenth(of: faces, vectors))
    }
}
