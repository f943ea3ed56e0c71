package import BanksiaCore

/// An XMP file beside an asset.
package struct SidecarResponse: JSONWritable, Sendable {
    package let assetID: String
    package let checksum: String
    package let createdAt: Instant
    package let fileName: String
    package let fileSizeBytes: Int64
    package let updatedAt: Instant

    package init(
        assetID: String, checksum: String, createdAt: Instant, fileName: String, fileSizeBytes: Int64, updatedAt: Instant
    ) {
        self.assetID = assetID
        self.checksum = checksum
        self.createdAt = createdAt
        self.fileName = fileName
        self.fileSizeBytes = fileSizeBytes
        self.updatedAt = updatedAt
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("asset_id", assetID)
            $0.field("checksum", checksum)
            $0.field("created_at", createdAt)
            $0.field("file_name", fileName)
            $0.field("file_size_bytes", fileSizeBytes)
            $0.field("updated_at", updatedAt)
        }
    }
}
