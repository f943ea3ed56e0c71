import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of keeping corrections. Undoing them is in `CorrectionStore+Undoing.swift`.
enum CorrectionStore {
    // MARK: Reading

    private static let columns: SQL = """
        correction.id, correction.library_id, correction.kind, correction.user_id, correction.faces, correction.created_at,
        correction.undone_at
        """

    private static func decode(_ row: Row) throws -> Correction {
        Correction(
            id: try row.value(0), libraryID: try row.value(1), kind: try row.value(2), userID: try row.value(3), people: [],
            faceCount: try row.value(4), createdAt: try row.value(5), undoneAt: try row.value(6))
    }

    static func correction(_ id: CorrectionID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Correction? {
        let found = try tx.row(
            "SELECT \(columns) FROM correction WHERE correction.id = \(id) AND \(viewer.sees(libraryIn: "correction.library_id"))",
            decode)
        return try withPeople([found].compactMap(\.self), tx).first
    }

    /// The number of a correction in its library.
    static func number(of id: CorrectionID, in library: LibraryID, _ tx: borrowing Transaction) throws -> Int64? {
        try tx.value("SELECT number FROM correction WHERE id = \(id) AND library_id = \(library)")
    }

    /// One page and one correction more.
    static func list(
        _ query: CorrectionQuery, in library: LibraryID, before number: Int64?, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [Correction] {
        guard !query.matchesNothing else { return [] }
        let start: SQL = number.map { "correction.number < \($0)" } ?? "TRUE"
        let person: SQL =
            query.person.map {
                "correction.id IN (SELECT correction_id FROM correction_person WHERE person_id = \($0))"
            } ?? "TRUE"
        let found = try tx.rows(
            """
            SELECT \(columns) FROM correction
            WHERE correction.library_id = \(library) AND \(viewer.sees(libraryIn: "correction.library_id")) AND \(person)
                AND \(start)
            ORDER BY correction.number DESC LIMIT \(query.limit + 1)
            """, decode)
        return try withPeople(found, tx)
    }

    private static func withPeople(_ corrections: [Correction], _ tx: borrowing Transaction) throws -> [Correction] {
        guard !corrections.isEmpty else { return [] }
        let rows: [(correction: CorrectionID, person: PersonID)] = try tx.rows(
            """
            SELECT correction_id, person_id FROM correction_person WHERE correction_id IN \(SQL.list(corrections.map(\.id)))
            ORDER BY correction_id, person_id
            """
        ) { (try $0.value(0), try $0.value(1)) }
        let people = Dictionary(grouping: rows, by: \.correction)
        return corrections.map { correction in
            var correction = correction
            correction.people = people[correction.id]?.map(\.person) ?? []
            return correction
        }
    }

    // MARK: Writing

    /// Keeps what some people are; those who are not there are noted as made by the correction.
    static func keep(_ people: [PersonID], in correction: CorrectionID, at now: Instant, _ tx: borrowing Transaction) throws {
        guard !people.isEmpty else { return }
        try tx.execute(
            """
            INSERT INTO correction_person (correction_id, person_id, was_there, name, birth_date, is_favorite, is_hidden,
                thumbnail_face_id, is_found, created_at, updated_at)
            SELECT \(correction), id, TRUE, name, birth_date, is_favorite, is_hidden, thumbnail_face_id, is_found, created_at,
                updated_at
            FROM person WHERE id IN \(SQL.list(people))
            """)
        for person in people {
            try tx.execute(
                """
                INSERT INTO correction_person (correction_id, person_id, was_there, is_favorite, is_hidden, is_found, created_at,
                    updated_at)
                VALUES (\(correction), \(person), FALSE, FALSE, FALSE, FALSE, \(now), \(now))
                ON CONFLICT (correction_id, person_id) DO NOTHING
                """)
        }
        try tx.execute(
            """
            INSERT INTO correction_likeness (correction_id, person_id, space, vector, faces, pairwise_mean, pairwise_p90)
            SELECT \(correction), person_id, space, vector, faces, pairwise_mean, pairwise_p90
            FROM person_likeness WHERE person_id IN \(SQL.list(people))
            """)
    }

    /// Keeps from whom some people were told apart.
    static func keepPartings(of people: [PersonID], in correction: CorrectionID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO correction_parting (correction_id, person_id, other_id, created_at)
            SELECT \(correction), person_id, other_id, created_at FROM person_parting WHERE person_id IN \(SQL.list(people))
            """)
    }

    /// Keeps whose some faces are, and what was said against anybody in connection with them or with some people.
    static func keep(
        facesWhere condition: SQL, _ people: Set<PersonID>, in correction: CorrectionID, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO correction_face (correction_id, face_id, asset_id, person_id, is_assigned_by_user, updated_at)
            SELECT \(correction), face.id, face.asset_id, face.person_id, face.is_assigned_by_user, face.updated_at
            FROM face WHERE \(condition)
            """)
        try tx.execute(
            """
            INSERT INTO correction_detachment (correction_id, face_id, person_id, created_at)
            SELECT \(correction), face_id, person_id, created_at FROM face_detachment
            WHERE person_id IN \(SQL.list(people))
                OR face_id IN (SELECT face_id FROM correction_face WHERE correction_id = \(correction))
            """)
    }

    /// Keeps the rest of a face that is about to be deleted.
    static func keepDeleted(_ face: Face, in correction: CorrectionID, _ tx: borrowing Transaction) throws {
        let quality: Double = try tx.value("SELECT quality FROM face WHERE id = \(face.id)") ?? 0
        let vectors: [DeletedFace.Vector] = try tx.rows(
            "SELECT space, vector, strength FROM face_vector WHERE face_id = \(face.id) ORDER BY space"
        ) { DeletedFace.Vector(space: try $0.value(0), values: try $0.value(1), strength: try $0.value(2)) }
        let rest = DeletedFace(
            source: face.source.rawValue, x: face.box.x, y: face.box.y, width: face.box.width, height: face.box.height,
            timestampMs: face.timestampMs, confidence: face.confidence, quality: quality,
            createdAt: face.createdAt.microseconds, vectors: vectors)
        let json = String(decoding: try JSONEncoder().encode(rest), as: UTF8.self)
        try tx.execute(
            "UPDATE correction_face SET deleted = \(json) WHERE correction_id = \(correction) AND face_id = \(face.id)")
    }

    /// Forgets a correction that changed nothing.
    static func forget(_ correction: CorrectionID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM correction WHERE id = \(correction)")
    }

    /// Forgets a library's corrections from before an instant, and those up to a number.
    static func prune(_ library: LibraryID, before instant: Instant, through number: Int64, _ tx: borrowing Transaction) throws {
        try tx.execute(
            "DELETE FROM correction WHERE library_id = \(library) AND (created_at < \(instant) OR number <= \(number))")
    }

    /// Forgets all corrections from before an instant.
    static func prune(before instant: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM correction WHERE created_at < \(instant)")
    }
}
