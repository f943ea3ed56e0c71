import BanksiaCore
import BanksiaMedia
import BanksiaSQL

/// All SQL of looking for faces.
enum FaceSearchStore {
    /// What has to be known before a picture is looked at.
    struct Task: Sendable {
        var upload: AssetVersion
        var mediaClass: MediaClass
        /// Whether the owner of its library wants faces to be found, at all and in it.
        var isWanted: Bool
    }

    static func task(for asset: AssetID, _ tx: borrowing Transaction) throws -> Task? {
        try tx.row(
            """
            SELECT \(AssetStore.versionColumns), asset.media_class,
                library.finds_faces AND COALESCE(owner.face_detection_preference, FALSE)
            FROM asset JOIN asset_version ON asset_version.asset_id = asset.id AND asset_version.position = 0
                JOIN library ON library.id = asset.library_id JOIN "user" AS owner ON owner.id = library.owner_id
            WHERE asset.id = \(asset)
            """
        ) {
            let next = AssetStore.versionColumnCount
            return Task(
                upload: try AssetStore.decodeVersion($0), mediaClass: try $0.value(next), isWanted: try $0.value(next + 1))
        }
    }

    /// A face that an asset has already.
    struct Known: Sendable {
        var id: FaceID
        var person: PersonID?
        var source: Face.Source
        var spot: FaceSpot
        /// Whether a user has said whose it is, or whose it is not.
        var isSpokenOf: Bool
    }

    /// The faces of an asset, in the order of ids.
    static func known(of asset: AssetID, _ tx: borrowing Transaction) throws -> [Known] {
        try tx.rows(
            """
            SELECT face.id, face.person_id, face.source, \(FaceSpot.columns),
                face.is_assigned_by_user OR EXISTS (SELECT 1 FROM face_detachment WHERE face_detachment.face_id = face.id)
            FROM face WHERE face.asset_id = \(asset) ORDER BY face.id
            """
        ) {
            Known(
                id: try $0.value(0), person: try $0.value(1), source: try $0.value(2), spot: try FaceSpot($0, at: 3),
                isSpokenOf: try $0.value(8))
        }
    }

    /// Where a user has said that there is no face.
    static func refusals(of asset: AssetID, _ tx: borrowing Transaction) throws -> [FaceSpot] {
        try tx.rows(
            "SELECT x, y, width, height, NULLIF(timestamp_ms, -1) FROM face_refusal WHERE asset_id = \(asset)"
        ) { try FaceSpot($0, at: 0) }
    }

    static func refuse(_ face: Face, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO face_refusal (asset_id, x, y, width, height, timestamp_ms, created_at)
            VALUES (\(face.assetID), \(face.box.x), \(face.box.y), \(face.box.width), \(face.box.height),
                \(face.timestampMs ?? -1), \(now))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Takes back that there is none.
    static func readmit(_ spot: FaceSpot, in asset: AssetID, _ tx: borrowing Transaction) throws {
        let box = spot.box
        try tx.execute(
            """
            DELETE FROM face_refusal
            WHERE asset_id = \(asset) AND timestamp_ms = \(spot.timestampMs ?? -1) AND x = \(box.x) AND y = \(box.y)
                AND width = \(box.width) AND height = \(box.height)
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
