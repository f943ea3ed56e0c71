import BanksiaAPI
import BanksiaFiles
import BanksiaLibrary
import HTTPTypes
import Hummingbird
import Logging

/// What every operation may need of the server it runs in.
struct Parts: Sendable {
    let library: PhotoLibrary
    let files: any FileStore
    let signer: MediaSigner
    let document: OpenAPIDocument
    let tools = ToolBox()
    let configuration: ServerConfiguration
    let limiter: RequestLimiter
}

/// One request on its way to an operation: found, read and admitted.
struct Call: Sendable {
    let request: Request
    let path: PathParameters
    let query: Query
    /// The fields of a JSON body; empty for operations that take none.
    let body: JSONBody
    let caller: Viewer?
    /// Where the request comes from, to count by.
    let address: String
    let parts: Parts
    /// Counts this request as under way as long as it is referred to.
    let pass: Gate.Pass
    let logger: Logger

    var library: PhotoLibrary { parts.library }

    /// Who is asking. Operations that need a credential always have one.
    var viewer: Viewer {
        get throws(AccountProblem) {
            guard let caller else { throw .noCredential }
            return caller
        }
    }

    /// Where the client reaches this server.
    var origin: String { PublicOrigin.of(request, setting: parts.configuration.publicURL) }

    /// Makes the URLs of an answer.
    var links: MediaLinks { MediaLinks(origin: origin, signer: parts.signer) }

    /// The library that the query names, or that is meant without a name. Asked for before any value is read, because what
    /// a caller may not see comes before what is wrong with the rest (contract §4).
    func targetLibrary() async throws -> LibraryID {
        try await library.libraries.resolve(query.text("library_id"), by: viewer)
    }

    /// The page size that was asked for.
    func limit() throws(RequestProblem) -> Int { try query.integer("limit", in: 1...200) ?? 20 }
}

extension Response {
    /// An answer in JSON.
    ///
    /// - Parameter capacity: bytes to set aside for it.
    static func json(_ value: some JSONWritable, status: HTTPResponse.Status = .ok, capacity: Int = 2048) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: JSONWriter.bytes(of: value, capacity: capacity)))
    }
}
