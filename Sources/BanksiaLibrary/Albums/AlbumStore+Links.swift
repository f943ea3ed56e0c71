import BanksiaCore
import BanksiaSQL

extension Viewer {
    /// The condition on a row of `album_asset` that it lies in a live library the viewer sees.
    fileprivate var seesLink: SQL { sees(libraryIn: "album_asset.library_id") }
}

/// Memberships of assets in albums.
extension AlbumStore {
    private static let linkColumns: SQL = """
        album_asset.id, album_asset.album_id, album_asset.asset_id, album_asset.created_at, album_asset.updated_at
        """

    private static func decodeLink(_ row: Row) throws -> AlbumAsset {
        AlbumAsset(
            id: try row.value(0), albumID: try row.value(1), assetID: try row.value(2), createdAt: try row.value(3),
            updatedAt: try row.value(4))
    }

    static func link(_ id: AlbumAssetID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> AlbumAsset? {
        try tx.row("SELECT \(linkColumns) FROM album_asset WHERE album_asset.id = \(id) AND \(viewer.seesLink)", decodeLink)
    }

    /// The same, if it lies in this library.
    static func link(_ id: AlbumAssetID, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> AlbumAsset?
    {
        try tx.row(
            """
            SELECT \(linkColumns) FROM album_asset
            WHERE album_asset.id = \(id) AND album_asset.library_id = \(library) AND \(viewer.seesLink)
            """, decodeLink)
    }

    /// One page of the memberships of live assets, newest first, and one more, so that the caller can tell whether another
    /// page follows.
    static func links(
        _ query: AlbumAssetQuery, in library: LibraryID, after last: AlbumAsset?, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [AlbumAsset] {
        let isLookedUp = query.ids != nil || query.album != nil || query.asset != nil
        let column: SQL = isLookedUp ? SQL.notByIndex("album_asset.library_id") : "album_asset.library_id"
        var conditions: [SQL] = ["\(column) = \(library)", "album_asset.is_live", viewer.seesLink]
        if let ids = query.ids { conditions.append("album_asset.id IN \(SQL.list(ids))") }
        if let album = query.album { conditions.append(AlbumID(album).map { "album_asset.album_id = \($0)" } ?? "FALSE") }
        if let asset = query.asset { conditions.append(AssetID(asset).map { "album_asset.asset_id = \($0)" } ?? "FALSE") }
        if let last {
            conditions.append("(album_asset.created_at, album_asset.id) < (\(last.createdAt), \(last.id))")
        }
        return try tx.rows(
            """
            SELECT \(linkColumns) FROM album_asset WHERE \(SQL.joined(conditions, separator: " AND "))
            ORDER BY album_asset.created_at DESC, album_asset.id DESC LIMIT \(query.limit + 1)
            """, decodeLink)
    }

    /// The memberships of assets, trashed ones too, asset by asset.
    ///
    /// - Parameter album: `nil` for all albums.
    static func links(of assets: [AssetID], in album: AlbumID?, _ tx: borrowing Transaction) throws -> [AlbumAsset] {
        let choice: SQL = album.map { "album_asset.album_id = \($0)" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT \(linkColumns) FROM album_asset WHERE album_asset.asset_id IN \(SQL.list(assets)) AND \(choice)
            ORDER BY album_asset.asset_id, album_asset.id
            """, decodeLink)
    }

    /// Which of the given assets are live assets of the album's library, and whether each is in the album already.
    static func candidates(_ ids: [AssetID], for album: Album, by viewer: Viewer, _ tx: borrowing Transaction) throws -> [AssetID:
        Bool]
    {
        let rows: [(AssetID, Bool)] = try tx.rows(
            """
            SELECT asset.id, EXISTS (SELECT 1 FROM album_asset WHERE album_asset.album_id = \(album.id) AND album_asset.asset_id = asset.id)
            FROM asset WHERE asset.id IN \(SQL.list(ids)) AND \(SQL.notByIndex("asset.library_id")) = \(album.libraryID) AND asset.trashed_at IS NULL
                AND \(viewer.seesAsset)
            """
        ) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Puts live assets into an album, which counts them, and marks them. Triggers keep both from here on.
    static func add(_ links: [AlbumAsset], to album: AlbumID, at now: Instant, _ tx: borrowing Transaction) throws {
        for link in links {
            try tx.execute(
                """
                INSERT INTO album_asset (id, album_id, asset_id, library_id, local_wall, is_live, created_at, updated_at)
                SELECT \(link.id), \(album), asset.id, asset.library_id, asset.local_wall, TRUE, \(link.createdAt), \(link.updatedAt)
                FROM asset WHERE asset.id = \(link.assetID)
                """)
        }
        try tx.execute("UPDATE asset SET is_in_album = TRUE WHERE id IN \(SQL.list(links.map(\.assetID))) AND NOT is_in_album")
        try tx.execute(
            "UPDATE album SET live_assets = live_assets + \(links.count), updated_at = \(now) WHERE id = \(album)")
    }
}
