/// An asset that is already there.
package struct AssetMatchResponse: JSONWritable, Sendable {
    package let id: String
    package let checksum: String
    package let deviceAssetID: String
    package let deviceID: String
    package let checksumSHA1: String?

    package init(id: String, checksum: String, deviceAssetID: String, deviceID: String, checksumSHA1: String?) {
        self.id = id
        self.checksum = checksum
        self.deviceAssetID = deviceAssetID
        self.deviceID = deviceID
        self.checksumSHA1 = checksumSHA1
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("checksum", checksum)
            $0.field("device_asset_id", deviceAssetID)
            $0.field("device_id", deviceID)
            $0.field("checksum_sha1", checksumSHA1)
        }
    }
}

/// The assets that match an existence check.
package struct AssetExistenceResponse: JSONWritable, Sendable {
    package let assets: [AssetMatchResponse]

    package init(assets: [AssetMatchResponse]) {
        self.assets = assets
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("assets", assets)
        }
    }
}
