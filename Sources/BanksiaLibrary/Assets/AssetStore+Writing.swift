import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL

extension AssetStore {
    /// Inserts an asset with its original as version 0 and what its file says.
    static func insert(_ asset: Asset, _ file: Asset.FileProvenance, _ metadata: AssetMetadata, _ tx: borrowing Transaction)
        throws
    {
        try tx.execute(
            """
            INSERT INTO asset (id, library_id, created_at, updated_at, local_wall, local_offset, original_file_name, media_class, checksum,
                checksum_sha1, device_asset_id, device_id, file_created_at, file_modified_at, uploaded_bytes, current_version_id, kind,
                mime_type, file_size_bytes, width, height, duration, stars)
            VALUES (\(asset.id), \(asset.libraryID), \(asset.createdAt), \(asset.updatedAt), \(asset.localDateTime.wallMicroseconds),
                \(asset.localDateTime.offsetSeconds), \(asset.originalFileName), \(asset.mediaClass), \(file.checksum), \(file.sha1),
                \(file.deviceAssetID), \(file.deviceID), \(file.createdAt), \(file.modifiedAt), \(file.sizeBytes),
                \(asset.currentVersionID), \(asset.kind), \(asset.mimeType), \(asset.fileSizeBytes), \(asset.size?.width),
                \(asset.size?.height), \(asset.duration), \(metadata.stars))
            """)
        try tx.execute(
            """
            INSERT INTO asset_version (id, asset_id, position, kind, checksum, mime_type, size_bytes, width, height, created_at)
            VALUES (\(asset.currentVersionID), \(asset.id), 0, \(asset.kind), \(file.checksum), \(asset.mimeType), \(file.sizeBytes),
                \(asset.size?.width), \(asset.size?.height), \(asset.createdAt))
            """)
        try insert(metadata, of: asset.id, tx)
        try SearchWordsStore.keep(of: [asset.id], tx)
        try LibraryStore.count(assets: 1, bytes: file.sizeBytes, in: asset.libraryID, tx)
    }

    /// Writes what counts of a file that was read anew.
    static func replace(_ asset: Asset, _ metadata: AssetMetadata, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM asset_metadata WHERE asset_id = \(asset.id)")
        try insert(metadata, of: asset.id, tx)
        try tx.execute(
            """
            UPDATE asset SET updated_at = \(asset.updatedAt), local_wall = \(asset.localDateTime.wallMicroseconds),
                local_offset = \(asset.localDateTime.offsetSeconds), width = \(asset.size?.width), height = \(asset.size?.height),
                duration = \(asset.duration), stars = \(metadata.stars)
            WHERE id = \(asset.id)
            """)
        try tx.execute(
            """
            UPDATE asset_version SET width = \(asset.size?.width), height = \(asset.size?.height)
            WHERE id = \(asset.currentVersionID)
            """)
    }

    private static func insert(_ metadata: AssetMetadata, of asset: AssetID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO asset_metadata (asset_id, created_at, updated_at, make, model, lens_model, exposure_time, f_number, iso,
                focal_length, exposure_bias, original_wall, original_offset, digitized_wall, digitized_offset, modified_wall,
                modified_offset, latitude, longitude, altitude, rating, description, orientation, profile_description, projection_type,
                live_photo_cid, auto_stack_id, fps, place_name, sublocation, city, state, country, country_code, timezone, raw_width,
                raw_height)
            VALUES (\(asset), \(metadata.createdAt), \(metadata.updatedAt), \(metadata.make), \(metadata.model), \(metadata.lensModel),
                \(metadata.exposureTime), \(metadata.fNumber), \(metadata.iso), \(metadata.focalLength), \(metadata.exposureBias),
                \(metadata.originalDateTime?.wallMicroseconds), \(metadata.originalDateTime?.offsetSeconds),
                \(metadata.digitizedDateTime?.wallMicroseconds), \(metadata.digitizedDateTime?.offsetSeconds),
                \(metadata.modifiedDateTime?.wallMicroseconds), \(metadata.modifiedDateTime?.offsetSeconds), \(metadata.latitude),
                \(metadata.longitude), \(metadata.altitude), \(metadata.rating), \(metadata.description), \(metadata.orientation),
                \(metadata.profileDescription), \(metadata.projectionType), \(metadata.livePhotoContentID), \(metadata.autoStackID),
                \(metadata.fps), \(metadata.placeName), \(metadata.sublocation), \(metadata.city), \(metadata.state),
                \(metadata.country), \(metadata.countryCode), \(metadata.timezone), \(metadata.rawSize?.width),
                \(metadata.rawSize?.height))
            """)
    }

    /// Notes that what is shown of assets has changed.
    static func touch(_ assets: [AssetID], at now: Instant, _ tx: borrowing Transaction) throws {
        guard !assets.isEmpty else { return }
        try tx.execute("UPDATE asset SET updated_at = \(now) WHERE id IN \(SQL.list(assets))")
    }

    /// - Returns: the asset's library; `nil` when nothing changed, because the value is the same or the version another one.
    static func set(thumbHash: [UInt8], of asset: AssetID, version: AssetVersionID, at now: Instant, _ tx: borrowing Transaction)
        throws -> LibraryID?
    {
        try tx.value(
            """
            UPDATE asset SET thumbhash = \(thumbHash), updated_at = \(now)
            WHERE id = \(asset) AND current_version_id = \(version) AND thumbhash IS DISTINCT FROM \(thumbHash) RETURNING library_id
            """)
    }

    /// - Returns: the asset's library; `nil` when nothing changed, because the value is the same or the version another one.
    static func set(
        qualityScore: Double, of asset: AssetID, version: AssetVersionID, at now: Instant, _ tx: borrowing Transaction
    )
        throws -> LibraryID?
    {
        try tx.value(
            """
            UPDATE asset SET quality_score = \(qualityScore), updated_at = \(now)
            WHERE id = \(asset) AND current_version_id = \(version) AND quality_score IS DISTINCT FROM \(qualityScore)
            RETURNING library_id
            """)
    }

    /// - Returns: the asset's library; `nil` when nothing changed, because the value is the same or the version another one.
    static func set(
        description: String, of asset: AssetID, version: AssetVersionID, at now: Instant, _ tx: borrowing Transaction
    ) throws -> LibraryID? {
        try tx.value(
            """
            UPDATE asset SET description = \(description), updated_at = \(now)
            WHERE id = \(asset) AND current_version_id = \(version) AND description IS DISTINCT FROM \(description)
            RETURNING library_id
            """)
    }

    /// Which of these contents some rendering or sidecar has.
    static func referenced(_ checksums: [ContentDigest], _ tx: borrowing Transaction) throws -> Set<ContentDigest> {
        Set(
            try tx.rows(
                """
                SELECT checksum FROM asset_version WHERE checksum IN \(SQL.list(checksums))
                UNION SELECT checksum FROM asset_sidecar WHERE checksum IN \(SQL.list(checksums))
                """
            ) { try $0.value(0) })
    }

    /// The library that an asset lies in, for work that goes on there; `nil` when it is gone. Whoever moves it waits until this
    /// transaction is over.
    static func place(of asset: AssetID, _ tx: borrowing Transaction) throws -> LibraryID? {
        try tx.value("SELECT library_id FROM asset WHERE id = \(asset) \(SQL.rowLock)")
    }

    static func version(_ id: AssetVersionID, _ tx: borrowing Transaction) throws -> AssetVersion? {
        try tx.row("SELECT \(versionColumns) FROM asset_version WHERE asset_version.id = \(id)", decodeVersion)
    }

    /// A rendering the viewer may see; `nil` as version means the current one.
    static func version(_ id: AssetVersionID?, of asset: AssetID, by viewer: Viewer?, _ tx: borrowing Transaction) throws
        -> AssetVersion?
    {
        let permission = viewer?.seesAsset ?? "TRUE"
        let choice: SQL = id.map { "asset_version.id = \($0)" } ?? "asset_version.id = asset.current_version_id"
        return try tx.row(
            """
            SELECT \(versionColumns) FROM asset_version JOIN asset ON asset.id = asset_version.asset_id
            WHERE asset.id = \(asset) AND \(choice) AND \(permission)
            """, decodeVersion)
    }

    static let versionColumns: SQL = """
        asset_version.id, asset_version.asset_id, asset_version.position, asset_version.kind, asset_version.checksum,
        asset_version.mime_type, asset_version.size_bytes, asset_version.width, asset_version.height, asset_version.created_at,
        asset_version.params
        """
    static let versionColumnCount = 11

    static func decodeVersion(_ row: Row) throws -> AssetVersion {
        let size: PixelSize? =
            if let width: Int = try row.value(7), let height: Int = try row.value(8) {
                PixelSize(width: width, height: height)
            } else { nil }
        return AssetVersion(
            id: try row.value(0), assetID: try row.value(1), position: try row.value(2), kind: try row.value(3),
            checksum: try row.value(4),
            mimeType: try row.value(5), sizeBytes: try row.value(6), size: size, createdAt: try row.value(9),
            params: try row.value(10))
    }
}
