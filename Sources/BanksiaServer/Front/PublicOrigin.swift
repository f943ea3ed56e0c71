import HTTPTypes
import Hummingbird

/// Where this server is reached from outside, for the absolute URLs in answers.
enum PublicOrigin {
    /// The setting when there is one; else what a reverse proxy says in `X-Forwarded-Proto` and `X-Forwarded-Host`; else
    /// the host the client asked for. No slash at its end.
    static func of(_ request: Request, setting: String?) -> String {
        if let setting { return String(setting.reversed().drop { $0 == "/" }.reversed()) }
        let scheme = first(request.headers[.forwardedProto]).flatMap { ["http", "https"].contains($0) ? $0 : nil } ?? "http"
        let host = first(request.headers[.forwardedHost]).flatMap(valid) ?? request.head.authority.flatMap(valid) ?? "localhost"
        return "\(scheme)://\(host)"
    }

    /// Proxies append to the list, so its first entry is the outermost.
    private static func first(_ list: String?) -> String? {
        list?.split(separator: ",").first.map { $0.filter { $0 != " " }.lowercased() }
    }

    /// A host name or address, with or without a port; anything else could smuggle text into URLs.
    private static func valid(_ host: String) -> String? {
        let isPlain = host.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || ".-_:[]".utf8.contains(byte)
        }
        return isPlain && !host.isEmpty && host.utf8.count <= 255 ? host : nil
    }
}

extension HTTPField.Name {
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!  // a constant token
    static let forwardedHost = HTTPField.Name("X-Forwarded-Host")!  // a constant token
}
