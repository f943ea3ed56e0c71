import BanksiaCore
import BanksiaSQL

/// All SQL of what photos look like as a whole, and of the pairs that show the same picture.
enum NearDuplicateStore {
    /// A photo that has more pairs, or more others that look a little like it, is tied to its copies through some of them.
    private static let mostPairs = 1000

    /// Keeps the perceptual hash of a version while it is the current one. With `nil`, what is too small for one has no pairs either.
    static func keep(_ hash: UInt64?, of version: AssetVersion, _ tx: borrowing Transaction) throws {
        let asset = version.assetID
        let library: LibraryID? = try tx.value(
            "SELECT library_id FROM asset WHERE id = \(asset) AND current_version_id = \(version.id) \(SQL.rowLock)")
        guard let library else { return }
        guard let hash else {
            try tx.execute("DELETE FROM perceptual_hash WHERE asset_id = \(asset)")
            return try part([asset], tx)
        }
        try tx.execute(
            """
            INSERT INTO perceptual_hash (asset_id, library_id, hash) VALUES (\(asset), \(library), \(Int64(bitPattern: hash)))
            ON CONFLICT (asset_id) DO UPDATE SET library_id = excluded.library_id, hash = excluded.hash
            """)
    }

    /// Takes the hashes of assets along that move to another library, and leaves their pairs behind.
    static func move(_ assets: [AssetID], to library: LibraryID, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE perceptual_hash SET library_id = \(library) WHERE asset_id IN \(SQL.list(assets))")
        try part(assets, tx)
    }

    static func hash(of asset: AssetID, _ tx: borrowing Transaction) throws -> UInt64? {
        try tx.value("SELECT hash FROM perceptual_hash WHERE asset_id = \(asset)", as: Int64.self).map { UInt64(bitPattern: $0) }
    }

    /// Whether an asset has both a hash and a vector.
    static func isComparable(_ asset: AssetID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            """
            SELECT 1 FROM perceptual_hash
            WHERE asset_id = \(asset)
                AND EXISTS (SELECT 1 FROM asset_embedding WHERE asset_embedding.asset_id = perceptual_hash.asset_id)
            """, as: Int.self) != nil
    }

    /// What is compared of one photo.
    struct Look {
        var hash: UInt64
        var vector: [Float]
        var library: LibraryID
    }

    /// Of assets that have both a hash and a vector of a space.
    static func looks(of assets: [AssetID], space: String, _ tx: borrowing Transaction) throws -> [AssetID: Look] {
        let rows: [(AssetID, Look)] = try tx.rows(
            """
            SELECT perceptual_hash.asset_id, perceptual_hash.hash, asset_embedding.vector, perceptual_hash.library_id
            FROM perceptual_hash JOIN asset_embedding ON asset_embedding.id = perceptual_hash.asset_id
            WHERE perceptual_hash.asset_id IN \(SQL.list(assets)) AND asset_embedding.space = \(space)
            """
        ) { row in
            let hash: Int64 = try row.value(1)
            return (
                try row.value(0), Look(hash: UInt64(bitPattern: hash), vector: try row.value(2), library: try row.value(3))
            )
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Those of a photo's library that show the same picture: one scan of the hashes, then the vectors of the nearest.
    static func copies(of asset: AssetID, space: String, _ tx: borrowing Transaction) throws -> [AssetID] {
        guard let own = try looks(of: [asset], space: space, tx)[asset] else { return [] }
        let near: [AssetID] = try tx.rows(
            """
            SELECT asset_id FROM (
                SELECT asset_id, \(SQL.differingBits("hash", "\(Int64(bitPattern: own.hash))")) AS distance
                FROM perceptual_hash WHERE library_id = \(own.library)) AS compared
            WHERE distance <= \(NearDuplicateRule.mostBits) AND asset_id <> \(asset)
            ORDER BY distance, asset_id LIMIT \(mostPairs)
            """
        ) { try $0.value(0) }
        let others = try looks(of: near, space: space, tx)
        return near.filter { others[$0].flatMap { NearDuplicateRule.compare(own, $0) } != nil }
    }

    /// Pairs an asset anew with those of these, and of those it was paired with, that show the same picture.
    static func pair(_ asset: AssetID, with candidates: [AssetID], space: String, _ tx: borrowing Transaction) throws {
        let known: [AssetID] = try tx.rows(
            """
            SELECT other_id FROM near_duplicate WHERE asset_id = \(asset)
            UNION SELECT asset_id FROM near_duplicate WHERE other_id = \(asset) ORDER BY 1 LIMIT \(mostPairs)
            """
        ) { try $0.value(0) }
        let others = Set(candidates).union(known).subtracting([asset]).sorted()
        let looks = try looks(of: [asset] + others, space: space, tx)
        try part([asset], tx)
        guard let own = looks[asset] else { return }
        for other in others {
            guard let look = looks[other], let (cosine, distance) = NearDuplicateRule.compare(own, look) else { continue }
            try tx.execute(
                """
                INSERT INTO near_duplicate (asset_id, other_id, cosine, distance)
                VALUES (\(min(asset, other)), \(max(asset, other)), \(cosine), \(distance))
                """)
        }
    }

    private static func part(_ assets: [AssetID], _ tx: borrowing Transaction) throws {
        let assets = SQL.list(assets)
        try tx.execute("DELETE FROM near_duplicate WHERE asset_id IN \(assets) OR other_id IN \(assets)")
    }

    /// Pairs of live assets that lie in a library, the oldest first.
    static func pairs(in library: LibraryID, by viewer: Viewer, limit: Int, _ tx: borrowing Transaction) throws -> [(
        AssetID, AssetID
    )] {
        try tx.rows(
            """
            SELECT near_duplicate.asset_id, near_duplicate.other_id
            FROM near_duplicate JOIN asset ON asset.id = near_duplicate.asset_id
                JOIN asset AS other ON other.id = near_duplicate.other_id
            WHERE asset.library_id = \(library) AND other.library_id = \(library) AND asset.trashed_at IS NULL
                AND other.trashed_at IS NULL AND \(viewer.seesAsset)
            ORDER BY near_duplicate.asset_id, near_duplicate.other_id LIMIT \(limit)
            """
        ) { (try $0.value(0), try $0.value(1)) }
    }
}
