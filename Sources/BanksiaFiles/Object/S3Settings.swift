public import BanksiaCore
import Foundation

/// Where a bucket is, and the keys to it.
public struct S3Settings: Sendable {
    /// The bucket's name.
    public let bucket: String
    /// What all keys of objects begin with; empty, or ends with a slash.
    public let prefix: String
    /// As in the scope of signatures, such as `eu-central-1`; stores with one region mostly take any.
    public let region: String
    let accessKey: String
    let secretKey: String
    let sessionToken: String?
    /// `https://host`, without the bucket.
    let scheme: String
    /// As it stands in the `Host` field: with the port, where it is not the scheme's own, and in front the bucket in virtual-host style.
    let host: String
    /// What stands before an object's key in a path: the bucket in path style.
    let basePath: String

    /// Checks and takes over what an operator has set.
    ///
    /// - Parameters:
    ///   - prefix: what all keys begin with; a slash is put behind it.
    ///   - endpoint: the address of the store, such as `https://s3.example.org:9000`; `nil` for AWS.
    ///   - isPathStyle: whether the bucket stands in the path, as most stores besides AWS want it, or before the host.
    public init(
        bucket: String, prefix: String = "", endpoint: String? = nil, region: String, accessKey: String, secretKey: String,
        sessionToken: String? = nil, isPathStyle: Bool
    ) throws(S3SettingsProblem) {
        guard bucket.utf8.count <= 255, !bucket.isEmpty, bucket.utf8.allSatisfy({ Self.isName($0) || $0 == UInt8(ascii: ".") }),
            !bucket.allSatisfy({ $0 == "." })
        else { throw .bucket }
        guard !region.isEmpty, region.utf8.allSatisfy(Self.isName) else { throw .region }
        for key in [accessKey, secretKey, sessionToken ?? "x"]
        where key.isEmpty || !key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw .keys
        }
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
        let bare = prefix.hasSuffix("/") ? parts.dropLast() : parts[...]
        // 1024 bytes is the longest key (Amazon S3 user guide, "Object key naming guidelines"); ours need up to 110 behind it.
        guard prefix.isEmpty || (prefix.utf8.count <= 512 && bare.allSatisfy { !["", ".", ".."].contains($0) }) else {
            throw .prefix
        }
        let address = endpoint ?? "https://s3.\(region).amazonaws.com"
        guard let url = URLComponents(string: address), let scheme = url.scheme?.lowercased(),
            ["http", "https"].contains(scheme),
            let name = url.host, !name.isEmpty, ["", "/"].contains(url.path), url.query == nil, url.fragment == nil,
            url.user == nil
        else { throw .endpoint }
        self.bucket = bucket
        self.prefix = bare.isEmpty || prefix.isEmpty ? "" : bare.joined(separator: "/") + "/"
        self.region = region
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.scheme = scheme
        let port = url.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : ":\($0)" } ?? ""
        host = (isPathStyle ? "" : bucket + ".") + name.lowercased() + port
        basePath = isPathStyle ? "/\(bucket)/" : "/"
    }

    /// A letter, a digit, `-` or `_`.
    private static func isName(_ byte: UInt8) -> Bool {
        let character = Character(UnicodeScalar(byte))
        return character.isASCII
            && (character.isLetter || character.isNumber || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_"))
    }
}

/// A setting of the object store that cannot be right.
public enum S3SettingsProblem: Problem, Equatable {
    case bucket, region, keys, prefix, endpoint

    public var code: String { "storage_unavailable" }
    public var kind: ProblemKind { .storageFailed }
    public var detail: String {
        switch self {
        case .bucket: "The object store's bucket must be a name of letters, digits, dots and hyphens."
        case .region: "The object store's region must be a name such as us-east-1."
        case .keys: "The object store needs an access key and a secret key, of visible ASCII characters."
        case .prefix: "The prefix in the bucket must be names with single slashes between them, at most 512 bytes."
        case .endpoint: "The object store's endpoint must be an address such as https://s3.example.org, without a path."
        }
    }
}
