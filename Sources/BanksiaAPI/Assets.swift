package import BanksiaCore

/// A photo or video. Every key is always written; which optional ones carry a value depends on `include`.
///
/// What older clients read under a second name (the flat file fields, `exif`, `metrics` and the two URLs) is written from
/// the same values, so the copies cannot differ.
package struct AssetResponse: JSONWritable, Sendable {
    package let id: String
    package let createdAt: Instant
    package let currentVersionID: String
    package let fileSizeBytes: Int64
    package let kind: String
    package let localDatetime: CaptureTime
    package let mimeType: String
    package let originalFileName: String
    package let updatedAt: Instant
    package let assetURLs: VariantMap?
    package let description: String?
    package let duration: Double?
    package let faces: [FaceResponse]?
    package let fileData: FileDataResponse?
    package let height: Int?
    package let metadata: MetadataResponse?
    package let people: [PersonResponse]?
    package let qualityScore: Double?
    package let stackID: String?
    package let thumbhash: String?
    package let trashedAt: Instant?
    package let width: Int?
    /// Whether the seed-era `metrics` object is written.
    package let includesMetrics: Bool

    package init(
        id: String, createdAt: Instant, currentVersionID: String, fileSizeBytes: Int64, kind: String,
        localDatetime: CaptureTime, mimeType: String, originalFileName: String, updatedAt: Instant, assetURLs: VariantMap?,
        description: String?, duration: Double?, faces: [FaceResponse]?, fileData: FileDataResponse?, height: Int?,
        metadata: MetadataResponse?, people: [PersonResponse]?, qualityScore: Double?, stackID: String?, thumbhash: String?,
        trashedAt: Instant?, width: Int?,
        includesMetrics: Bool
    ) {
        self.id = id
        self.createdAt = createdAt
        self.currentVersionID = currentVersionID
        self.fileSizeBytes = fileSizeBytes
        self.kind = kind
        self.localDatetime = localDatetime
        self.mimeType = mimeType
        self.originalFileName = originalFileName
        self.updatedAt = updatedAt
        self.assetURLs = assetURLs
        self.description = description
        self.duration = duration
        self.faces = faces
        self.fileData = fileData
        self.height = height
        self.metadata = metadata
        self.people = people
        self.qualityScore = qualityScore
        self.stackID = stackID
        self.thumbhash = thumbhash
        self.trashedAt = trashedAt
        self.width = width
        self.includesMetrics = includesMetrics
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("created_at", createdAt)
            $0.field("current_version_id", currentVersionID)
            $0.field("file_size_bytes", fileSizeBytes)
            $0.field("kind", kind)
            $0.field("local_datetime", localDatetime)
            $0.field("mime_type", mimeType)
            $0.field("original_file_name", originalFileName)
            $0.field("updated_at", updatedAt)
            $0.field("asset_urls", assetURLs)
            $0.field("description", description)
            $0.field("duration", duration)
            $0.field("faces", faces)
            $0.field("file_data", fileData)
            $0.field("height", height)
            $0.field("metadata", metadata)
            $0.field("people", people)
            $0.field("quality_score", qualityScore)
            $0.field("stack_id", stackID)
            $0.field("thumbhash", thumbhash)
            $0.field("trashed_at", trashedAt)
            $0.field("width", width)
            writeSeedEraCopies(to: &$0)
        }
    }

    private func writeSeedEraCopies(to writer: inout JSONWriter) {
        writer.field("checksum", fileData?.checksum)
        writer.field("checksum_sha1", fileData?.checksumSHA1)
        writer.field("device_asset_id", fileData?.deviceAssetID)
        writer.field("device_id", fileData?.deviceID)
        writer.field("file_created_at", fileData?.fileCreatedAt)
        writer.field("file_modified_at", fileData?.fileModifiedAt)
        writer.field("exif", metadata.map(ExifResponse.init))
        writer.key("metrics")
        writeMetrics(to: &writer)
        writer.field("thumbnail_url", assetURLs?.thumbnailURL)
        writer.field("download_url", assetURLs?.originalURL)
    }

    private func writeMetrics(to writer: inout JSONWriter) {
        guard includesMetrics else { return writer.null() }
        writer.object { object in
            if let qualityScore { object.field("quality_score", qualityScore) }
        }
    }
}
