import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import HTTPTypes
import Hummingbird
import NIOCore

/// Sends a file that never changes under its name: whole or in part, or only word that the client has it already.
struct FileResponse {
    let delivery: Delivery
    /// Whether the address names these very bytes, so that they may be kept for ever.
    let isPermanent: Bool

    private var entityTag: String { "\"\(delivery.entityTag)\"" }

    func response(to call: Call) async throws -> Response {
        let request = call.request
        var headers = commonHeaders
        if let tags = request.headers[.ifNoneMatch], matches(tags) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = delivery.mimeType
        headers[.contentTypeOptions] = "nosniff"
        // Strangers made these files, and our pages have cookies: as a page of its own no file may run anything.
        headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        if let name = delivery.fileName { headers[.contentDisposition] = ContentDisposition.attachment(name) }
        let asked = mayUseRange(request.headers) ? request.headers[.range] : nil
        switch ByteRange(asked, size: delivery.sizeBytes) {
        case .whole: return try await send(0..<delivery.sizeBytes, .ok, headers, call)
        case .unsatisfiable: throw RequestProblem.rangeNotSatisfiable(size: delivery.sizeBytes)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(delivery.sizeBytes)"
            return try await send(range, .partialContent, headers, call)
        }
    }

    private var commonHeaders: HTTPFields {
        [
            .eTag: entityTag, .lastModified: HTTPDate.text(delivery.modifiedAt), .acceptRanges: "bytes",
            .cacheControl: isPermanent ? "private, max-age=31536000, immutable" : "private, no-cache",
        ]
    }

    /// RFC 9110 §13.1.2: a list of tags or `*`; the comparison is weak.
    private func matches(_ list: String) -> Bool {
        list.split(separator: ",").contains { tag in
            let bare = tag.filter { $0 != " " }
            return bare == "*" || (bare.hasPrefix("W/") ? String(bare.dropFirst(2)) : bare) == entityTag
        }
    }

    /// RFC 9110 §13.1.5: the range holds only if the client's copy is of these bytes.
    private func mayUseRange(_ headers: HTTPFields) -> Bool {
        guard let condition = headers[.ifRange] else { return true }
        return condition == entityTag || condition == HTTPDate.text(delivery.modifiedAt)
    }

    /// The file is opened here, where its absence can still become an answer; its bytes follow at the client's pace.
    private func send(_ range: Range<Int64>, _ status: HTTPResponse.Status, _ headers: HTTPFields, _ call: Call) async throws
        -> Response
    {
        let wanted = call.request.method == .head ? 0..<0 : range
        let lying = wanted.lowerBound + delivery.start..<wanted.upperBound + delivery.start
        let bytes = try await call.parts.files.read(delivery.file, lying)
        let body = ResponseBody(contentLength: Int(range.upperBound - range.lowerBound)) { [pass = call.pass] writer in
            for try await piece in bytes { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
            withExtendedLifetime(pass) {}
        }
        return Response(status: status, headers: headers, body: body)
    }
}

extension HTTPField.Name {
    static let contentTypeOptions = HTTPField.Name("X-Content-Type-Options")!  // a constant token
}
