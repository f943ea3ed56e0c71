public import BanksiaCore
import BanksiaSQL

/// The assets of a map view, put together by the cells of a grid.
public struct GeoClusterQuery: Sendable {
    /// All conditions but that of place.
    public var filter: AssetFilter
    public var view: GeoBox
    /// The edge of a cell in degrees; the grid starts where the equator meets the meridian of Greenwich.
    public var cellSize: Double

    public init(filter: AssetFilter = .init(), view: GeoBox, cellSize: Double) {
        self.filter = filter
        self.view = view
        self.cellSize = cellSize
    }
}

/// What one cell of the grid holds.
public struct GeoCluster: Sendable, Equatable {
    public var count: Int
    /// The mean of the members' positions, in degrees.
    public var latitude: Double
    public var longitude: Double
    /// The member taken last.
    public var representative: AssetID
}

extension Assets {
    /// More cells than this are not worth a look, nor their bytes (contract §17).
    private static let mostCells = 1000

    /// The cells of a view that hold something, the fullest first.
    ///
    /// - Throws: `AssetProblem.tooManyCells`.
    public func clusters(_ query: GeoClusterQuery, in library: LibraryID, by viewer: Viewer) async throws -> [GeoCluster] {
        let found = try await database.read { tx in
            try GeoClusterStore.clusters(query, in: library, by: viewer, limit: Self.mostCells + 1, tx)
        }
        guard found.count <= Self.mostCells else { throw AssetProblem.tooManyCells(limit: Self.mostCells) }
        return found
    }
}

/// SQL that puts assets into the cells of a grid.
enum GeoClusterStore {
    static func clusters(
        _ query: GeoClusterQuery, in library: LibraryID, by viewer: Viewer, limit: Int, _ tx: borrowing Transaction
    ) throws -> [GeoCluster] {
        try tx.rows(statement(query, in: library, by: viewer, limit: limit)) {
            let longitude: Double = try $0.value(2)
            return GeoCluster(
                count: try $0.value(0), latitude: try $0.value(1), longitude: longitude > 180 ? longitude - 360 : longitude,
                representative: try $0.value(3))
        }
    }

    /// Apart from `clusters`, so that a test can ask the engine for its plan.
    ///
    /// Longitudes are those of the way through the view, so that a cell goes on beyond the 180th meridian and the mean of
    /// positions on both sides of it lies between them.
    static func statement(_ query: GeoClusterQuery, in library: LibraryID, by viewer: Viewer, limit: Int) -> SQL {
        let area = GeoArea.box(query.view)
        var filter = query.filter
        filter.area = area  // which says how to go about it
        return """
            SELECT members, latitude, longitude, id FROM (
                SELECT id, COUNT(*) OVER cell AS members, AVG(latitude) OVER cell AS latitude, AVG(longitude) OVER cell AS longitude,
                    ROW_NUMBER() OVER (PARTITION BY line, place ORDER BY local_wall DESC, id DESC) AS rank
                FROM (SELECT id, local_wall, latitude, longitude, \(cell("latitude", query)) AS line, \(cell("longitude", query)) AS place
                    FROM (SELECT asset.id, asset.local_wall, spot.latitude, \(query.view.unrolled("spot.longitude")) AS longitude
                        FROM asset JOIN asset_metadata AS spot ON spot.asset_id = asset.id
                        WHERE \(filter.isIn(library)) AND \(viewer.seesAsset) AND \(query.filter.condition)
                            AND \(area.holds("spot"))) AS seen) AS placed
                WINDOW cell AS (PARTITION BY line, place)) AS ranked
            WHERE rank = 1 ORDER BY members DESC, id DESC LIMIT \(limit)
            """
    }

    /// The number of a cell along one axis. A position that binary fractions put a hair's breadth before an edge that decimal
    /// ones put it on (0.3 and cells of 0.1) belongs behind the edge.
    private static func cell(_ degrees: SQL, _ query: GeoClusterQuery) -> SQL {
        "floor(\(degrees) / \(query.cellSize) + 0.000000001)"
    }
}
