/// What stands in a picture.
package struct AssetTextResponse: JSONWritable, Sendable {
    package let lines: [TextLineResponse]

    package init(lines: [TextLineResponse]) { self.lines = lines }

    package func write(to writer: inout JSONWriter) {
        writer.object { $0.field("lines", lines) }
    }
}

/// A line of text in a picture.
package struct TextLineResponse: JSONWritable, Sendable {
    package let text: String
    package let confidence: Double
    package let corners: [PicturePointResponse]

    package init(text: String, confidence: Double, corners: [PicturePointResponse]) {
        self.text = text
        self.confidence = confidence
        self.corners = corners
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("text", text)
            $0.field("confidence", confidence)
            $0.field("corners", corners)
        }
    }
}

/// A place in a picture, in parts of its width and height.
package struct PicturePointResponse: JSONWritable, Sendable {
    package let x: Double
    package let y: Double

    package init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("x", x)
            $0.field("y", y)
        }
    }
}
