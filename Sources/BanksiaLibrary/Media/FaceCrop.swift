import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL

/// The portrait of a face: a square cut out of the upload. Its file lies with the renditions of that version and goes with them.
struct FaceCrop: Sendable {
    var face: FaceID
    /// The version at position 0: boxes are in its pixels, whatever was edited since.
    var version: AssetVersion
    var spot: FaceSpot
    /// What was made by the recipe of today; `nil` before.
    var made: Made?

    struct Made: Sendable {
        var mimeType: String
        var sizeBytes: Int64
        var checksum: ContentDigest
        var createdAt: Instant
    }

    /// Counts up whenever `recipe` or `area` change, so that crops of an older one are remade.
    static let recipeVersion = 1

    static let recipe = RenditionRecipe(
        name: "face", longestEdge: Variant.thumbnail.longestEdge, format: .webp(quality: 80, effort: 2))

    /// Hair and chin belong to a portrait, so the square is this much larger than the face.
    private static let margin = 1.6

    /// Where the portrait lies, perhaps partly outside the picture.
    var area: PictureArea {
        let box = spot.box
        let edge = Int((Double(max(box.width, box.height)) * Self.margin).rounded())
        return PictureArea(
            x: box.x + box.width / 2 - edge / 2, y: box.y + box.height / 2 - edge / 2, width: edge, height: edge)
    }

    var key: RenditionKey { Self.key(of: face, in: version.id) }

    static func key(of face: FaceID, in version: AssetVersionID) -> RenditionKey {
        RenditionKey(version: version.uuid, name: "\(prefix)\(ShortUUID.encode(face.uuid))-\(recipeVersion)")
    }

    private static let prefix = "face-"

    /// The face whose portrait a file's name speaks of; `nil` for other renditions.
    static func face(fileName: String) -> FaceID? {
        guard fileName.hasPrefix(prefix) else { return nil }
        return FaceID(Face.idPrefix + fileName.dropFirst(prefix.count).prefix { $0 != "-" })
    }
}

/// All SQL of portraits.
enum FaceCropStore {
    /// What a face is cut out of, and whether it was.
    static func crop(of face: FaceID, for permission: Renditions.Permission, _ tx: borrowing Transaction) throws -> FaceCrop? {
        try tx.row(
            """
            SELECT \(AssetStore.versionColumns), \(FaceSpot.columns), face_rendition.mime_type,
                face_rendition.size_bytes, face_rendition.checksum, face_rendition.created_at
            FROM face JOIN asset ON asset.id = face.asset_id
                JOIN asset_version ON asset_version.asset_id = asset.id AND asset_version.position = 0
                LEFT JOIN face_rendition ON face_rendition.face_id = face.id AND face_rendition.recipe = \(FaceCrop.recipeVersion)
            WHERE face.id = \(face) AND \(permission.seesAsset)
            """
        ) {
            let first = AssetStore.versionColumnCount
            var made: FaceCrop.Made?
            if let mimeType: String = try $0.value(first + 5) {
                made = FaceCrop.Made(
                    mimeType: mimeType, sizeBytes: try $0.value(first + 6), checksum: try $0.value(first + 7),
                    createdAt: try $0.value(first + 8))
            }
            return FaceCrop(face: face, version: try AssetStore.decodeVersion($0), spot: try FaceSpot($0, at: first), made: made)
        }
    }

    /// Keeps what was made.
    ///
    /// - Returns: whether the face is there; else nothing is kept.
    static func keep(_ made: FaceCrop.Made, of face: FaceID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            """
            INSERT INTO face_rendition (face_id, recipe, mime_type, size_bytes, checksum, created_at)
            SELECT face.id, \(FaceCrop.recipeVersion), \(made.mimeType), \(made.sizeBytes), \(made.checksum), \(made.createdAt)
            FROM face WHERE face.id = \(face)
            ON CONFLICT (face_id) DO UPDATE SET recipe = excluded.recipe, mime_type = excluded.mime_type,
                size_bytes = excluded.size_bytes, checksum = excluded.checksum, created_at = excluded.created_at
            RETURNING face_id
            """, as: FaceID.self) != nil
    }
}
