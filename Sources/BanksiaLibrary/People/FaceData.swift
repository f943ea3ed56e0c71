public import BanksiaCore
import BanksiaJobs
import BanksiaSQL

/// What a library knows of faces, and whether it looks for them.
public struct FaceData: Sendable, Equatable {
    public var library: LibraryID
    /// Whether its owner lets faces be looked for in it; their preference must agree.
    public var findsFaces: Bool
    public var faces: Int
    public var people: Int
}

extension Faces {
    /// How many faces at most are deleted in one transaction.
    private static let batch = 1000

    /// What a library knows of faces.
    ///
    /// - Throws: `LibraryProblem.notFound`.
    public func data(of library: String, by viewer: Viewer) async throws -> FaceData {
        let library = try Self.library(library)
        return try await database.read { tx in
            try viewer.require(.viewer, in: library, tx)
            return try FaceDataStore.data(of: library, tx)
        }
    }

    /// Says whether faces are to be looked for in a library. Switched on, what was passed over meanwhile is looked at.
    ///
    /// - Throws: `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    public func find(_ isWanted: Bool, in library: String, by viewer: Viewer) async throws -> FaceData {
        let library = try Self.library(library)
        return try await database.change(library, by: viewer, as: .owner) { [jobs] tx in
            let before = try FaceDataStore.data(of: library, tx)
            if before.findsFaces != isWanted {
                try FaceDataStore.set(isWanted, in: library, tx)
                if isWanted { try FaceBackfillStage.enqueue(library, jobs, tx) }
            }
            return try FaceDataStore.data(of: library, tx)
        }
    }

    /// Deletes for good all that a library knows of faces, drawn ones too, and stops looking for them: vectors, portraits, who they
    /// were, what was said of them, and all people without a name. A name that somebody gave stays until that person is deleted.
    ///
    /// - Throws: `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    public func deleteAll(in library: String, by viewer: Viewer) async throws {
        let library = try Self.library(library)
        var isDone = false
        while !isDone {
            isDone = try await database.change(library, by: viewer, as: .owner) { [now = clock.now, jobs] tx in
                try FaceDataStore.set(false, in: library, tx)
                try FaceDataStore.deleteCorrections(in: library, tx)
                let some = try FaceDataStore.faces(in: library, limit: Self.batch, tx)
                try Pipeline.enqueueCleanup(of: some.compactMap(\.portrait), in: library, jobs, tx)
                try FaceSearchStore.delete(some.map(\.face), tx)
                var told = some.map { Change.faceDeleted($0.face, previous: $0.person) }
                let isLast = some.count < Self.batch
                if isLast { told += try FaceDataStore.deleteRest(in: library, tx).map { .personDeleted($0) } }
                try EventStore.record(told, in: library, at: now, tx)
                return isLast
            }
        }
    }

    private static func library(_ text: String) throws -> LibraryID {
        guard let library = LibraryID(text) else { throw LibraryProblem.notFound }
        return library
    }
}

/// SQL of all face data of a library.
enum FaceDataStore {
    static func data(of library: LibraryID, _ tx: borrowing Transaction) throws -> FaceData {
        let found = try tx.row(
            """
            SELECT library.finds_faces, (SELECT COUNT(*) FROM face WHERE face.library_id = library.id),
                (SELECT COUNT(*) FROM person WHERE person.library_id = library.id)
            FROM library WHERE library.id = \(library)
            """
        ) { FaceData(library: library, findsFaces: try $0.value(0), faces: try $0.value(1), people: try $0.value(2)) }
        guard let found else { throw LibraryProblem.notFound }
        return found
    }

    static func set(_ findsFaces: Bool, in library: LibraryID, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE library SET finds_faces = \(findsFaces) WHERE id = \(library)")
    }

    static func deleteCorrections(in library: LibraryID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM correction WHERE library_id = \(library)")
    }

    /// Some faces, with the portraits that were cut of them.
    static func faces(in library: LibraryID, limit: Int, _ tx: borrowing Transaction) throws -> [(
        face: FaceID, person: PersonID?, portrait: CleanupStage.Payload.Portrait?
    )] {
        try faces(where: "face.library_id = \(library) ORDER BY face.created_at, face.id LIMIT \(limit)", tx)
    }

    /// The portraits that have been cut of some faces.
    static func portraits(of faces: [FaceID], _ tx: borrowing Transaction) throws -> [CleanupStage.Payload.Portrait] {
        guard !faces.isEmpty else { return [] }
        return try Self.faces(where: "face.id IN \(SQL.list(faces))", tx).compactMap(\.portrait)
    }

    private static func faces(where condition: SQL, _ tx: borrowing Transaction) throws -> [(
        face: FaceID, person: PersonID?, portrait: CleanupStage.Payload.Portrait?
    )] {
        try tx.rows(
            """
            SELECT face.id, face.person_id, upload.id FROM face
                LEFT JOIN face_rendition ON face_rendition.face_id = face.id
                LEFT JOIN asset_version AS upload ON face_rendition.face_id IS NOT NULL AND upload.asset_id = face.asset_id
                    AND upload.position = 0
            WHERE \(condition)
            """
        ) { row in
            let face: FaceID = try row.value(0), version: AssetVersionID? = try row.value(2)
            return (face, try row.value(1), version.map { .init(face: face.uuid, version: $0.uuid) })
        }
    }

    /// Deletes what is left when the faces are gone.
    ///
    /// - Returns: the people who had no name.
    static func deleteRest(in library: LibraryID, _ tx: borrowing Transaction) throws -> [PersonID] {
        let assets: SQL = "(SELECT asset.id FROM asset WHERE asset.library_id = \(library))"
        let nameless: [PersonID] = try tx.rows(
            "SELECT id FROM person WHERE library_id = \(library) AND name IS NULL ORDER BY created_at, id"
        ) { try $0.value(0) }
        try PersonStore.delete(nameless, tx)
        try PartingStore.deleteAll(in: library, tx)
        try tx.execute("DELETE FROM face_refusal WHERE asset_id IN \(assets)")
        try tx.execute("DELETE FROM face_knot WHERE library_id = \(library)")
        try tx.execute(
            "DELETE FROM person_likeness WHERE person_id IN (SELECT id FROM person WHERE library_id = \(library))")
        try tx.execute("UPDATE person SET asset_count = 0, thumbnail_face_id = NULL WHERE library_id = \(library)")
        try tx.execute("DELETE FROM derivation WHERE kind = \(Pipeline.faceDetection) AND asset_id IN \(assets)")
        return nameless
    }
}
