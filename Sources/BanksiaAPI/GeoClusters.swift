/// The assets in one cell of a map's grid.
package struct GeoClusterResponse: JSONWritable, Sendable {
    package let count: Int
    package let latitude: Double
    package let longitude: Double
    package let representativeAssetID: String

    package init(count: Int, latitude: Double, longitude: Double, representativeAssetID: String) {
        self.count = count
        self.latitude = latitude
        self.longitude = longitude
        self.representativeAssetID = representativeAssetID
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("count", count)
            $0.field("latitude", latitude)
            $0.field("longitude", longitude)
            $0.field("representative_asset_id", representativeAssetID)
        }
    }
}

/// The cells of a map view that hold something: all of them, so there is no `has_more`.
package struct GeoClustersResponse: JSONWritable, Sendable {
    package let data: [GeoClusterResponse]

    package init(data: [GeoClusterResponse]) { self.data = data }

    package func write(to writer: inout JSONWriter) { writer.object { $0.field("data", data) } }
}
