import BanksiaCore
import Crypto
import NIOHTTP1

/// A request to a bucket, before it is signed.
struct S3Request: Sendable {
    /// What is sent.
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// A part of a local file with its SHA-256.
        case file(FilePart)
    }

    /// A part of a local file, and what its bytes hash to.
    struct FilePart: Sendable {
        let file: OpenFile
        let range: Range<Int64>
        let sha256: ContentDigest
        let pool: BlockingPool
        var size: Int64 { range.upperBound - range.lowerBound }
    }

    var method: HTTPMethod
    /// Below the settings' prefix; `nil` for the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    /// Names in lower case.
    var headers: [(name: String, value: String)] = []
    var body = Body.none
    /// How long it may take until the head of the answer is there, the body's way included.
    var patience = Duration.seconds(15)

    /// What the signature says of the body.
    var payloadHash: String {
        switch body {
        case .none: ContentDigest(SHA256.hash(data: [])).hex
        case .bytes(let bytes): ContentDigest(SHA256.hash(data: bytes)).hex
        case .file(let part): part.sha256.hex
        }
    }

    /// The path on the wire, encoded once (Amazon S3 API reference, "Authenticating requests (AWS Signature Version 4)").
    func path(_ settings: S3Settings) -> String {
        let base = URIEncoding.path(settings.basePath)
        guard let key else { return base }
        return base + URIEncoding.path(settings.prefix + key)
    }

    /// The query on the wire, in the order in which it is signed.
    var encodedQuery: String {
        query.map { (URIEncoding.component($0.name), URIEncoding.component($0.value)) }.sorted { $0 < $1 }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }
}

/// Percent-encoding as signatures want it: RFC 3986 §2.3 unreserved characters stay, everything else is encoded.
enum URIEncoding {
    /// A name or a value of a query.
    static func component(_ text: String) -> String { encoded(text, keeping: []) }
    /// A path, whose slashes stay.
    static func path(_ text: String) -> String { encoded(text, keeping: [UInt8(ascii: "/")]) }

    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func encoded(_ text: String, keeping kept: Set<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if unreserved.contains(byte) || kept.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
