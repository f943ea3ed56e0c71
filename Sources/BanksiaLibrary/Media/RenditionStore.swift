import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL

/// A rendition that has been made.
struct Rendition: Sendable {
    var version: AssetVersionID
    var variant: Variant
    var mimeType: String
    var sizeBytes: Int64
    var width: Int
    var height: Int
    var checksum: ContentDigest
    var createdAt: Instant
    /// How the picture came out; known of a preview that has just been made.
    var measures: PictureMeasures?
}

/// All SQL of renditions.
enum RenditionStore {
    static func rendition(_ variant: Variant, of version: AssetVersionID, _ tx: borrowing Transaction) throws -> Rendition? {
        try tx.row(
            """
            SELECT mime_type, size_bytes, width, height, checksum, created_at FROM asset_rendition
            WHERE version_id = \(version) AND variant = \(variant.rawValue) AND recipe = \(Variant.recipeVersion)
            """
        ) {
            Rendition(
                version: version, variant: variant, mimeType: try $0.value(0), sizeBytes: try $0.value(1), width: try $0.value(2),
                height: try $0.value(3), checksum: try $0.value(4), createdAt: try $0.value(5))
        }
    }

    /// Keeps what was made, in place of what an older recipe made. Does nothing when the version is gone.
    static func keep(_ rendition: Rendition, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO asset_rendition (version_id, variant, recipe, mime_type, size_bytes, width, height, checksum, created_at)
            SELECT asset_version.id, \(rendition.variant.rawValue), \(Variant.recipeVersion), \(rendition.mimeType), \(rendition.sizeBytes),
                \(rendition.width), \(rendition.height), \(rendition.checksum), \(rendition.createdAt)
            FROM asset_version WHERE asset_version.id = \(rendition.version)
            ON CONFLICT (version_id, variant) DO UPDATE SET recipe = excluded.recipe, mime_type = excluded.mime_type,
                size_bytes = excluded.size_bytes, width = excluded.width, height = excluded.height, checksum = excluded.checksum,
                created_at = excluded.created_at
            """)
    }
}
