import BanksiaCore
import HTTPTypes

/// The name of one request in headers, envelopes and logs.
enum RequestID {
    private enum Subject: IdentifierSubject { static let idPrefix = "req_" }

    /// The client's own id when it is well formed (1 to 128 visible ASCII characters), else a new one.
    static func of(_ headers: HTTPFields) -> String {
        if let given = headers[.requestID], (1...128).contains(given.utf8.count),
            given.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        {
            return given
        }
        return IdentifierSource.timeOrdered.make(Identifier<Subject>.self).description
    }
}
