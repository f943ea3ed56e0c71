/// The one form of every failed answer. `detail` repeats the message because some clients read the text only there.
package struct ErrorEnvelope: JSONWritable, Sendable {
    package let code: String
    package let message: String
    /// The input that is out of its domain, where there is one.
    package let field: String?
    package let requestID: String

    package init(code: String, message: String, field: String?, requestID: String) {
        self.code = code
        self.message = message
        self.field = field
        self.requestID = requestID
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.key("error")
            $0.object {
                $0.field("code", code)
                $0.field("message", message)
                $0.key("details")
                writeDetails(to: &$0)
                $0.field("request_id", requestID)
            }
            $0.field("detail", message)
        }
    }

    private func writeDetails(to writer: inout JSONWriter) {
        guard let field else { return writer.null() }
        writer.object {
            $0.field("field", field)
            $0.field("issue", message)
        }
    }
}
