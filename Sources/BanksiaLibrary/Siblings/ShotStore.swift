import BanksiaCore
import BanksiaMedia
import BanksiaSQL

/// All SQL of shots: what siblings are found by. Every look is a few rows out of an index, whatever the size of the library.
enum ShotStore {
    /// A sibling, and where it stands.
    struct Relative: Sendable {
        var asset: AssetID
        var shot: Shot
        var stack: StackID?
        /// Whether the detector may touch it: no user has put it into a stack or taken it out of one.
        var isFree: Bool
    }

    /// More assets than this that one id or one instant ties together are no burst; the rest is not looked at.
    private static let limit = 500

    private static let columns: SQL = """
        shot.asset_id, shot.content_id, shot.burst_id, shot.camera, shot.wall, shot.wall_offset, shot.series, shot.number, shot.is_raw
        """

    private static func decode(_ row: Row) throws -> (AssetID, Shot) {
        let wall: Int64? = try row.value(4)
        let offset: Int? = try row.value(5)
        let shot = Shot(
            contentID: try row.value(1), burstID: try row.value(2), camera: try row.value(3),
            taken: wall.map { CaptureTime(wallMicroseconds: $0, offsetSeconds: offset) },
            name: CameraFileName(series: try row.value(6), number: try row.value(7)), isRaw: try row.value(8))
        return (try row.value(0), shot)
    }

    static func keep(_ shot: Shot, of asset: AssetID, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO shot (asset_id, content_id, burst_id, camera, wall, wall_offset, series, number, is_raw)
            VALUES (\(asset), \(shot.contentID), \(shot.burstID), \(shot.camera), \(shot.taken?.wallMicroseconds),
                \(shot.taken?.offsetSeconds), \(shot.name.series), \(shot.name.number), \(shot.isRaw))
            ON CONFLICT (asset_id) DO UPDATE SET content_id = excluded.content_id, burst_id = excluded.burst_id,
                camera = excluded.camera, wall = excluded.wall, wall_offset = excluded.wall_offset, series = excluded.series,
                number = excluded.number, is_raw = excluded.is_raw
            """)
    }

    /// Live pictures of a library that belong into one stack with an asset, and the asset itself.
    static func stackable(with asset: AssetID, _ shot: Shot, in library: LibraryID, _ tx: borrowing Transaction) throws
        -> [Relative]
    {
        var conditions: [SQL] = []
        if let burst = shot.burstID { conditions.append("shot.burst_id = \(burst)") }
        if let camera = shot.camera, let wall = shot.taken?.wallMicroseconds {
            conditions.append(
                """
                shot.camera = \(camera) AND shot.series = \(shot.name.series)
                    AND shot.number BETWEEN \(shot.name.number - 1) AND \(shot.name.number + 1)
                    AND shot.wall BETWEEN \(wall - Shot.burstPace) AND \(wall + Shot.burstPace)
                """)
        }
        var found: [AssetID: Relative] = [:]
        for condition in conditions {
            let relatives = try tx.rows(
                """
                SELECT \(columns), asset.stack_id, stack.origin,
                    EXISTS (SELECT 1 FROM unstacked_asset WHERE unstacked_asset.asset_id = shot.asset_id)
                FROM shot JOIN asset ON asset.id = shot.asset_id LEFT JOIN stack ON stack.id = asset.stack_id
                WHERE \(condition) AND \(SQL.notByIndex("asset.library_id")) = \(library) AND asset.media_class = 'image'
                    AND asset.trashed_at IS NULL
                ORDER BY shot.asset_id LIMIT \(limit)
                """
            ) { row in
                let (asset, shot) = try decode(row)
                let origin: Stack.Origin? = try row.value(10)
                let wasTakenOut: Bool = try row.value(11)
                return Relative(asset: asset, shot: shot, stack: try row.value(9), isFree: origin != .user && !wasTakenOut)
            }
            for relative in relatives where relative.asset == asset || relative.shot.isStackable(with: shot) {
                found[relative.asset] = relative
            }
        }
        return found.values.sorted { $0.asset < $1.asset }
    }

    /// The halves of one live photo in a library, and copies of them: stills or films.
    static func sharing(
        _ contentID: String, _ mediaClass: MediaClass, in library: LibraryID, _ tx: borrowing Transaction
    ) throws -> [(asset: AssetID, shot: Shot)] {
        try tx.rows(
            """
            SELECT \(columns) FROM shot JOIN asset ON asset.id = shot.asset_id
            WHERE shot.content_id = \(contentID) AND \(SQL.notByIndex("asset.library_id")) = \(library)
                AND asset.media_class = \(mediaClass)
            ORDER BY asset.checksum LIMIT \(limit)
            """
        ) { row in
            let (asset, shot) = try decode(row)
            return (asset: asset, shot: shot)
        }
    }
}
