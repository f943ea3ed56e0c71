import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import HTTPTypes
import Hummingbird
import NIOCore

/// Tools for language models, by the Model Context Protocol over HTTP (modelcontextprotocol.io, revision 2025-06-18,
/// "Streamable HTTP"): each message is a request of its own, answered at once in JSON; there are no sessions and no streams.
///
/// A tool is an operation of the contract, called as the same viewer with the same rights, so nothing can be done here that
/// the credential does not grant elsewhere.
enum MCPRoute {
    static let operations: [Operation] = [Operation(.post, "/mcp", "mcp", .needs(.read, nil), answer)]

    /// What the server says it speaks, newest first.
    private static let revisions = ["2025-06-18", "2025-03-26", "2024-11-05"]
    /// Arguments are those of the API's own bodies, and some of this protocol.
    private static let bodyLimit = 1 << 20

    static func answer(_ call: Call) async throws -> Response {
        // A page of another site may have a browser send a cookie, but not this header; so `Origin` need not be looked at.
        _ = try Authentication.bearerText(call.request)
        if let revision = call.request.headers[.mcpProtocolVersion], !revisions.contains(revision) {
            throw RequestProblem.unknownChoice(field: "MCP-Protocol-Version", among: revisions)
        }
        let bytes = try await BodyReading.collect(call.request, upTo: bodyLimit, named: "1 MiB")
        let message: MCPMessage
        do { message = try MCPMessage(bytes) } catch let failure as MCPFailure {
            return .json(MCPReply(id: .null, .failure(failure)), status: .badRequest)
        }
        // A notification, or an answer to something that was never asked.
        guard let id = message.id else { return Response(status: .accepted) }
        do {
            return .json(MCPReply(id: id, .result(try await result(of: message, call))), capacity: 1 << 14)
        } catch let failure as MCPFailure {
            return .json(MCPReply(id: id, .failure(failure)))
        }
    }

    private static func result(of message: MCPMessage, _ call: Call) async throws -> JSONValue {
        switch message.method {
        case "initialize": return greeting(asked: message.parameters["protocolVersion"]?.text)
        case "ping": return .object([:])
        case "tools/list": return .object(["tools": .array(try call.parts.tools.all().map(\.description))])
        case "tools/call":
            guard let name = message.parameters["name"]?.text,
                let tool = try call.parts.tools.all().first(where: { $0.name == name })
            else { throw MCPFailure.parameters("There is no such tool.") }
            guard case .object(let arguments) = message.parameters["arguments"] ?? .object([:]) else {
                throw MCPFailure.parameters("The arguments of a tool are an object.")
            }
            return try await tool.use(arguments, call)
        default: throw MCPFailure.unknownMethod(message.method)
        }
    }

    /// An unknown revision is answered with the newest of ours ("Lifecycle", version negotiation).
    private static func greeting(asked: String?) -> JSONValue {
        let revision = asked.flatMap { revisions.contains($0) ? $0 : nil } ?? revisions[0]
        return .object([
            "protocolVersion": .string(revision), "capabilities": .object(["tools": .object([:])]),
            "serverInfo": .object(["name": .string("banksia"), "title": .string("Banksia"), "version": .string(Release.version)]),
            "instructions": .string(
                """
                A photo library. Find photos with search_assets, in plain words, or with list_assets by time and kind; look at \
                one with view_asset. Tools that change something take dry_run: they then answer what would change.
                """),
        ])
    }
}

/// A request or notification of JSON-RPC 2.0.
struct MCPMessage {
    /// `nil` for a notification, which is not answered.
    let id: JSONValue?
    let method: String
    let parameters: [String: JSONValue]

    /// - Throws: `MCPFailure` when it is none.
    init(_ bytes: [UInt8]) throws {
        let fields: [String: JSONValue]
        do { fields = try JSONBody(bytes).fields } catch { throw MCPFailure.parse(error.detail) }
        guard fields["jsonrpc"] == .string("2.0") else { throw MCPFailure.request("jsonrpc is not 2.0.") }
        id = fields["id"]
        method = fields["method"]?.text ?? ""
        guard !method.isEmpty || fields["result"] != nil || fields["error"] != nil else {
            throw MCPFailure.request("There is no method.")
        }
        if case .object(let given)? = fields["params"] { parameters = given } else { parameters = [:] }
    }
}

/// What is wrong with a message (JSON-RPC 2.0, §5.1). What a tool could not do is no such failure but its result.
enum MCPFailure: Error {
    case parse(String)
    case request(String)
    case unknownMethod(String)
    case parameters(String)

    var code: Int {
        switch self {
        case .parse: -32700
        case .request: -32600
        case .unknownMethod: -32601
        case .parameters: -32602
        }
    }

    var message: String {
        switch self {
        case .parse(let reason), .request(let reason), .parameters(let reason): reason
        case .unknownMethod(let name): "This server does not know the method \(name.prefix(100))."
        }
    }
}

/// A response of JSON-RPC 2.0.
private struct MCPReply: JSONWritable {
    enum Outcome {
        case result(JSONValue)
        case failure(MCPFailure)
    }

    let id: JSONValue
    let outcome: Outcome

    init(id: JSONValue, _ outcome: Outcome) {
        self.id = id
        self.outcome = outcome
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("jsonrpc", "2.0")
            $0.field("id", id)
            switch outcome {
            case .result(let result): $0.field("result", result)
            case .failure(let failure):
                $0.field(
                    "error",
                    JSONValue.object([
                        "code": .number(Double(failure.code), "\(failure.code)"), "message": .string(failure.message),
                    ]))
            }
        }
    }
}

extension JSONValue {
    /// The text of a string.
    var text: String? { if case .string(let text) = self { text } else { nil } }
}

extension HTTPField.Name {
    fileprivate static let mcpProtocolVersion = HTTPField.Name("mcp-protocol-version")!  // a constant token
}
