import BanksiaCore
import BanksiaMedia
import BanksiaSQL

/// SQL of the chain of versions. What reads a single version for its bytes stands in `AssetStore+Writing.swift`.
enum VersionStore {
    /// A version, and the digest of the upload that made it; the original has none.
    struct Link: Sendable {
        var version: AssetVersion
        var uploadDigest: [UInt8]?
    }

    /// All versions of an asset, the upload first.
    static func chain(of asset: AssetID, _ tx: borrowing Transaction) throws -> [Link] {
        try tx.rows(
            """
            SELECT \(AssetStore.versionColumns), asset_version.upload_digest FROM asset_version
            WHERE asset_version.asset_id = \(asset) ORDER BY asset_version.position
            """
        ) { row in
            Link(version: try AssetStore.decodeVersion(row), uploadDigest: try row.value(AssetStore.versionColumnCount))
        }
    }

    /// The upload itself.
    static func upload(of asset: AssetID, _ tx: borrowing Transaction) throws -> AssetVersion? {
        try tx.row(
            "SELECT \(AssetStore.versionColumns) FROM asset_version WHERE asset_version.asset_id = \(asset) AND position = 0",
            AssetStore.decodeVersion)
    }

    static func insert(_ version: AssetVersion, uploadDigest: [UInt8], _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO asset_version (id, asset_id, position, kind, checksum, mime_type, size_bytes, width, height, params,
                created_at, upload_digest)
            VALUES (\(version.id), \(version.assetID), \(version.position), \(version.kind), \(version.checksum),
                \(version.mimeType), \(version.sizeBytes), \(version.size?.width), \(version.size?.height), \(version.params),
                \(version.createdAt), \(uploadDigest))
            """)
    }

    static func delete(_ versions: [AssetVersionID], _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM asset_version WHERE id IN \(SQL.list(versions))")
    }

    /// Makes a version the current one.
    static func show(_ version: AssetVersion, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE asset SET current_version_id = \(version.id), kind = \(version.kind), mime_type = \(version.mimeType),
                file_size_bytes = \(version.sizeBytes), width = \(version.size?.width), height = \(version.size?.height),
                thumbhash = NULL, updated_at = \(now)
            WHERE id = \(version.assetID)
            """)
    }
}
