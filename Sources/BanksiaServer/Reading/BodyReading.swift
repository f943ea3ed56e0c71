import BanksiaCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Small bodies, read whole.
enum BodyReading {
    /// A JSON body has this many bytes at most (contract §1).
    static let jsonLimit = 1 << 20

    /// The body of a call that takes JSON. Without a body any content type will do: SDKs name JSON on empty ones.
    static func json(_ request: Request) async throws -> JSONBody {
        let bytes = try await collect(request, upTo: jsonLimit, named: "1 MiB")
        if !bytes.isEmpty, let type = request.headers[.contentType], !isJSON(type) {
            throw RequestProblem.wrongContentType(expected: "application/json")
        }
        return try JSONBody(bytes)
    }

    private static func isJSON(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json")
    }

    /// How long a small body may take. Whoever sends one holds a place that others wait for.
    private static let patience = Duration.seconds(30)

    /// The bytes of a small body.
    ///
    /// - Parameters:
    ///   - name: the limit, as a person reads it.
    ///   - patience: how long it may take.
    static func collect(
        _ request: Request, upTo limit: Int, named name: String, patience: Duration = patience
    ) async throws -> [UInt8] {
        let tooLarge = RequestProblem.bodyTooLarge(limit: name)
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > limit { throw tooLarge }
        let end = ContinuousClock.now + patience
        var bytes: [UInt8] = []
        // The connection ends silence; this ends a trickle.
        for try await chunk in request.body {
            guard bytes.count + chunk.readableBytes <= limit else { throw tooLarge }
            guard ContinuousClock.now < end else { throw RequestProblem.tooSlow }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }
}
