/// One rendering of an asset.
package struct AssetVersionResponse: JSONWritable, Sendable {
    package let id: String
    package let checksum: String?
    package let fileSizeBytes: Int64
    package let height: Int
    package let kind: String
    package let mimeType: String
    package let position: Int
    package let width: Int
    /// A JSON object, as text.
    package let params: String?
    package let versionURLs: VariantMap?

    package init(
        id: String, checksum: String?, fileSizeBytes: Int64, height: Int, kind: String, mimeType: String, position: Int,
        width: Int, params: String?, versionURLs: VariantMap?
    ) {
        self.id = id
        self.checksum = checksum
        self.fileSizeBytes = fileSizeBytes
        self.height = height
        self.kind = kind
        self.mimeType = mimeType
        self.position = position
        self.width = width
        self.params = params
        self.versionURLs = versionURLs
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("checksum", checksum)
            $0.field("file_size_bytes", fileSizeBytes)
            $0.field("height", height)
            $0.field("kind", kind)
            $0.field("mime_type", mimeType)
            $0.field("position", position)
            $0.field("width", width)
            $0.key("params")
            if let params { $0.json(params) } else { $0.null() }
            $0.field("version_urls", versionURLs)
        }
    }
}
