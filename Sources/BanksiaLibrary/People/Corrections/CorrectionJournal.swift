import BanksiaCore
import BanksiaSQL
import Foundation

/// Keeps what people and faces are before users correct them.
struct CorrectionJournal: Sendable {
    let ids: IdentifierSource
    /// How long a correction can be undone.
    let retention: Duration

    /// And so many of a library at most.
    private static let most = 1000

    /// Notes a correction that is about to be made: call it before anything changes, in the transaction that holds the library.
    ///
    /// - Parameters:
    ///   - people: everyone who will be changed, made or deleted, and everyone who has one of the faces now.
    ///   - faces: the condition on rows of `face` that will be changed or deleted.
    @discardableResult
    func note(
        _ kind: Correction.Kind, of people: Set<PersonID>, faces: SQL, in library: LibraryID, by viewer: Viewer, at now: Instant,
        _ tx: borrowing Transaction
    ) throws -> CorrectionID {
        let id: CorrectionID = ids.make()
        let last: Int64 = try tx.value("SELECT COALESCE(MAX(number), 0) FROM correction WHERE library_id = \(library)") ?? 0
        try tx.execute(
            """
            INSERT INTO correction (id, library_id, number, user_id, kind, faces, created_at)
            VALUES (\(id), \(library), \(last + 1), \(viewer.user), \(kind),
                (SELECT COUNT(*) FROM face WHERE face.library_id = \(library) AND (\(faces))), \(now))
            """)
        try CorrectionStore.keep(people.sorted(), in: id, at: now, tx)
        try CorrectionStore.keepPartings(of: people.sorted(), in: id, tx)
        try CorrectionStore.keep(facesWhere: "face.library_id = \(library) AND (\(faces))", people, in: id, tx)
        try CorrectionStore.prune(library, before: now.adding(.zero - retention), through: last + 1 - Int64(Self.most), tx)
        return id
    }
}

/// What is kept of a face that is deleted, besides what is kept of every face.
struct DeletedFace: Codable, Sendable {
    var source: String
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var timestampMs: Int?
    var confidence: Double?
    var quality: Double
    /// Microseconds since 1970.
    var createdAt: Int64
    var vectors: [Vector]

    struct Vector: Codable, Sendable {
        var space: String
        var values: [Float]
        var strength: Double
    }

    var box: FaceBox { FaceBox(x: x, y: y, width: width, height: height) }
}
