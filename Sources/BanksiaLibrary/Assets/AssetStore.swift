import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL

/// SQL that reads assets. What writes them stands in `AssetStore+Writing.swift`.
enum AssetStore {
    // MARK: Columns

    /// The core columns; `decodeCore` reads them in this order.
    private static let core: SQL = """
        asset.id, asset.library_id, asset.created_at, asset.updated_at, asset.trashed_at, asset.local_wall, asset.local_offset,
        asset.original_file_name, asset.media_class, asset.current_version_id, asset.kind, asset.mime_type, asset.file_size_bytes,
        asset.width, asset.height, asset.duration, asset.description, asset.quality_score, asset.thumbhash, asset.stack_id,
        asset.checksum, asset.checksum_sha1, asset.device_asset_id, asset.device_id, asset.file_created_at, asset.file_modified_at,
        asset.uploaded_bytes
        """
    private static let coreCount = 27

    private static let metadata: SQL = """
        , asset_metadata.created_at, asset_metadata.updated_at, asset_metadata.make, asset_metadata.model, asset_metadata.lens_model,
        asset_metadata.exposure_time, asset_metadata.f_number, asset_metadata.iso, asset_metadata.focal_length,
        asset_metadata.exposure_bias, asset_metadata.original_wall, asset_metadata.original_offset, asset_metadata.digitized_wall,
        asset_metadata.digitized_offset, asset_metadata.modified_wall, asset_metadata.modified_offset, asset_metadata.latitude,
        asset_metadata.longitude, asset_metadata.altitude, asset_metadata.rating, asset_metadata.description,
        asset_metadata.orientation, asset_metadata.profile_description, asset_metadata.projection_type,
        asset_metadata.live_photo_cid, asset_metadata.auto_stack_id, asset_metadata.fps, asset_metadata.place_name,
        asset_metadata.sublocation, asset_metadata.city, asset_metadata.state, asset_metadata.country, asset_metadata.country_code,
        asset_metadata.timezone, asset_metadata.raw_width, asset_metadata.raw_height
        """

    private static func columns(_ expansion: AssetExpansion) -> SQL {
        expansion.contains(.metadata) ? "\(core)\(metadata)" : core
    }

    private static func source(_ expansion: AssetExpansion) -> SQL {
        expansion.contains(.metadata) ? "asset LEFT JOIN asset_metadata ON asset_metadata.asset_id = asset.id" : "asset"
    }

    // MARK: Decoding

    private static func decode(_ row: Row, _ expansion: AssetExpansion) throws -> Asset {
        var asset = try decodeCore(row)
        if expansion.contains(.fileData) {
            asset.file = Asset.FileProvenance(
                checksum: try row.value(20), sha1: try row.value(21), deviceAssetID: try row.value(22),
                deviceID: try row.value(23),
                createdAt: try row.value(24), modifiedAt: try row.value(25), sizeBytes: try row.value(26))
        }
        if expansion.contains(.metadata) { asset.metadata = try decodeMetadata(row, from: coreCount) }
        return asset
    }

    private static func decodeCore(_ row: Row) throws -> Asset {
        Asset(
            id: try row.value(0), libraryID: try row.value(1), createdAt: try row.value(2), updatedAt: try row.value(3),
            trashedAt: try row.value(4),
            localDateTime: CaptureTime(wallMicroseconds: try row.value(5), offsetSeconds: try row.value(6)),
            originalFileName: try row.value(7), mediaClass: try row.value(8), currentVersionID: try row.value(9),
            kind: try row.value(10),
            mimeType: try row.value(11), fileSizeBytes: try row.value(12), size: try pixelSize(row, 13),
            duration: try row.value(15),
            description: try row.value(16), qualityScore: try row.value(17), thumbHash: try row.value(18),
            stackID: try row.value(19),
            file: nil, metadata: nil)
    }

    private static func decodeMetadata(_ row: Row, from first: Int) throws -> AssetMetadata? {
        guard let createdAt: Instant = try row.value(first) else { return nil }
        func column<T: SQLDecodable>(_ index: Int) throws -> T { try row.value(first + index) }
        func time(_ index: Int) throws -> CaptureTime? {
            guard let wall: Int64 = try column(index) else { return nil }
            return CaptureTime(wallMicroseconds: wall, offsetSeconds: try column(index + 1))
        }
        return AssetMetadata(
            createdAt: createdAt, updatedAt: try column(1), make: try column(2), model: try column(3), lensModel: try column(4),
            exposureTime: try column(5), fNumber: try column(6), iso: try column(7), focalLength: try column(8),
            exposureBias: try column(9), originalDateTime: try time(10), digitizedDateTime: try time(12),
            modifiedDateTime: try time(14),
            latitude: try column(16), longitude: try column(17), altitude: try column(18), rating: try column(19),
            description: try column(20), orientation: try column(21), profileDescription: try column(22),
            projectionType: try column(23),
            livePhotoContentID: try column(24), autoStackID: try column(25), fps: try column(26), placeName: try column(27),
            sublocation: try column(28), city: try column(29), state: try column(30), country: try column(31),
            countryCode: try column(32), timezone: try column(33), rawSize: try pixelSize(row, first + 34))
    }

    private static func pixelSize(_ row: Row, _ index: Int) throws -> PixelSize? {
        guard let width: Int = try row.value(index), let height: Int = try row.value(index + 1) else { return nil }
        return PixelSize(width: width, height: height)
    }

    // MARK: Reading

    /// An asset with its metadata, for work that is nobody's request.
    static func asset(_ id: AssetID, _ tx: borrowing Transaction) throws -> Asset? {
        try tx.row("SELECT \(columns(.metadata)) FROM \(source(.metadata)) WHERE asset.id = \(id)") { try decode($0, .metadata) }
    }

    static func asset(_ id: AssetID, _ expansion: AssetExpansion, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Asset?
    {
        let found = try tx.row(
            "SELECT \(columns(expansion)) FROM \(source(expansion)) WHERE asset.id = \(id) AND \(viewer.seesAsset)"
        ) { try decode($0, expansion) }
        return try filled(found, expansion, by: viewer, tx)
    }

    /// The asset of a library with this content, live or trashed.
    static func asset(_ checksum: ContentDigest, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> Asset?
    {
        let found = try tx.row(
            """
            SELECT \(columns(.full)) FROM \(source(.full)) WHERE asset.library_id = \(library) AND asset.checksum = \(checksum)
            """
        ) { try decode($0, .full) }
        return try filled(found, .full, by: viewer, tx)
    }

    /// Assets by id, in no particular order; those the viewer cannot see and those that do not meet the filter are left out.
    static func assets(
        _ ids: [AssetID], in library: LibraryID, matching filter: AssetFilter, _ expansion: AssetExpansion, by viewer: Viewer,
        _ tx: borrowing Transaction
    ) throws -> [Asset] {
        let filter = filter.narrowed(to: ids)
        var found = try tx.rows(
            """
            SELECT \(columns(expansion)) FROM \(source(expansion))
            WHERE \(filter.isIn(library)) AND \(viewer.seesAsset) AND \(filter.condition)
            """
        ) { try decode($0, expansion) }
        try fill(&found, expansion, by: viewer, tx)
        return found
    }

    /// One page and one asset more, so that the caller can tell whether another page follows.
    static func list(
        _ query: AssetQuery, in library: LibraryID, after cursor: Cursor?, skipping offset: Int = 0, by viewer: Viewer,
        _ tx: borrowing Transaction
    ) throws -> [Asset] {
        let statement = listStatement(query, in: library, after: cursor, skipping: offset, by: viewer)
        var found = try tx.rows(statement) { try decode($0, query.expansion) }
        try fill(&found, query.expansion, by: viewer, tx)
        return found
    }

    /// Apart from `list`, so that a test can ask the engine for its plan.
    static func listStatement(
        _ query: AssetQuery, in library: LibraryID, after cursor: Cursor?, skipping offset: Int = 0, by viewer: Viewer
    ) -> SQL {
        let key: SQL = query.filter.state == .trashed ? "asset.trashed_at" : "asset.local_wall"
        let (comparison, direction): (SQL, SQL) = query.order == .ascending ? (">", "ASC") : ("<", "DESC")
        let start: SQL = cursor.map { "(\(key), asset.id) \(comparison) (\($0.key), \($0.id))" } ?? "TRUE"
        let order: SQL = "ORDER BY \(key) \(direction), asset.id \(direction)"
        func condition(_ filter: AssetFilter) -> SQL {
            "\(filter.isIn(library)) AND \(viewer.seesAsset) AND \(filter.condition) AND \(start)"
        }
        // The next of each rating come straight out of an index; of several at once they would have to be looked for.
        let reach = query.limit + 1 + min(offset, Int(Int32.max))  // no library is longer
        let next = query.filter.eachRating.map { filter -> SQL in
            """
            SELECT id FROM (SELECT asset.id FROM asset WHERE \(condition(filter)) \(order)
                LIMIT \(reach)) AS next
            """
        }
        let chosen = next.count > 1 ? "asset.id IN (\(SQL.joined(next, separator: " UNION ALL ")))" : condition(query.filter)
        return """
            SELECT \(columns(query.expansion)) FROM \(source(query.expansion)) WHERE \(chosen)
            \(order) LIMIT \(query.limit + 1) OFFSET \(offset)
            """
    }

    /// A place in a list: the sort key and the id of an asset.
    struct Cursor {
        var key: Int64
        var id: AssetID
    }

    /// Where an asset stands in the lists of its library, whether or not it meets a filter.
    static func cursor(_ id: AssetID, in library: LibraryID, state: Library.State, by viewer: Viewer, _ tx: borrowing Transaction)
        throws -> Cursor?
    {
        let key: SQL = state == .trashed ? "COALESCE(asset.trashed_at, asset.local_wall)" : "asset.local_wall"
        return try tx.row(
            "SELECT \(key) FROM asset WHERE asset.id = \(id) AND asset.library_id = \(library) AND \(viewer.seesAsset)"
        ) {
            Cursor(key: try $0.value(0), id: id)
        }
    }

    /// How many assets a viewer may be shown under a filter.
    ///
    /// - Parameter most: where counting stops.
    static func count(
        matching filter: AssetFilter, upTo most: Int = .max, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> Int {
        try tx.value(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM asset
                WHERE \(filter.isIn(library)) AND \(viewer.seesAsset) AND \(filter.condition) LIMIT \(most)) AS counted
            """) ?? 0
    }

    /// Ids of all assets that meet a filter, for searches that look at vectors.
    ///
    /// - Parameter most: so many of them, whichever.
    static func ids(
        matching filter: AssetFilter, upTo most: Int = .max, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [AssetID] {
        try tx.rows(
            """
            SELECT asset.id FROM asset
            WHERE \(filter.isIn(library)) AND \(viewer.seesAsset) AND \(filter.condition) LIMIT \(most)
            """
        ) { try $0.value(0) }
    }

    /// The library's assets that meet a criterion, live or trashed.
    static func existing(_ condition: SQL, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> [Asset]
    {
        try tx.rows(
            """
            SELECT \(columns(.fileData)) FROM \(source(.fileData))
            WHERE asset.library_id = \(library) AND \(viewer.seesAsset) AND \(condition) ORDER BY asset.id
            """
        ) { try decode($0, .fileData) }
    }
}
