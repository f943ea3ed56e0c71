import HTTPTypes
import Hummingbird

/// Where a request comes from, as far as that can be known: it is counted by, never trusted.
enum ClientAddress {
    /// The connection's other end; where that is a proxy that the operator trusts, the last address before the trusted ones in
    /// `X-Forwarded-For`. Addresses of IPv6 are cut to the network that one customer gets (64 bits).
    static func of(_ headers: HTTPFields, remote: String?, trusted: Set<String>) -> String {
        guard let remote else { return "unknown" }
        guard trusted.contains(remote) else { return network(remote) }
        let hops = headers[values: .forwardedFor].joined(separator: ",").split(separator: ",").suffix(32).map {
            $0.filter { $0 != " " }
        }
        let client = hops.last { !trusted.contains($0) }.flatMap { isAddress($0) ? $0 : nil }
        return network(client ?? remote)
    }

    private static func isAddress(_ text: String) -> Bool {
        (2...45).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20) || ".:".utf8.contains(byte)
            }
    }

    private static func network(_ address: String) -> String {
        guard address.contains(":") else { return address }
        if address.lowercased().hasPrefix("::ffff:"), address.contains(".") { return String(address.dropFirst(7)) }
        // Only the part before `::` is sure to be the front of the address.
        let front = address.firstRange(of: "::").map { address[..<$0.lowerBound] } ?? address[...]
        return front.split(separator: ":").prefix(4).joined(separator: ":").lowercased() + "::/64"
    }
}

extension HTTPField.Name {
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!  // a constant token
}
