/// Where browsers may be sent back to after a sign-in. A code goes there, so every entry is somebody who is trusted with it.
public struct RedirectList: Sendable, Equatable {
    private let entries: [String]

    /// What is let through when nothing is set: programs on the machine of the browser itself (RFC 8252 §7.3).
    public static let loopback = RedirectList("http://localhost:*/*,http://127.0.0.1:*/*")

    /// - Parameter text: entries with commas or blanks between them. An entry is an exact address, or ends in `/*` for whatever
    ///   lies below; the port may be `*`.
    public init(_ text: String) {
        entries = text.split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    /// Whether a browser may be sent there.
    public func allows(_ uri: String) -> Bool {
        guard Self.isPlain(uri), let given = Parts(uri) else { return false }
        return entries.contains { $0 == uri || given.isDirect && Parts($0)?.matches(given) == true }
    }

    /// Whether browsers and we read an address alike: no blanks, backslashes or fragments, no name before an @.
    static func isPlain(_ uri: String) -> Bool {
        guard (1...2048).contains(uri.utf8.count), uri.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !uri.contains(where: { "#\\\"'<>".contains($0) }), let parts = Parts(uri)
        else { return false }
        return !parts.authority.contains("@")
    }

    /// An address, as far as patterns look into it.
    private struct Parts {
        let scheme: Substring
        let authority: Substring
        /// With its slash; the query belongs to it.
        let path: Substring

        init?(_ uri: String) {
            guard let mark = uri.firstRange(of: "://") else { return nil }
            scheme = uri[..<mark.lowerBound]
            let rest = uri[mark.upperBound...]
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            authority = rest[..<end]
            path = rest[end...]
        }

        /// Whether the path leads where it seems to: no step that is a dot or two, however written, and no separator in disguise
        /// (WHATWG URL §4.4, “double-dot URL path segment”).
        var isDirect: Bool {
            let steps = path.prefix { $0 != "?" }.lowercased()
            return !["%2e", "%2f", "%5c", "/./", "/../"].contains { (steps + "/").contains($0) }
        }

        /// Whether this, as a pattern, covers another address.
        func matches(_ other: Parts) -> Bool {
            scheme == other.scheme && coversAuthority(other.authority) && coversPath(other.path)
        }

        private func coversAuthority(_ other: Substring) -> Bool {
            guard authority.hasSuffix(":*") else { return authority == other }
            let host = authority.dropLast(2)
            guard other.hasPrefix(host) else { return false }
            let port = other.dropFirst(host.count)
            return port.isEmpty
                || port.first == ":" && port.count > 1 && port.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
        }

        private func coversPath(_ other: Substring) -> Bool {
            path.hasSuffix("/*") ? (other.hasPrefix(path.dropLast()) || path == "/*" && other.isEmpty) : path == other
        }
    }
}
