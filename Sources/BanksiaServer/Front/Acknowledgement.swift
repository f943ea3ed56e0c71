import HTTPTypes
import Hummingbird
import NIOCore

/// The answer of calls that have nothing to say.
enum Acknowledgement {
    /// 200 with `{}` for clients that name `application/json` in `Accept` (the newest SDK parses an object), else 204
    /// (older SDKs send `*/*` here and expect nothing).
    static func of(_ request: Request) -> Response {
        let accepts = request.headers[values: .accept].joined(separator: ",").split(separator: ",")
        let namesJSON = accepts.contains { range in
            range.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() == "application/json"
        }
        guard namesJSON else { return Response(status: .noContent) }
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(string: "{}")))
    }
}
