import BanksiaCore
import BanksiaMedia
import BanksiaSQL

/// All SQL of looking for faces.
enum FaceSearchStore {
    /// What has to be known before a picture is looked at.
    struct Task: Sendable {
        var upload: AssetVersion
        /// Whether the owner of its library wants faces to be found.
        var isWanted: Bool
    }

    static func task(for asset: AssetID, _ tx: borrowing Transaction) throws -> Task? {
        try tx.row(
            """
            SELECT \(AssetStore.versionColumns), COALESCE(owner.face_detection_preference, FALSE)
            FROM asset JOIN asset_version ON asset_version.asset_id = asset.id AND asset_version.position = 0
                JOIN library ON library.id = asset.library_id JOIN "user" AS owner ON owner.id = library.owner_id
            WHERE asset.id = \(asset)
            """
        ) { Task(upload: try AssetStore.decodeVersion($0), isWanted: try $0.value(AssetStore.versionColumnCount)) }
    }

    /// A face that an asset has already.
    struct Known: Sendable {
        var id: FaceID
        var person: PersonID?
        var source: Face.Source
        var box: FaceBox
        /// Whether a user has said whose it is, or whose it is not.
        var isSpokenOf: Bool
    }

    /// The faces of a picture, in the order of ids.
    static func known(of asset: AssetID, _ tx: borrowing Transaction) throws -> [Known] {
        try tx.rows(
            """
            SELECT face.id, face.person_id, face.source, face.x, face.y, face.width, face.height,
                face.is_assigned_by_user OR EXISTS (SELECT 1 FROM face_detachment WHERE face_detachment.face_id = face.id)
            FROM face WHERE face.asset_id = \(asset) AND face.timestamp_ms IS NULL ORDER BY face.id
            """
        ) {
            let box = FaceBox(x: try $0.value(3), y: try $0.value(4), width: try $0.value(5), height: try $0.value(6))
            return Known(
                id: try $0.value(0), person: try $0.value(1), source: try $0.value(2), box: box, isSpokenOf: try $0.value(7))
        }
    }

    /// Where a user has said that there is no face.
    static func refusals(of asset: AssetID, _ tx: borrowing Transaction) throws -> [FaceBox] {
        try tx.rows("SELECT x, y, width, height FROM face_refusal WHERE asset_id = \(asset)") {
            FaceBox(x: try $0.value(0), y: try $0.value(1), width: try $0.value(2), height: try $0.value(3))
        }
    }

    static func refuse(_ face: Face, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO face_refusal (asset_id, x, y, width, height, created_at)
            VALUES (\(face.assetID), \(face.box.x), \(face.box.y), \(face.box.width), \(face.box.height), \(now))
            ON CONFLICT (asset_id, x, y, width, height) DO NOTHING
            """)
    }

    /// What the detector says of a face that it found again.
    static func update(_ face: FaceID, confidence: Double, quality: Double, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE face SET confidence = \(confidence), quality = \(quality) WHERE id = \(face)")
    }

    /// Keeps the vector of a face, in place of all older ones, not yet tied to any knot.
    static func keep(_ vector: [Float], strength: Double, of face: FaceID, space: String, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM face_vector WHERE face_id = \(face)")
        try tx.execute(
            """
            INSERT INTO face_vector (face_id, space, vector, strength, knot)
            VALUES (\(face), \(space), \(vector), \(strength), NULL)
            """)
    }

    static func delete(_ faces: [FaceID], _ tx: borrowing Transaction) throws {
        guard !faces.isEmpty else { return }
        try tx.execute("DELETE FROM face WHERE id IN \(SQL.list(faces))")
    }
}
