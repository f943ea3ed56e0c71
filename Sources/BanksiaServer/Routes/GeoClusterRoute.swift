import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// `GET /api/assets/geo-clusters`.
enum GeoClusterRoute {
    private static let smallestCell = 0.0001

    static func clusters(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        guard let view = try GeoBox(call.query) else { throw RequestProblem.invalid(field: "bbox", issue: "bbox is missing.") }
        guard let size = try call.query.number("cell_size", in: smallestCell...Double.greatestFiniteMagnitude) else {
            throw RequestProblem.invalid(field: "cell_size", issue: "cell_size is missing.")
        }
        // The view is the only place here: lists know others besides.
        let filter = try AssetFilter(call.query, isPlaced: false)
        let query = GeoClusterQuery(filter: filter, view: view, cellSize: size)
        let clusters = try await call.library.assets.clusters(query, in: library, by: call.viewer)
        return .json(GeoClustersResponse(data: clusters.map(GeoClusterResponse.init)), capacity: 64 + clusters.count * 128)
    }
}

extension GeoClusterResponse {
    init(_ cluster: GeoCluster) {
        self.init(
            count: cluster.count, latitude: cluster.latitude, longitude: cluster.longitude,
            representativeAssetID: cluster.representative.description)
    }
}
