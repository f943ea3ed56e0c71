package import BanksiaCore

/// Where the bytes of an asset came from.
package struct FileDataResponse: JSONWritable, Sendable {
    package let checksum: String
    package let deviceAssetID: String
    package let deviceID: String
    package let fileCreatedAt: Instant
    package let fileModifiedAt: Instant
    package let fileSizeBytes: Int64
    package let checksumSHA1: String?

    package init(
        checksum: String, deviceAssetID: String, deviceID: String, fileCreatedAt: Instant, fileModifiedAt: Instant,
        fileSizeBytes: Int64, checksumSHA1: String?
    ) {
        self.checksum = checksum
        self.deviceAssetID = deviceAssetID
        self.deviceID = deviceID
        self.fileCreatedAt = fileCreatedAt
        self.fileModifiedAt = fileModifiedAt
        self.fileSizeBytes = fileSizeBytes
        self.checksumSHA1 = checksumSHA1
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("checksum", checksum)
            $0.field("device_asset_id", deviceAssetID)
            $0.field("device_id", deviceID)
            $0.field("file_created_at", fileCreatedAt)
            $0.field("file_modified_at", fileModifiedAt)
            $0.field("file_size_bytes", fileSizeBytes)
            $0.field("checksum_sha1", checksumSHA1)
        }
    }
}
