import HTTPTypes

/// Where a request comes from, as far as that can be known: it is counted by, never trusted.
enum ClientAddress {
    /// Proxies between a client and us are few; a longer list is somebody's joke.
    private static let mostHops = 32

    /// The connection's other end; where that is a proxy that the operator trusts, the last address before the trusted ones in
    /// `X-Forwarded-For`. Addresses of IPv6 are cut to the network that one customer gets (64 bits).
    static func of(_ headers: HTTPFields, remote: String?, trusted: [AddressRange]) -> String {
        guard let remote = remote.flatMap({ NetworkAddress($0) }) else { return "unknown" }
        let isTrusted = { (address: NetworkAddress) in trusted.contains { $0.contains(address) } }
        guard isTrusted(remote) else { return remote.network }
        let hops = headers[values: .forwardedFor].joined(separator: ",").split(separator: ",").suffix(mostHops)
        // What is no address was not written by a proxy that knows whom it asks for.
        for hop in hops.reversed() {
            guard let address = NetworkAddress(hop: hop.filter { $0 != " " }) else { break }
            if !isTrusted(address) { return address.network }
        }
        return remote.network
    }
}

extension HTTPField.Name {
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!  // a constant token
}
