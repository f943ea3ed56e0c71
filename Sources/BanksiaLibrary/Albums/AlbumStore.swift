import BanksiaCore
import BanksiaSQL

/// All SQL of albums.
enum AlbumStore {
    /// The live members of the album in scope, earliest first.
    private static func member(_ column: SQL, _ direction: SQL) -> SQL {
        """
        (SELECT \(column) FROM album_asset JOIN asset ON asset.id = album_asset.asset_id
         WHERE album_asset.album_id = album.id AND asset.trashed_at IS NULL ORDER BY asset.local_wall \(direction), asset.id \(direction) LIMIT 1)
        """
    }

    private static let columns: SQL = """
        album.id, album.library_id, album.name, album.description,
        (SELECT COUNT(*) FROM album_asset JOIN asset ON asset.id = album_asset.asset_id
         WHERE album_asset.album_id = album.id AND asset.trashed_at IS NULL),
        COALESCE((SELECT asset.id FROM asset WHERE asset.id = album.cover_asset_id AND asset.trashed_at IS NULL), \(member("asset.id", "ASC"))),
        COALESCE((SELECT asset.current_version_id FROM asset WHERE asset.id = album.cover_asset_id AND asset.trashed_at IS NULL),
            \(member("asset.current_version_id", "ASC"))),
        \(member("asset.local_wall", "ASC")), \(member("asset.local_offset", "ASC")),
        \(member("asset.local_wall", "DESC")), \(member("asset.local_offset", "DESC")),
        album.created_at, album.updated_at
        """

    private static func decode(_ row: Row) throws -> Album {
        func time(_ column: Int) throws -> CaptureTime? {
            guard let wall: Int64 = try row.value(column) else { return nil }
            return CaptureTime(wallMicroseconds: wall, offsetSeconds: try row.value(column + 1))
        }
        return Album(
            id: try row.value(0), libraryID: try row.value(1), name: try row.value(2), description: try row.value(3),
            assetCount: try row.value(4), coverAssetID: try row.value(5), coverVersionID: try row.value(6),
            startDate: try time(7),
            endDate: try time(9), createdAt: try row.value(11), updatedAt: try row.value(12))
    }

    static func insert(
        _ id: AlbumID, _ name: Name, description: String?, in library: LibraryID, at now: Instant, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO album (id, library_id, name, name_folded, description, created_at, updated_at)
            VALUES (\(id), \(library), \(name.text), \(name.folded), \(description), \(now), \(now))
            """)
        try SearchWordsStore.keep(of: [id], tx)
    }

    static func album(_ id: AlbumID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Album? {
        try tx.row("SELECT \(columns) FROM album WHERE album.id = \(id) AND \(viewer.seesAlbum)", decode)
    }

    /// The oldest album of a name.
    static func album(named name: Name, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Album? {
        try tx.row(
            """
            SELECT \(columns) FROM album WHERE album.library_id = \(library) AND album.name_folded = \(name.folded) AND \(viewer.seesAlbum)
            ORDER BY album.created_at, album.id LIMIT 1
            """, decode)
    }

    /// Which of the given assets are live assets of the library, and which of those are in the album already.
    static func candidates(_ ids: [AssetID], for album: Album, by viewer: Viewer, _ tx: borrowing Transaction) throws -> [AssetID:
        Bool]
    {
        let rows: [(AssetID, Bool)] = try tx.rows(
            """
            SELECT asset.id, EXISTS (SELECT 1 FROM album_asset WHERE album_asset.album_id = \(album.id) AND album_asset.asset_id = asset.id)
            FROM asset WHERE asset.id IN \(SQL.list(ids)) AND asset.library_id = \(album.libraryID) AND asset.trashed_at IS NULL
                AND \(viewer.seesAsset)
            """
        ) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    static func add(_ asset: AssetID, to album: AlbumID, as link: AlbumAssetID, at now: Instant, _ tx: borrowing Transaction)
        throws
    {
        try tx.execute(
            """
            INSERT INTO album_asset (id, album_id, asset_id, created_at, updated_at)
            VALUES (\(link), \(album), \(asset), \(now), \(now))
            """)
    }

    static func touch(_ album: AlbumID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE album SET updated_at = \(now) WHERE id = \(album)")
    }
}
