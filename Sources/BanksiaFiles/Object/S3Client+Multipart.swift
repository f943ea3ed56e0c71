import BanksiaCore
import Foundation
import NIOHTTP1

/// A part that a store has taken.
struct S3Part: Sendable {
    let number: Int
    let entityTag: String
    /// `nil` for parts that were copied inside the store.
    let sha256: ContentDigest?
}

/// An object that is sent in parts, each checked by its SHA-256.
struct S3Upload: Sendable {
    let key: String
    let id: String
}

extension S3Client {
    /// CreateMultipartUpload.
    func begin(_ key: String, isCopy: Bool = false) async throws -> S3Upload {
        let headers = isCopy ? [] : [("x-amz-checksum-algorithm", "SHA256")]
        let answer = try await tree(
            S3Request(method: .POST, key: key, query: [("uploads", "")], headers: headers.map { ($0, $1) }))
        guard let id = answer["UploadId"], !id.isEmpty else { throw FileProblem.unexpected(200) }
        return S3Upload(key: key, id: id)
    }

    /// UploadPart. Numbers begin with 1.
    func send(_ part: S3Request.FilePart, as number: Int, of upload: S3Upload) async throws -> S3Part {
        let headers = try await head(
            S3Request(
                method: .PUT, key: upload.key, query: [("partNumber", "\(number)"), ("uploadId", upload.id)],
                headers: [("x-amz-checksum-sha256", part.sha256.base64)], body: .file(part), patience: Self.uploadPatience))
        guard let tag = headers.first(name: "etag") else { throw FileProblem.unexpected(200) }
        return S3Part(number: number, entityTag: tag, sha256: part.sha256)
    }

    /// CompleteMultipartUpload.
    ///
    /// - Parameter size: what the object must then have. An answer may get lost; the object is looked at then.
    func complete(_ upload: S3Upload, _ parts: [S3Part], size: Int64) async throws {
        let list = parts.map { part in
            let checksum = part.sha256.map { "<ChecksumSHA256>\($0.base64)</ChecksumSHA256>" } ?? ""
            return "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(part.entityTag.xmlEscaped)</ETag>\(checksum)</Part>"
        }
        let body =
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(list.joined())</CompleteMultipartUpload>"
        do {
            _ = try await tree(
                S3Request(
                    method: .POST, key: upload.key, query: [("uploadId", upload.id)], body: .bytes(Array(body.utf8)),
                    patience: Self.uploadPatience))
        } catch FileProblem.missing {
            // The upload is gone: the first of several attempts has completed it.
        }
        guard try await self.size(of: upload.key) == size else { throw FileProblem.damaged }
    }

    /// AbortMultipartUpload; one that is not there is fine.
    func abort(_ upload: S3Upload) async throws {
        do {
            try await head(S3Request(method: .DELETE, key: upload.key, query: [("uploadId", upload.id)], patience: .seconds(8)))
        } catch FileProblem.missing {
            // Completed or aborted already.
        }
    }

    /// ListMultipartUploads: those below a prefix that have not ended, a page of at most 1000.
    func uploads(below prefix: String) async throws -> [S3Upload] {
        let answer = try await tree(
            S3Request(method: .GET, query: [("uploads", ""), ("prefix", settings.prefix + prefix)], patience: .seconds(30)))
        return answer.all("Upload").compactMap { upload in
            guard let key = upload["Key"], key.hasPrefix(settings.prefix + prefix), let id = upload["UploadId"]
            else { return nil }
            return S3Upload(key: String(key.dropFirst(settings.prefix.count)), id: id)
        }
    }

    // MARK: Copying inside the store

    /// CopyObject, or UploadPartCopy in pieces where the object is larger than one.
    ///
    /// A store gives no sign of life while it copies, so the pieces are smaller than the 5 GiB that one copy may have.
    func copy(_ source: String, to target: String, size: Int64, piece: Int64 = 1 << 30) async throws {
        let from = URIEncoding.path("/\(settings.bucket)/\(settings.prefix)\(source)")
        if size <= piece {
            _ = try await tree(
                S3Request(method: .PUT, key: target, headers: [("x-amz-copy-source", from)], patience: Self.uploadPatience))
        } else {
            try await copyInPieces(from, to: target, size: size, piece: piece)
        }
        guard try await self.size(of: target) == size else { throw FileProblem.damaged }
    }

    private func copyInPieces(_ source: String, to target: String, size: Int64, piece: Int64) async throws {
        let upload = try await begin(target, isCopy: true)
        do {
            var parts: [S3Part] = []
            for start in stride(from: 0, to: size, by: Int64.Stride(piece)) {
                let number = parts.count + 1
                let answer = try await tree(
                    S3Request(
                        method: .PUT, key: target, query: [("partNumber", "\(number)"), ("uploadId", upload.id)],
                        headers: [
                            ("x-amz-copy-source", source),
                            ("x-amz-copy-source-range", "bytes=\(start)-\(min(start + piece, size) - 1)"),
                        ], patience: Self.uploadPatience))
                guard let tag = answer["ETag"] else { throw FileProblem.unexpected(200) }
                parts.append(S3Part(number: number, entityTag: tag, sha256: nil))
            }
            try await complete(upload, parts, size: size)
        } catch {
            await unstoppable { [self] in try await abort(upload) }
            throw error
        }
    }
}
