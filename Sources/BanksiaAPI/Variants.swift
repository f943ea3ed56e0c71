/// One downloadable rendition.
package struct VariantResponse: JSONWritable, Sendable {
    package let mimetype: String
    package let url: String
    package let width: Int?

    package init(mimetype: String, url: String, width: Int?) {
        self.mimetype = mimetype
        self.url = url
        self.width = width
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("mimetype", mimetype)
            $0.field("url", url)
            $0.field("width", width)
        }
    }
}

/// Renditions by name, in the order they are written.
package struct VariantMap: JSONWritable, Sendable {
    package typealias Entry = (name: String, variant: VariantResponse)
    package let entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }

    /// The URL of the smallest rendition of a picture or of a video's still.
    var thumbnailURL: String? { url(of: "thumbnail") ?? url(of: "thumbnail_image") }
    var originalURL: String? { url(of: "original") }

    private func url(of name: String) -> String? { entries.first { $0.name == name }?.variant.url }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            for entry in entries {
                $0.key(dynamic: entry.name)
                entry.variant.write(to: &$0)
            }
        }
    }
}
