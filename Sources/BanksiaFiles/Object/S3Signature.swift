import BanksiaCore
import Crypto
import Foundation
import NIOHTTP1

/// AWS Signature Version 4 in the `Authorization` field.
///
/// Written after "Signature Version 4 signing process" of the AWS documentation, and "Authenticating requests: using the
/// Authorization header" of the Amazon S3 API reference, whose examples are in the tests.
struct S3Signature {
    let settings: S3Settings
    let now: Instant
    let host: String

    /// - Parameter host: as the request's field says; the settings' own, except in examples.
    init(settings: S3Settings, now: Instant, host: String? = nil) {
        self.settings = settings
        self.now = now
        self.host = host ?? settings.host
    }

    /// All header fields to send with a request: its own, those that the signature needs, and the signature.
    func headers(for request: S3Request) -> [(name: String, value: String)] {
        let hash = request.payloadHash
        var headers = request.headers
        headers += [("host", host), ("x-amz-date", time), ("x-amz-content-sha256", hash)]
        if let token = settings.sessionToken { headers.append(("x-amz-security-token", token)) }
        headers.sort { $0.name < $1.name }
        let names = headers.map(\.name).joined(separator: ";")
        let canonical = [
            request.method.rawValue, request.path(settings), request.encodedQuery,
            headers.map { "\($0.name):\($0.value)\n" }.joined(), names, hash,
        ].joined(separator: "\n")
        let signature = signature(of: canonical)
        headers.append(
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=\(settings.accessKey)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
            ))
        return headers
    }

    private func signature(of canonicalRequest: String) -> String {
        let digest = ContentDigest(SHA256.hash(data: Data(canonicalRequest.utf8))).hex
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(digest)"
        return [date, settings.region, "s3", "aws4_request", text].reduce(Data("AWS4\(settings.secretKey)".utf8)) { key, text in
            Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
        }.map { byte in String(byte, radix: 16).leftPadded }.joined()
    }

    /// Whose key it is for: one day, one region, one service.
    private var scope: String { "\(date)/\(settings.region)/s3/aws4_request" }
    /// ISO 8601 basic, without a fraction.
    private var time: String { now.secondsText.filter { $0 != "-" && $0 != ":" } }
    private var date: String { String(time.prefix(8)) }
}

extension Instant {
    /// RFC 3339 in UTC, without a fraction of a second.
    fileprivate var secondsText: String { Instant(microseconds: microseconds - microseconds % 1_000_000).description }
}

extension String {
    fileprivate var leftPadded: String { count == 1 ? "0" + self : self }
}
