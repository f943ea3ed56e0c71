import BanksiaCore
import BanksiaSQL

extension AlbumStore {
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

    /// Writes what can be edited.
    static func update(_ album: Album, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE album SET name = \(album.name), name_folded = \(album.name.lowercased()), description = \(album.description),
                cover_asset_id = \(album.pinnedCover), updated_at = \(album.updatedAt)
            WHERE id = \(album.id)
            """)
        try SearchWordsStore.keep(of: [album.id], tx)
    }

    static func delete(_ album: AlbumID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM album WHERE id = \(album)")
    }

    static func touch(_ albums: [AlbumID], at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE album SET updated_at = \(now) WHERE id IN \(SQL.list(albums))")
    }

    // MARK: Covers

    private struct Cover {
        var album: AlbumID
        var asset: AssetID?
    }

    private static func covers(_ condition: SQL, _ tx: borrowing Transaction) throws -> [Cover] {
        try tx.rows("SELECT album.id, \(effectiveCover) FROM album WHERE \(condition) ORDER BY album.id") {
            Cover(album: try $0.value(0), asset: try $0.value(1))
        }
    }

    /// Runs a change of assets after which their albums may show another cover, and tells of those that do.
    ///
    /// For changes of capture times. Trashing and restoring is told by the assets alone (contract §13), and what leaves
    /// the library for good leaves its albums by `leave`.
    static func tellingOfCovers<Result>(
        ofAlbumsWith assets: [AssetID], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction,
        _ body: (borrowing Transaction) throws -> Result
    ) throws -> Result {
        let before = try covers(
            "album.id IN (SELECT album_asset.album_id FROM album_asset WHERE album_asset.asset_id IN \(SQL.list(assets)))", tx)
        let result = try body(tx)
        try EventStore.record(try changes(since: before, at: now, tx), in: library, at: now, tx)
        return result
    }

    // MARK: Ending memberships

    /// Takes assets out of all albums, because they are about to go for good. Call it before their rows go, and before
    /// their own `assetDeleted` is recorded.
    static func leave(_ assets: [AssetID], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        let links = try links(of: assets, in: nil, tx)
        guard !links.isEmpty else { return }
        try remove(links, in: library, at: now, tx)
    }

    /// Takes assets out of all albums, because they move to another library. Of that the assets alone tell (contract §13).
    static func moveOut(_ assets: [AssetID], at now: Instant, _ tx: borrowing Transaction) throws {
        let links = try links(of: assets, in: nil, tx)
        if !links.isEmpty { try end(links, at: now, tx) }
    }

    /// Ends memberships, and tells of them and of albums that show another cover now.
    static func remove(_ links: [AlbumAsset], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        let before = try covers("album.id IN \(SQL.list(Set(links.map(\.albumID)).sorted()))", tx)
        try end(links, at: now, tx)
        let ended = links.map { Change.albumAssetRemoved($0.id, album: $0.albumID, asset: $0.assetID) }
        try EventStore.record(ended + (try changes(since: before, at: now, tx)), in: library, at: now, tx)
    }

    /// Removes memberships, and the pins of covers among them.
    private static func end(_ links: [AlbumAsset], at now: Instant, _ tx: borrowing Transaction) throws {
        let albums = Set(links.map(\.albumID)).sorted(), assets = Set(links.map(\.assetID)).sorted()
        try tx.execute("DELETE FROM album_asset WHERE id IN \(SQL.list(links.map(\.id)))")
        try tx.execute(
            """
            UPDATE album SET cover_asset_id = NULL WHERE id IN \(SQL.list(albums)) AND cover_asset_id IN \(SQL.list(assets))
                AND NOT EXISTS (SELECT 1 FROM album_asset
                    WHERE album_asset.album_id = album.id AND album_asset.asset_id = album.cover_asset_id)
            """)
        try touch(albums, at: now, tx)
    }

    /// What is to be told of albums that show another cover now.
    private static func changes(since before: [Cover], at now: Instant, _ tx: borrowing Transaction) throws -> [Change] {
        guard !before.isEmpty else { return [] }
        let known = Dictionary(uniqueKeysWithValues: before.map { ($0.album, $0.asset) })
        let changed = try covers("album.id IN \(SQL.list(before.map(\.album)))", tx).filter { known[$0.album] != .some($0.asset) }
        guard !changed.isEmpty else { return [] }
        try touch(changed.map(\.album), at: now, tx)
        return changed.map { .albumUpdated($0.album, cover: $0.asset) }
    }
}
