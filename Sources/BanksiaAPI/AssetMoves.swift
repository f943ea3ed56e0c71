/// What became of one asset that was to be moved.
package struct AssetMoveResultResponse: JSONWritable, Sendable {
    package let assetID: String
    package let outcome: String
    package let failure: String?

    package init(assetID: String, outcome: String, failure: String?) {
        self.assetID = assetID
        self.outcome = outcome
        self.failure = failure
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("asset_id", assetID)
            $0.field("outcome", outcome)
            $0.field("failure", failure)
        }
    }
}

/// What became of each, in the order of the request.
package struct AssetMoveResponse: JSONWritable, Sendable {
    package let data: [AssetMoveResultResponse]

    package init(data: [AssetMoveResultResponse]) { self.data = data }

    package func write(to writer: inout JSONWriter) { writer.object { $0.field("data", data) } }
}
