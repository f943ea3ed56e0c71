public import BanksiaCore
import BanksiaMedia
import BanksiaSQL

/// The film that belongs to a still: of a live photo its other half, of a motion photo a part of its own file.
public struct AssetFilm: Sendable, Equatable {
    /// The name under which it is served.
    public static let variantName = "motion"

    public var mimeType: String
    /// The version whose bytes it lies in.
    public var version: AssetVersionID
}

/// All SQL of the films of stills.
enum FilmStore {
    /// Keeps where in its own file a still's film lies.
    static func keep(_ film: EmbeddedFilm, of still: AssetID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO asset_film (asset_id, start, length, mime_type)
            VALUES (\(still), \(film.start), \(film.length), \(film.mimeType))
            ON CONFLICT (asset_id) DO UPDATE SET film_id = NULL, start = excluded.start, length = excluded.length,
                mime_type = excluded.mime_type
            """)
    }

    /// Keeps what a still's own file turned out to have, in place of what it seemed to have.
    ///
    /// - Returns: whether that is news.
    static func renew(_ film: EmbeddedFilm?, of still: AssetID, _ tx: borrowing Transaction) throws -> Bool {
        let known = try tx.row(
            "SELECT start, length, mime_type FROM asset_film WHERE asset_id = \(still) AND film_id IS NULL"
        ) { EmbeddedFilm(start: try $0.value(0), length: try $0.value(1), mimeType: try $0.value(2)) }
        guard film != known else { return false }
        if let film { try keep(film, of: still, tx) } else { try tx.execute("DELETE FROM asset_film WHERE asset_id = \(still)") }
        return true
    }

    /// Ties a film to a still that has none in its own file.
    ///
    /// - Returns: whether that is news.
    static func pair(_ still: AssetID, with film: AssetID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.execute(
            """
            INSERT INTO asset_film (asset_id, film_id, mime_type)
            SELECT \(still), asset.id, asset.mime_type FROM asset WHERE asset.id = \(film)
            ON CONFLICT (asset_id) DO UPDATE SET film_id = excluded.film_id, mime_type = excluded.mime_type
                WHERE asset_film.film_id IS NOT NULL AND asset_film.film_id <> excluded.film_id
            """) > 0
    }

    /// The films of stills; those without one are left out.
    static func films(of stills: [AssetID], _ tx: borrowing Transaction) throws -> [AssetID: AssetFilm] {
        let rows: [(AssetID, AssetFilm)] = try tx.rows(
            """
            SELECT asset_film.asset_id, asset_film.mime_type, asset_version.id
            FROM asset_film JOIN asset_version ON asset_version.asset_id = COALESCE(asset_film.film_id, asset_film.asset_id)
                AND asset_version.position = 0
            WHERE asset_film.asset_id IN \(SQL.list(stills))
            """
        ) { (try $0.value(0), AssetFilm(mimeType: try $0.value(1), version: try $0.value(2))) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Where a still's film lies.
    struct Place: Sendable {
        var version: AssetVersion
        var mimeType: String
        /// The part of the version's bytes; `nil` for all of them.
        var part: Range<Int64>?
    }

    static func place(ofFilmOf still: AssetID, where condition: SQL, _ tx: borrowing Transaction) throws -> Place? {
        try tx.row(
            """
            SELECT \(AssetStore.versionColumns), asset_film.mime_type, asset_film.start, asset_film.length
            FROM asset_film JOIN asset ON asset.id = asset_film.asset_id
                JOIN asset_version ON asset_version.asset_id = COALESCE(asset_film.film_id, asset_film.asset_id)
                    AND asset_version.position = 0
            WHERE asset_film.asset_id = \(still) AND \(condition)
            """
        ) { row in
            let first = AssetStore.versionColumnCount
            let start: Int64? = try row.value(first + 1)
            let length: Int64? = try row.value(first + 2)
            let part: Range<Int64>? = if let start, let length { start..<start + length } else { nil }
            return Place(version: try AssetStore.decodeVersion(row), mimeType: try row.value(first), part: part)
        }
    }

    /// Parts the halves of live photos of which only one is about to leave the library, for good or for another one. Call it
    /// before the rows go or move; what is recorded here tells of the stills that stay.
    ///
    /// - Returns: those stills. There may be another copy of their film, so look for their siblings once the rows have gone.
    static func leave(_ assets: [AssetID], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws
        -> [AssetID]
    {
        let leaving = SQL.list(assets)
        let left: [AssetID] = try tx.rows(
            """
            DELETE FROM asset_film WHERE film_id IN \(leaving) AND asset_id NOT IN \(leaving) RETURNING asset_id
            """
        ) { try $0.value(0) }
        try tx.execute(
            "DELETE FROM asset_film WHERE asset_id IN \(leaving) AND film_id IS NOT NULL AND film_id NOT IN \(leaving)")
        try AssetStore.touch(left, at: now, tx)
        try EventStore.record(left.sorted().map { .assetUpdated($0) }, in: library, at: now, tx)
        return left
    }
}
