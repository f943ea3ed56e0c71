package import BanksiaCore

/// Something that stands in an answer.
package protocol JSONWritable {
    /// Writes exactly one JSON value.
    func write(to writer: inout JSONWriter)
}

extension String: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Int: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.integer(Int64(self)) }
}

extension Int64: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.integer(self) }
}

extension Double: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.number(self) }
}

extension Instant: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.time(self) }
}

extension CaptureTime: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.time(self) }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        if let self { self.write(to: &writer) } else { writer.null() }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to writer: inout JSONWriter) { writer.array(self) { $1.write(to: &$0) } }
}

/// A list with its "is there more" flag: the form of every paged answer.
package struct PageResponse<Element: JSONWritable>: JSONWritable {
    package let data: [Element]
    package let hasMore: Bool

    package init(data: [Element], hasMore: Bool) {
        self.data = data
        self.hasMore = hasMore
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("data", data)
            $0.field("has_more", hasMore)
        }
    }
}

extension PageResponse: Sendable where Element: Sendable {}
