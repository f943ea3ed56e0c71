import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of vectors and of the choice of model pack. A space is the id of the pack a vector was made with.
enum EmbeddingStore {
    /// Which pack answers searches, and which one is to replace it once every asset has a vector of it.
    struct Choice: Equatable, Sendable {
        var active: String
        var coming: String?
    }

    static func choice(_ tx: borrowing Transaction) throws -> Choice? {
        try tx.row("SELECT active, coming FROM model_choice WHERE purpose = 'search'") {
            Choice(active: try $0.value(0), coming: try $0.value(1))
        }
    }

    static func choose(_ choice: Choice, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO model_choice (purpose, active, coming) VALUES ('search', \(choice.active), \(choice.coming))
            ON CONFLICT (purpose) DO UPDATE SET active = excluded.active, coming = excluded.coming
            """)
    }

    /// Keeps the vector of an asset that has one.
    static func keep(_ vector: [Float], of asset: AssetID, space: String, at now: Instant, _ tx: borrowing Transaction) throws {
        try keep([Scene(vector: vector)], of: asset, space: space, at: now, tx)
    }

    /// Keeps an asset's vectors under the next numbers of its library, in place of older ones. Does nothing when the asset is gone.
    static func keep(_ scenes: [Scene], of asset: AssetID, space: String, at now: Instant, _ tx: borrowing Transaction) throws {
        // Locked, or the asset might move to another library while its vector is kept in this one.
        let library: LibraryID? = try tx.value("SELECT library_id FROM asset WHERE id = \(asset) \(SQL.rowLock)")
        guard let library else { return }
        try tx.execute("DELETE FROM asset_embedding WHERE asset_id = \(asset) AND space = \(space)")
        for (number, scene) in scenes.prefix(Scene.most).enumerated() {
            guard let sequence = try next(in: library, space: space, tx) else { return }
            try tx.execute(
                """
                INSERT INTO asset_embedding (id, asset_id, space, library_id, sequence, timestamp_ms, vector, created_at)
                VALUES (\(Scene.id(number, of: asset)), \(asset), \(space), \(library), \(sequence),
                    \(scene.timestampMilliseconds), \(scene.vector), \(now))
                """)
        }
    }

    /// The next number of a library's space.
    ///
    /// From a counter and not the highest number in use: that one becomes free when its asset is deleted, and an index that
    /// has seen it would never look at the next row under it.
    private static func next(in library: LibraryID, space: String, _ tx: borrowing Transaction) throws -> Int64? {
        try tx.value(
            """
            INSERT INTO embedding_counter (library_id, space, last) VALUES (\(library), \(space), 1)
            ON CONFLICT (library_id, space) DO UPDATE SET last = embedding_counter.last + 1 RETURNING last
            """)
    }

    /// Takes the vectors of assets along that move to another library, under new numbers, so that its index finds them.
    static func move(of assets: [AssetID], to library: LibraryID, _ tx: borrowing Transaction) throws {
        let vectors: [(UUID, String)] = try tx.rows(
            "SELECT id, space FROM asset_embedding WHERE asset_id IN \(SQL.list(assets)) ORDER BY library_id, space, sequence"
        ) { (try $0.value(0), try $0.value(1)) }
        for (id, space) in vectors {
            guard let sequence = try next(in: library, space: space, tx) else { continue }
            try tx.execute(
                """
                UPDATE asset_embedding SET library_id = \(library), sequence = \(sequence)
                WHERE id = \(id) AND space = \(space)
                """)
        }
    }

    /// The first vector of an asset; `nil` when it has none in this space.
    static func vector(of asset: AssetID, space: String, _ tx: borrowing Transaction) throws -> [Float]? {
        try tx.value("SELECT vector FROM asset_embedding WHERE id = \(asset.uuid) AND space = \(space)")
    }

    struct Entry: Sendable {
        /// The vector's own.
        var id: UUID
        var asset: AssetID
        var sequence: Int64
        var vector: [Float]
    }

    static func entries(after sequence: Int64, in library: LibraryID, space: String, limit: Int, _ tx: borrowing Transaction)
        throws -> [Entry]
    {
        try tx.rows(
            """
            SELECT id, asset_id, sequence, vector FROM asset_embedding
            WHERE library_id = \(library) AND space = \(space) AND sequence > \(sequence) ORDER BY sequence LIMIT \(limit)
            """
        ) { Entry(id: try $0.value(0), asset: try $0.value(1), sequence: try $0.value(2), vector: try $0.value(3)) }
    }

    /// The highest number given out in a library's space; 0 when there is none.
    static func lastSequence(in library: LibraryID, space: String, _ tx: borrowing Transaction) throws -> Int64 {
        try tx.value("SELECT last FROM embedding_counter WHERE library_id = \(library) AND space = \(space)") ?? 0
    }

    /// How many assets have vectors of a space.
    static func number(in space: String, _ tx: borrowing Transaction) throws -> Int {
        try tx.value("SELECT COUNT(*) FROM asset_embedding WHERE space = \(space) AND id = asset_id") ?? 0
    }

    /// Which of some assets have vectors of a space.
    static func assets(among assets: [AssetID], in space: String, _ tx: borrowing Transaction) throws -> Set<AssetID> {
        guard !assets.isEmpty else { return [] }
        let found: [AssetID] = try tx.rows(
            "SELECT asset_id FROM asset_embedding WHERE space = \(space) AND id = asset_id AND asset_id IN \(SQL.list(assets))"
        ) { try $0.value(0) }
        return Set(found)
    }

    static func count(in library: LibraryID, space: String, _ tx: borrowing Transaction) throws -> Int {
        try tx.value("SELECT COUNT(*) FROM asset_embedding WHERE library_id = \(library) AND space = \(space)") ?? 0
    }

    /// Live or trashed assets without a vector of a space, oldest first.
    static func missing(_ space: String, after last: AssetID?, limit: Int, _ tx: borrowing Transaction) throws -> [(
        asset: AssetID, library: LibraryID
    )] {
        let start: SQL = last.map { "asset.id > \($0)" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT asset.id, asset.library_id FROM asset
            WHERE \(start)
                AND NOT EXISTS (SELECT 1 FROM asset_embedding WHERE asset_embedding.asset_id = asset.id AND asset_embedding.space = \(space))
            ORDER BY asset.id LIMIT \(limit)
            """
        ) { (try $0.value(0), try $0.value(1)) }
    }

    static func deleteAll(except space: String, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM asset_embedding WHERE space <> \(space)")
    }

    /// The assets of these vectors that the viewer may be shown under a filter, with their capture times to break ties.
    ///
    /// Most vectors are the first of their asset and have its id: those are not looked up themselves, which would read the vectors
    /// along and cost ten times as much (200 of 100,000, SQLite).
    static func shown(
        _ ids: [UUID], space: String, in library: LibraryID, matching filter: AssetFilter, by viewer: Viewer,
        _ tx: borrowing Transaction
    ) throws -> [UUID: (asset: AssetID, captured: Int64)] {
        let assets = filter.narrowed(to: ids.map { AssetID(uuid: $0) })
        let first = try tx.rows(
            """
            SELECT asset.id, asset.local_wall FROM asset
            WHERE \(assets.isIn(library)) AND \(viewer.seesAsset) AND \(assets.condition)
            """
        ) { (asset: try $0.value(0, as: AssetID.self), captured: try $0.value(1, as: Int64.self)) }
        let shown = Dictionary(uniqueKeysWithValues: first.map { ($0.asset.uuid, $0) })
        let others = ids.filter { shown[$0] == nil }
        guard !others.isEmpty else { return shown }
        let further: [(UUID, (AssetID, Int64))] = try tx.rows(
            """
            SELECT asset_embedding.id, asset.id, asset.local_wall FROM asset_embedding CROSS JOIN asset
            WHERE asset_embedding.library_id = \(library) AND asset_embedding.space = \(space)
                AND asset_embedding.id IN \(SQL.list(others)) AND asset_embedding.id <> asset_embedding.asset_id
                AND asset.id = asset_embedding.asset_id
                AND \(SQL.notByIndex("asset.library_id")) = \(library) AND \(viewer.seesAsset) AND \(filter.condition)
            """
        ) { (try $0.value(0), (try $0.value(1), try $0.value(2))) }
        return shown.merging(further.map { ($0, (asset: $1.0, captured: $1.1)) }) { one, _ in one }
    }

    /// The vectors beside the first of those assets that match a filter and have several.
    static func further(
        space: String, in library: LibraryID, matching filter: AssetFilter, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [UUID] {
        try tx.rows(furtherStatement(space: space, in: library, matching: filter, by: viewer)) { try $0.value(0) }
    }

    /// Apart from `further`, so that a test can ask the engine for its plan.
    ///
    /// The cross join has SQLite begin with the few vectors there are and not with the many assets that a filter leaves.
    static func furtherStatement(space: String, in library: LibraryID, matching filter: AssetFilter, by viewer: Viewer) -> SQL {
        """
        SELECT asset_embedding.id FROM asset_embedding CROSS JOIN asset
        WHERE asset_embedding.library_id = \(library) AND asset_embedding.space = \(space)
            AND asset_embedding.id <> asset_embedding.asset_id AND asset.id = asset_embedding.asset_id
            AND asset.library_id = \(library) AND \(viewer.seesAsset) AND \(filter.condition)
        """
    }

    /// The vectors of the assets that a filter names, or of those of its people and albums, whoever may see them; `nil` for a filter
    /// without any of these. All that meet the filter are among them.
    static func named(by filter: AssetFilter, space: String, in library: LibraryID, _ tx: borrowing Transaction) throws -> [UUID]?
    {
        guard filter.ids != nil || !filter.links.isEmpty else { return nil }
        let first =
            try filter.ids?.map(\.uuid)
            ?? tx.rows(SQL.joined(filter.links, separator: " INTERSECT ")) { try $0.value(0, as: UUID.self) }
        let lists: [SQL] = filter.ids.map { [SQL.list($0)] } ?? filter.links.map { "(\($0))" }
        let further = try tx.rows(
            """
            SELECT id FROM asset_embedding
            WHERE library_id = \(library) AND space = \(space) AND id <> asset_id
                AND \(SQL.joined(lists.map { "asset_id IN \($0)" as SQL }, separator: " AND "))
            """
        ) { try $0.value(0, as: UUID.self) }
        return first + further
    }
}
