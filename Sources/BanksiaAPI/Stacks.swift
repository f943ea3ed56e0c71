package import BanksiaCore

/// A stack of assets. `asset_ids` is null unless a list was asked for them.
package struct StackResponse: JSONWritable, Sendable {
    package let id: String
    package let assetCount: Int
    package let createdAt: Instant
    package let origin: String
    package let updatedAt: Instant
    package let assetIDs: [String]?
    package let primaryAssetID: String?

    package init(
        id: String, assetCount: Int, createdAt: Instant, origin: String, updatedAt: Instant, assetIDs: [String]?,
        primaryAssetID: String?
    ) {
        self.id = id
        self.assetCount = assetCount
        self.createdAt = createdAt
        self.origin = origin
        self.updatedAt = updatedAt
        self.assetIDs = assetIDs
        self.primaryAssetID = primaryAssetID
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("asset_count", assetCount)
            $0.field("created_at", createdAt)
            $0.field("origin", origin)
            $0.field("updated_at", updatedAt)
            $0.field("asset_ids", assetIDs)
            $0.field("primary_asset_id", primaryAssetID)
        }
    }
}
