import BanksiaCore
import BanksiaSQL

/// SQL that counts assets per period.
enum AssetCountStore {
    /// One page and one period more, in the order that is asked for.
    static func counts(_ query: AssetCountQuery, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> [AssetCount]
    {
        let found = try tx.rows(statement(query, in: library, by: viewer)) {
            AssetCount(start: CivilTime(microseconds: try $0.value(0)), count: try $0.value(1))
        }
        // A recursion hands its rows over in the order in which it makes them, though nothing in SQL says so.
        return found.sorted {
            query.order == .ascending
                ? $0.start.microseconds < $1.start.microseconds : $0.start.microseconds > $1.start.microseconds
        }
    }

    /// Apart from `counts`, so that a test can ask the engine for its plan.
    static func statement(_ query: AssetCountQuery, in library: LibraryID, by viewer: Viewer) -> SQL {
        let condition: SQL = "\(query.filter.isIn(library)) AND \(viewer.seesAsset) AND \(query.filter.condition)"
        return query.filter.isJudgedOneByOne ? walking(query, condition) : grouping(query, condition)
    }

    /// Goes from period to period along the timeline: the next asset says which is the next, and a page ends the walk. What
    /// lies beyond the page is not looked at, however large the library.
    private static func walking(_ query: AssetCountQuery, _ condition: SQL) -> SQL {
        let ascends = query.order == .ascending
        let direction: SQL = ascends ? "ASC" : "DESC"
        func start(_ wall: SQL) -> SQL { SQL.start(of: query.bucket.period, wall) }
        func end(_ wall: SQL) -> SQL { start("\(start(wall)) + \(query.bucket.longest)") }
        func next(_ bound: SQL) -> SQL {
            """
            (SELECT asset.local_wall FROM asset WHERE \(condition) AND \(bound)
             ORDER BY asset.local_wall \(direction) LIMIT 1)
            """
        }
        let beyond: SQL = ascends ? "asset.local_wall >= \(end("period.wall"))" : "asset.local_wall < \(start("period.wall"))"
        let within: SQL =
            ascends
            ? "asset.local_wall >= period.wall AND asset.local_wall < \(end("period.wall"))"
            : "asset.local_wall <= period.wall AND asset.local_wall >= \(start("period.wall"))"
        return """
            WITH RECURSIVE period (wall) AS (
                SELECT \(next(beginning(query))) UNION ALL SELECT \(next(beyond)) FROM period WHERE period.wall IS NOT NULL)
            SELECT \(start("period.wall")), (SELECT COUNT(*) FROM asset WHERE \(condition) AND \(within)) FROM period
            WHERE period.wall IS NOT NULL LIMIT \(query.limit + 1)
            """
    }

    /// Finds the assets first, by whatever leads to them, then puts them into their periods.
    private static func grouping(_ query: AssetCountQuery, _ condition: SQL) -> SQL {
        let direction: SQL = query.order == .ascending ? "ASC" : "DESC"
        return """
            SELECT start, COUNT(*) FROM (
                SELECT \(SQL.start(of: query.bucket.period, "asset.local_wall")) AS start FROM asset
                WHERE \(condition) AND \(beginning(query))) AS asset_period
            GROUP BY start ORDER BY start \(direction) LIMIT \(query.limit + 1)
            """
    }

    /// Where the page begins: behind the whole of the period that the page before ended with.
    private static func beginning(_ query: AssetCountQuery) -> SQL {
        guard let last = query.startingAfterBucket?.wallMicroseconds else { return "TRUE" }
        return query.order == .ascending
            ? "asset.local_wall >= \(query.bucket.end(of: last))" : "asset.local_wall < \(query.bucket.start(of: last))"
    }
}
