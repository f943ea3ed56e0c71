import BanksiaCore
import BanksiaSQL

/// SQL that reads albums. What writes them stands in `AlbumStore+Writing.swift`, memberships in `AlbumStore+Links.swift`.
enum AlbumStore {
    // MARK: What an album shows

    /// The first or the last live member of the `album` in scope.
    private static func outermost(_ direction: SQL) -> SQL {
        """
        (SELECT link.asset_id FROM album_asset AS link WHERE link.album_id = album.id AND link.is_live
         ORDER BY link.local_wall \(direction), link.asset_id \(direction) LIMIT 1)
        """
    }

    /// The cover of the `album` in scope, as it shows.
    static let effectiveCover: SQL = """
        COALESCE((SELECT link.asset_id FROM album_asset AS link
            WHERE link.album_id = album.id AND link.asset_id = album.cover_asset_id AND link.is_live), \(outermost("ASC")))
        """

    /// Albums that meet a condition. The members that an album shows are chosen first, for this page alone, and read after.
    private static func statement(where condition: SQL, _ direction: SQL, limit: Int) -> SQL {
        """
        WITH page AS MATERIALIZED (
            SELECT album.id, album.library_id, album.name, album.description, album.live_assets, album.cover_asset_id,
                album.created_at, album.updated_at, \(effectiveCover) AS cover, \(outermost("ASC")) AS earliest,
                \(outermost("DESC")) AS latest
            FROM album WHERE \(condition) ORDER BY album.created_at \(direction), album.id \(direction) LIMIT \(limit))
        SELECT page.id, page.library_id, page.name, page.description, page.live_assets, page.cover_asset_id, page.created_at,
            page.updated_at, page.cover, cover.current_version_id, earliest.local_wall, earliest.local_offset, latest.local_wall,
            latest.local_offset
        FROM page LEFT JOIN asset AS cover ON cover.id = page.cover LEFT JOIN asset AS earliest ON earliest.id = page.earliest
            LEFT JOIN asset AS latest ON latest.id = page.latest
        ORDER BY page.created_at \(direction), page.id \(direction)
        """
    }

    private static func decode(_ row: Row) throws -> Album {
        func time(_ column: Int) throws -> CaptureTime? {
            guard let wall: Int64 = try row.value(column) else { return nil }
            return CaptureTime(wallMicroseconds: wall, offsetSeconds: try row.value(column + 1))
        }
        return Album(
            id: try row.value(0), libraryID: try row.value(1), name: try row.value(2), description: try row.value(3),
            assetCount: try row.value(4), pinnedCover: try row.value(5), coverAssetID: try row.value(8),
            coverVersionID: try row.value(9), startDate: try time(10), endDate: try time(12), createdAt: try row.value(6),
            updatedAt: try row.value(7))
    }

    // MARK: Reading

    static func album(_ id: AlbumID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Album? {
        try tx.row(statement(where: "album.id = \(id) AND \(viewer.seesAlbum)", "ASC", limit: 1), decode)
    }

    /// The oldest album of a name.
    static func album(
        named name: Name, in library: LibraryID, except other: AlbumID? = nil, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> Album? {
        let isOther: SQL = other.map { "album.id <> \($0)" } ?? "TRUE"
        let condition: SQL = """
            album.library_id = \(library) AND album.name_folded = \(name.folded) AND \(isOther) AND \(viewer.seesAlbum)
            """
        return try tx.row(statement(where: condition, "ASC", limit: 1), decode)
    }

    /// One page, newest first, and one album more, so that the caller can tell whether another page follows.
    static func list(
        _ query: AlbumQuery, in library: LibraryID, after last: Album?, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [Album] {
        try tx.rows(listStatement(query, in: library, after: last, by: viewer), decode)
    }

    /// Apart from `list`, so that a test can ask the engine for its plan.
    static func listStatement(_ query: AlbumQuery, in library: LibraryID, after last: Album?, by viewer: Viewer) -> SQL {
        let isLookedUp = query.ids != nil || query.asset != nil
        let column: SQL = isLookedUp ? SQL.notByIndex("album.library_id") : "album.library_id"
        var conditions: [SQL] = ["\(column) = \(library)", viewer.seesAlbum]
        if let ids = query.ids { conditions.append("album.id IN \(SQL.list(ids))") }
        if let asset = query.asset {
            conditions.append(
                AssetID(asset).map { asset in
                    """
                    album.id IN (SELECT album_asset.album_id FROM album_asset
                        WHERE album_asset.asset_id = \(asset) AND album_asset.is_live)
                    """
                } ?? "FALSE")
        }
        if let name = query.name { conditions.append("album.name_folded LIKE \(pattern(name)) ESCAPE '#'") }
        if let last { conditions.append("(album.created_at, album.id) < (\(last.createdAt), \(last.id))") }
        return statement(where: SQL.joined(conditions, separator: " AND "), "DESC", limit: query.limit + 1)
    }

    /// What `LIKE` takes for a part of a text: the signs that mean something to it mean themselves.
    private static func pattern(_ part: String) -> String {
        "%" + String(part.lowercased().flatMap { "#%_".contains($0) ? ["#", $0] : [$0] }) + "%"
    }
}
