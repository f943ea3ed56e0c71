import AsyncHTTPClient
import BanksiaCore
import Foundation
import NIOCore
import NIOHTTP1

/// What a listing says of an object.
struct S3Entry: Equatable {
    /// Below the settings' prefix.
    let key: String
    let size: Int64
    let modifiedAt: Instant
}

// The operations are those of the Amazon S3 API reference, by the same names.
extension S3Client {
    /// HeadObject: the size of an object; `nil` when there is none.
    func size(of key: String) async throws -> Int64? {
        do {
            let headers = try await head(S3Request(method: .HEAD, key: key, patience: .seconds(10)))
            guard let size = headers.first(name: "content-length").flatMap({ Int64($0) }), size >= 0 else {
                throw FileProblem.unexpected(200)
            }
            return size
        } catch FileProblem.missing {
            return nil
        }
    }

    /// PutObject, of at most 5 GiB. The store compares the checksum before the object is there.
    func put(_ key: String, _ part: S3Request.FilePart) async throws {
        try await head(
            S3Request(
                method: .PUT, key: key, headers: [("x-amz-checksum-sha256", part.sha256.base64)], body: .file(part),
                patience: Self.uploadPatience))
    }

    /// PutObject of a few bytes.
    func put(_ key: String, bytes: [UInt8]) async throws {
        try await head(S3Request(method: .PUT, key: key, body: .bytes(bytes)))
    }

    /// For a body to be sent whole, however slowly, as long as it moves (the connection has a bound on standing still).
    static let uploadPatience = Duration.seconds(300)

    /// GetObject, a part of it. The answer is exactly so long.
    ///
    /// - Parameter entityTag: only if the object is still the one that had it.
    /// - Throws: `FileProblem.missing` when there is no such object or it ends earlier.
    func get(_ key: String, _ range: Range<Int64>, ifMatch entityTag: String? = nil) async throws -> HTTPClientResponse {
        var headers = [("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        if let entityTag { headers.append(("if-match", entityTag)) }
        let response = try await perform(S3Request(method: .GET, key: key, headers: headers.map { ($0, $1) })) { $0 }
        let isWhole = response.status == .ok && range.lowerBound == 0
        guard response.status == .partialContent || isWhole,
            let length = response.headers.first(name: "content-length").flatMap({ Int64($0) })
        else { throw FileProblem.unexpected(Int(response.status.code)) }
        guard length >= range.upperBound - range.lowerBound else { throw FileProblem.missing }
        guard length == range.upperBound - range.lowerBound || isWhole else { throw FileProblem.damaged }
        return response
    }

    /// DeleteObject; one that is not there is fine.
    func delete(_ key: String) async throws {
        do {
            try await head(S3Request(method: .DELETE, key: key, patience: .seconds(8)))
        } catch FileProblem.missing {
            // Some stores say so.
        }
    }

    /// ListObjectsV2: all objects below a prefix in the order of their keys, a page of at most 1000 at a time.
    func forEachPage(below prefix: String, _ body: ([S3Entry]) async throws -> Void) async throws {
        var token: String?
        var last = ""
        repeat {
            var query = [("list-type", "2"), ("prefix", settings.prefix + prefix)]
            if let token { query.append(("continuation-token", token)) }
            let page = try await tree(S3Request(method: .GET, query: query.map { ($0, $1) }, patience: .seconds(30)))
            let entries = try page.all("Contents").map(entry)
            // A store that repeats itself would keep us here for ever.
            for entry in entries {
                guard last.utf8.lexicographicallyPrecedes(entry.key.utf8) else { throw FileProblem.unexpected(200) }
                last = entry.key
            }
            if !entries.isEmpty { try await body(entries) }
            let next = page["IsTruncated"] == "true" ? page["NextContinuationToken"] : nil
            guard next == nil || (next != token && !entries.isEmpty) else { throw FileProblem.unexpected(200) }
            token = next
        } while token != nil
    }

    private func entry(_ tree: XMLTree) throws -> S3Entry {
        guard let key = tree["Key"], key.hasPrefix(settings.prefix), let size = tree["Size"].flatMap({ Int64($0) }),
            let modified = tree["LastModified"].flatMap({ CaptureTime($0)?.instant })
        else { throw FileProblem.unexpected(200) }
        return S3Entry(key: String(key.dropFirst(settings.prefix.count)), size: size, modifiedAt: modified)
    }
}

extension S3Request.FilePart {
    /// A part of a local file; reads it to hash it.
    init(_ path: String, _ range: Range<Int64>, pool: BlockingPool) async throws {
        self = try await pool.run {
            let file = try OpenFile(path)
            return Self(file: file, range: range, sha256: try ContentDigest(hashing: file, range), pool: pool)
        }
    }

    /// A whole local file whose digest is known.
    init(_ path: String, size: Int64, sha256: ContentDigest, pool: BlockingPool) async throws {
        self = try await pool.run { Self(file: try OpenFile(path), range: 0..<size, sha256: sha256, pool: pool) }
    }

    /// The bytes, as a request sends them.
    var buffers: AsyncMapSequence<FileBytes, ByteBuffer> {
        FileBytes(file, range, pool: pool).map { ByteBuffer(bytes: $0) }
    }
}

extension ContentDigest {
    /// As checksum fields want it.
    var base64: String { Data(bytes).base64EncodedString() }
}
