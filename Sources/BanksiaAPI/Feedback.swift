/// What is said to someone who left feedback.
package struct FeedbackResult: JSONWritable, Sendable {
    package let status: String

    package init(status: String) { self.status = status }

    package func write(to writer: inout JSONWriter) { writer.object { $0.field("status", status) } }
}
