import BanksiaCore
import BanksiaMedia
import BanksiaSQL

/// All SQL of faces. What happens to the faces of assets that go is in `FaceStore+Assets.swift`.
enum FaceStore {
    static let columns: SQL = """
        face.id, face.library_id, face.asset_id, face.person_id, face.source, face.x, face.y, face.width, face.height,
        face.timestamp_ms, face.confidence, face.created_at, face.updated_at
        """

    static func decode(_ row: Row) throws -> Face {
        let box = FaceBox(x: try row.value(5), y: try row.value(6), width: try row.value(7), height: try row.value(8))
        return Face(
            id: try row.value(0), libraryID: try row.value(1), assetID: try row.value(2), personID: try row.value(3),
            source: try row.value(4), box: box, timestampMs: try row.value(9), confidence: try row.value(10),
            createdAt: try row.value(11), updatedAt: try row.value(12))
    }

    // MARK: Reading

    static func face(_ id: FaceID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Face? {
        try tx.row("SELECT \(columns) FROM face WHERE face.id = \(id) AND \(viewer.seesFace)", decode)
    }

    /// Faces by id, in no particular order; those that are not there are left out.
    static func faces(_ ids: [FaceID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [Face] {
        try tx.rows("SELECT \(columns) FROM face WHERE face.id IN \(SQL.list(ids)) AND \(viewer.seesFace)", decode)
    }

    /// The faces of each of these assets, earliest found first.
    static func faces(of assets: [AssetID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [AssetID: [Face]] {
        let faces = try tx.rows(
            """
            SELECT \(columns) FROM face WHERE face.asset_id IN \(SQL.list(assets)) AND \(viewer.seesFace)
            ORDER BY face.created_at, face.id
            """, decode)
        return Dictionary(grouping: faces, by: \.assetID)
    }

    /// What faces of an asset are drawn on.
    struct Canvas {
        /// Display pixels of the upload; `nil` while unknown.
        var size: PixelSize?
        /// Whether the asset shows itself as it was uploaded.
        var showsUpload: Bool
    }

    static func canvas(of asset: AssetID, in library: LibraryID, _ tx: borrowing Transaction) throws -> Canvas? {
        try tx.row(
            """
            SELECT upload.width, upload.height, asset.current_version_id = upload.id
            FROM asset JOIN asset_version AS upload ON upload.asset_id = asset.id AND upload.position = 0
            WHERE asset.id = \(asset) AND asset.library_id = \(library)
            """
        ) { row in
            let width: Int? = try row.value(0), height: Int? = try row.value(1)
            let size = width.flatMap { width in height.map { PixelSize(width: width, height: $0) } }
            return Canvas(size: size, showsUpload: try row.value(2))
        }
    }

    // MARK: Writing

    /// - Parameter quality: how good a portrait it is, 0 to 1.
    static func insert(_ face: Face, quality: Double, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO face (id, library_id, asset_id, person_id, is_assigned_by_user, source, x, y, width, height, timestamp_ms,
                confidence, quality, created_at, updated_at)
            VALUES (\(face.id), \(face.libraryID), \(face.assetID), \(face.personID),
                \(face.source == .manual && face.personID != nil), \(face.source), \(face.box.x), \(face.box.y), \(face.box.width),
                \(face.box.height), \(face.timestampMs), \(face.confidence), \(quality), \(face.createdAt), \(face.updatedAt))
            """)
    }

    static func delete(_ face: FaceID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM face WHERE id = \(face)")
    }
}
