import HTTPTypes
import Hummingbird
import NIOCore

/// What needs no credential: liveness and the contract.
enum ServerRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/server/ping", "ping", .open, ping),
        Operation(.get, "/openapi.json", "get_openapi_document", .open, document),
    ]

    static func ping(_: Call) async throws -> Response {
        Response(status: .ok, headers: [.contentType: "text/plain"], body: ResponseBody(byteBuffer: ByteBuffer(string: "pong")))
    }

    static func document(_ call: Call) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: try call.parts.document.bytes()))
    }
}
