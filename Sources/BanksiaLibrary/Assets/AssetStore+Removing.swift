import BanksiaCore
import BanksiaFiles
import BanksiaSQL

extension AssetStore {
    // MARK: Trash

    /// - Returns: which assets were live, each once, in the order given.
    static func trash(_ ids: [AssetID], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws -> [AssetID] {
        var changed = Set(
            try tx.rows(
                """
                UPDATE asset SET trashed_at = \(now), updated_at = \(now)
                WHERE id IN \(SQL.list(ids)) AND \(SQL.notByIndex("library_id")) = \(library) AND trashed_at IS NULL RETURNING id
                """
            ) { try $0.value(0, as: AssetID.self) })
        try LibraryStore.count(assets: -changed.count, in: library, tx)
        return ids.filter { changed.remove($0) != nil }
    }

    /// - Returns: which assets were trashed, each once, in the order given.
    static func restore(_ ids: [AssetID], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws -> [AssetID]
    {
        var changed = Set(
            try tx.rows(
                """
                UPDATE asset SET trashed_at = NULL, updated_at = \(now)
                WHERE id IN \(SQL.list(ids)) AND \(SQL.notByIndex("library_id")) = \(library) AND trashed_at IS NOT NULL RETURNING id
                """
            ) { try $0.value(0, as: AssetID.self) })
        try LibraryStore.count(assets: changed.count, in: library, tx)
        return ids.filter { changed.remove($0) != nil }
    }

    /// Assets that were trashed at an instant or before, the longest there first.
    static func trashed(in library: LibraryID, until instant: Instant, limit: Int, _ tx: borrowing Transaction) throws
        -> [AssetID]
    {
        try tx.rows(
            """
            SELECT asset.id FROM asset
            WHERE asset.library_id = \(library) AND asset.trashed_at IS NOT NULL AND asset.trashed_at <= \(instant)
            ORDER BY asset.trashed_at, asset.id LIMIT \(limit)
            """
        ) { try $0.value(0) }
    }

    /// Live libraries with assets that were trashed at an instant or before. Everything in a trashed library goes with it.
    static func librariesWithTrash(until instant: Instant, _ tx: borrowing Transaction) throws -> [LibraryID] {
        try tx.rows(
            """
            SELECT library.id FROM library WHERE library.trashed_at IS NULL AND EXISTS (
                SELECT 1 FROM asset WHERE asset.library_id = library.id AND asset.trashed_at IS NOT NULL
                    AND asset.trashed_at <= \(instant))
            ORDER BY library.id
            """
        ) { try $0.value(0) }
    }

    // MARK: Deleting

    /// Those of the assets that lie in a library, each once, in the order given.
    static func lying(_ ids: [AssetID], in library: LibraryID, _ tx: borrowing Transaction) throws -> [AssetID] {
        var found = Set(
            try tx.rows("SELECT id FROM asset WHERE id IN \(SQL.list(ids)) AND \(SQL.notByIndex("library_id")) = \(library)") {
                try $0.value(0, as: AssetID.self)
            })
        return ids.filter { found.remove($0) != nil }
    }

    /// What a deleted asset or version leaves behind to clean up.
    struct Remains {
        var asset: AssetID
        var versions: [AssetVersionID] = []
        var checksums: [ContentDigest] = []
    }

    /// Removes the rows of assets that lie in a library. The files go later, once nothing refers to them.
    static func delete(_ ids: [AssetID], in library: LibraryID, _ tx: borrowing Transaction) throws -> [Remains] {
        var remains = Dictionary(uniqueKeysWithValues: ids.map { ($0, Remains(asset: $0)) })
        var bytes: Int64 = 0
        let versions: [(AssetID, AssetVersionID, ContentDigest, Int64)] = try tx.rows(
            "SELECT asset_id, id, checksum, size_bytes FROM asset_version WHERE asset_id IN \(SQL.list(ids)) ORDER BY position"
        ) { (try $0.value(0), try $0.value(1), try $0.value(2), try $0.value(3)) }
        for (asset, version, checksum, size) in versions {
            remains[asset]?.versions.append(version)
            remains[asset]?.checksums.append(checksum)
            bytes += size
        }
        for (asset, checksum) in try SidecarStore.checksums(of: ids, tx) { remains[asset]?.checksums.append(checksum) }
        let live: Int? = try tx.value(
            "SELECT COUNT(*) FROM asset WHERE id IN \(SQL.list(ids)) AND trashed_at IS NULL")
        try tx.execute("DELETE FROM asset WHERE id IN \(SQL.list(ids))")
        try LibraryStore.count(assets: -(live ?? 0), bytes: -bytes, in: library, tx)
        return ids.compactMap { remains[$0] }
    }
}
