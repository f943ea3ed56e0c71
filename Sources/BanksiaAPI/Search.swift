/// One found asset; `distance` is nil when nothing asked for content.
package struct SearchResultResponse: JSONWritable, Sendable {
    package let asset: AssetResponse
    package let distance: Double?

    package init(asset: AssetResponse, distance: Double?) {
        self.asset = asset
        self.distance = distance
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("asset", asset)
            $0.field("distance", distance)
        }
    }
}
