import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// One thing that a language model can do: an operation of the contract, or looking at a picture.
struct Tool: Sendable {
    /// Where an argument goes in the operation's request.
    enum Place: Sendable { case path, query, body }

    let name: String
    /// What it is for.
    let words: String
    /// `nil` for looking at a picture.
    let operation: Operation?
    let places: [String: Place]
    let schema: JSONValue

    private var isReading: Bool { operation.map { $0.method == .get } ?? true }

    /// As it is listed ("Tools", listing; annotations say what a client may ask its user about).
    var description: JSONValue {
        .object([
            "name": .string(name), "description": .string(words), "inputSchema": schema,
            "annotations": .object([
                "readOnlyHint": .bool(isReading), "destructiveHint": .bool(!isReading && operation?.method != .post),
                "openWorldHint": .bool(false),
            ]),
        ])
    }

    /// Calls the operation. With `dry_run` everything happens as it would, and is taken back at the end.
    ///
    /// - Returns: the operation's answer as text. That it was refused is told the same way, for the model to do better.
    func use(_ arguments: [String: JSONValue], _ call: Call) async throws -> JSONValue {
        do {
            guard let operation else { return try await viewAsset(arguments, call) }
            var arguments = arguments
            let isDry = try Self.flag(arguments.removeValue(forKey: ContractSchemas.dryRun)) && !isReading
            let request = try request(arguments, call)
            try call.viewer.admit(to: operation)
            guard isDry else { return try await Self.text(of: operation.answer(request)) }
            let rehearsal = try await call.library.rehearse(by: call.viewer) {
                try await Self.bytes(of: operation.answer(request), atMost: Self.mostBytes)
            }
            return Self.result([Self.text(Rehearsed(answer: rehearsal.answer, events: rehearsal.events))])
        } catch let problem as any Problem {
            return Self.result([Self.content(text: "\(problem.code): \(problem.detail)")], isFailure: true)
        }
    }

    /// Whether a change is only tried. What is no truth value is refused: models like to write "true", and mean it.
    private static func flag(_ value: JSONValue?) throws -> Bool {
        switch value {
        case nil, .null: return false
        case .bool(let isOn): return isOn
        default:
            throw RequestProblem.invalid(
                field: ContractSchemas.dryRun, issue: "\(ContractSchemas.dryRun) must be true or false, without quotes.")
        }
    }

    /// The operation's request with these arguments.
    private func request(_ arguments: [String: JSONValue], _ call: Call) throws -> Call {
        var (path, query, body) = (PathParameters(), [(name: String, value: String)](), [String: JSONValue]())
        for (name, value) in arguments.sorted(by: { $0.key < $1.key }) {
            guard let place = places[name] else {
                throw RequestProblem.invalid(field: name, issue: "This tool takes no \(name).")
            }
            switch place {
            case .body: body[name] = value
            case .query: query += value.words.map { (name, $0) }
            case .path:
                guard let word = value.words.first else { continue }
                path.values.append((Substring(name), word))
            }
        }
        for (name, place) in places where place == .path && !path.values.contains(where: { $0.name == name }) {
            throw RequestProblem.invalid(field: name, issue: "\(name) is needed.")
        }
        // Without being asked for more, an answer is short: what goes with each asset is several kilobytes.
        if places["include"] == .query, arguments["include"] == nil { query.append(("include", "")) }
        return Call(
            request: call.request, path: path, query: Query(fields: query), body: JSONBody(fields: body), caller: call.caller,
            address: call.address, parts: call.parts, pass: call.pass, logger: call.logger)
    }

    // MARK: Results

    /// More than a model can read; lists have pages.
    private static let mostBytes = 4 << 20

    private static func result(_ content: [JSONValue], isFailure: Bool = false) -> JSONValue {
        .object(["content": .array(content), "isError": .bool(isFailure)])
    }

    private static func content(text: String) -> JSONValue { .object(["type": .string("text"), "text": .string(text)]) }

    private static func text(_ value: some JSONWritable) -> JSONValue {
        content(text: String(buffer: JSONWriter.bytes(of: value)))
    }

    private static func text(of response: Response) async throws -> JSONValue {
        let buffer = try await bytes(of: response, atMost: mostBytes)
        return result([content(text: buffer.readableBytes == 0 ? "Done." : String(buffer: buffer))])
    }

    private static func bytes(of response: Response, atMost limit: Int) async throws -> ByteBuffer {
        let collected = CollectedBody(limit: limit)
        try await response.body.write(collected)
        return collected.bytes
    }

    // MARK: Looking

    /// Shows what is in a photo or, of a video, its still.
    static let viewAsset = Tool(
        name: "view_asset", words: "Look at an asset: returns the picture itself, or the still of a video.", operation: nil,
        places: [:],
        schema: .object([
            "type": .string("object"),
            "properties": .object([
                "asset_id": .object(["type": .string("string"), "description": .string("Asset id.")]),
                "size": .object([
                    "type": .string("string"), "enum": .array(sizes.map { .string($0.rawValue) }),
                    "default": .string(Variant.small.rawValue),
                    "description": .string("Longest edge: thumbnail 360, small 720, preview 1440 pixels."),
                ]),
            ]),
            "required": .array([.string("asset_id")]), "additionalProperties": .bool(false),
        ]))

    private static let sizes: [Variant] = [.thumbnail, .small, .preview]

    private func viewAsset(_ arguments: [String: JSONValue], _ call: Call) async throws -> JSONValue {
        guard let asset = arguments["asset_id"]?.text else {
            throw RequestProblem.invalid(field: "asset_id", issue: "asset_id is needed.")
        }
        let size = arguments["size"]?.text ?? Variant.small.rawValue
        guard Self.sizes.contains(where: { $0.rawValue == size }) else {
            throw RequestProblem.unknownChoice(field: "size", among: Self.sizes.map(\.rawValue))
        }
        let response = try await MediaRoutes.whole(size, of: asset, call)
        let bytes = try await Self.bytes(of: response, atMost: Self.mostBytes)
        return Self.result([
            .object([
                "type": .string("image"), "mimeType": .string(response.headers[.contentType] ?? ""),
                "data": .string(Data(bytes.readableBytesView).base64EncodedString()),
            ])
        ])
    }
}

/// What a tool would answer, and what it would change.
private struct Rehearsed: JSONWritable {
    let answer: ByteBuffer
    let events: [Event]

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("dry_run", true)
            $0.key("answer")
            if answer.readableBytes == 0 { $0.null() } else { $0.json(String(buffer: answer)) }
            $0.key("changes")
            $0.array(events) { writer, event in
                writer.object {
                    $0.field("event_type", event.type)
                    $0.field("entity_type", event.entity)
                    $0.field("entity_id", event.entityID)
                }
            }
        }
    }
}

/// The bytes of an answer that goes nowhere.
private final class CollectedBody: ResponseBodyWriter {
    private let limit: Int
    private(set) var bytes = ByteBuffer()

    init(limit: Int) { self.limit = limit }

    func write(_ buffer: ByteBuffer) async throws {
        guard bytes.readableBytes + buffer.readableBytes <= limit else { throw RequestProblem.bodyTooLarge(limit: "4 MiB") }
        bytes.writeImmutableBuffer(buffer)
    }

    func finish(_: HTTPFields?) async throws {}
}

extension JSONValue {
    /// How a query spells it: a list as several values, nothing for null.
    fileprivate var words: [String] {
        switch self {
        case .null, .object: []
        case .bool(let value): ["\(value)"]
        case .number(_, let spelling): [spelling]
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.words)
        }
    }
}
