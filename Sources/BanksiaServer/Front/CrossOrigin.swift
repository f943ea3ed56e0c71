import HTTPTypes
import Hummingbird

/// Lets pages of any origin call the API with a bearer key: no cookies are involved, so no origin is worth refusing.
enum CrossOrigin {
    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    private static let requestHeaders =
        "Authorization, Content-Type, Accept, Range, If-None-Match, If-Range, X-Request-Id, X-Client-Generation"
    private static let exposed = [
        "X-Request-Id", "x-new-access-token", "Retry-After", "X-Should-Retry", "X-RateLimit-Limit", "X-RateLimit-Remaining",
        "X-RateLimit-Reset", "Content-Disposition", "Content-Range", "Content-Length", "Accept-Ranges", "ETag",
    ].joined(separator: ", ")

    /// Marks an answer as readable by any page. It is on every answer, so that a cached one serves all origins alike.
    static func allow(_ headers: inout HTTPFields) {
        headers[.accessControlAllowOrigin] = "*"
        headers[.accessControlExposeHeaders] = exposed
    }

    /// The answer to a preflight. Browsers take no wildcard for `Authorization`, and SDKs send an open set of
    /// `X-Stainless-*` names, so the names that were asked for are granted beside the usual ones.
    static func preflight(_ request: Request) -> Response {
        var headers: HTTPFields = [.accessControlAllowMethods: methods, .accessControlMaxAge: "86400"]
        headers[.accessControlAllowHeaders] = requestHeaders + (requestedHeaders(request.headers).map { ", " + $0 } ?? "")
        return Response(status: .noContent, headers: headers)
    }

    private static func requestedHeaders(_ headers: HTTPFields) -> String? {
        guard let asked = headers[.accessControlRequestHeaders], !asked.isEmpty, asked.utf8.count <= 2048 else { return nil }
        let isTokenList = asked.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ",")
                || byte == UInt8(ascii: " ")
        }
        return isTokenList ? asked : nil
    }
}
