import BanksiaContract
import Foundation
import HTTPTypes
import Synchronization
import Yams

/// The tools of this server. What they take and what they are for is read from the contract, once.
final class ToolBox: Sendable {
    private let made = Mutex<[Tool]?>(nil)

    /// All tools, in the order in which they are shown.
    ///
    /// - Throws: `OpenAPIProblem` when the document is not part of the installation.
    func all() throws -> [Tool] {
        try made.withLock { made in
            if let made { return made }
            guard let url = Contract.documentURL, let document = try Yams.compose(yaml: String(contentsOf: url, encoding: .utf8))
            else { throw OpenAPIProblem.missing }
            let reader = ContractSchemas(document: document)
            let tools = try Self.operations.map { id in
                guard let operation = Operations.all.first(where: { $0.id == id }), let tool = try reader.tool(operation) else {
                    throw OpenAPIProblem.missing
                }
                return tool
            }
            made = tools + [.viewAsset]
            return tools + [.viewAsset]
        }
    }

    /// What a language model gets to do. Left out are the accounts, keys and members of people, uploads, and the deletion of
    /// photos: what is trashed here can be restored for as long as the trash is kept.
    static let operations = [
        "list_libraries", "get_library", "search_assets", "list_assets", "get_asset", "count_assets", "get_geo_clusters",
        "update_asset", "bulk_update_assets", "trash_assets", "restore_assets", "list_albums", "get_album", "create_album",
        "update_album", "delete_album", "list_album_assets", "add_assets_to_album", "remove_assets_from_album", "list_people",
        "get_person", "create_person", "update_person", "merge_people", "list_faces", "get_face", "update_face", "list_stacks",
        "get_stack", "list_events", "list_tasks", "list_asset_tasks",
    ]
}

/// Reads from the contract what an operation takes, as a JSON Schema (draft 2020-12) of one object.
struct ContractSchemas {
    let document: Node

    /// Schemas of this API nest four levels; a loop would nest for ever.
    private static let depthLimit = 12
    /// What a tool takes besides: see `Tool.use`.
    static let dryRun = "dry_run"

    /// The tool of an operation; `nil` when the contract does not have it.
    func tool(_ operation: Operation) throws -> Tool? {
        guard let node = document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()] else { return nil }
        var parameters: [String: Tool.Place] = [:]
        var properties: [String: JSONValue] = [:]
        var required: [JSONValue] = []
        for given in node["parameters"]?.sequence.map(Array.init) ?? [] {
            let parameter = resolved(given)
            guard let name = parameter["name"]?.string, let place = parameter["in"]?.string, place != "header" else { continue }
            parameters[name] = place == "path" ? .path : .query
            properties[name] = described(schema(parameter["schema"]), parameter["description"]?.string)
            if parameter["required"]?.bool == true { required.append(.string(name)) }
        }
        if let given = node["requestBody"]?["content"]?["application/json"]?["schema"] {
            let body = resolved(given)
            for (key, value) in body["properties"]?.mapping.map(Array.init) ?? [] {
                guard let name = key.string, parameters[name] == nil else { continue }
                parameters[name] = .body
                properties[name] = schema(value)
            }
            required += body["required"]?.sequence?.compactMap(\.string).map { .string($0) } ?? []
        }
        if operation.method != .get {
            properties[Self.dryRun] = described(
                .object(["type": .string("boolean"), "default": .bool(false)]),
                "Change nothing; answer what would change.")
        }
        let words = [node["summary"]?.string, node["description"]?.string].compactMap { $0 }.joined(separator: ". ")
        return Tool(
            name: operation.id, words: words, operation: operation, places: parameters,
            schema: .object([
                "type": .string("object"), "properties": .object(properties), "required": .array(required),
                "additionalProperties": .bool(false),
            ]))
    }

    private func resolved(_ node: Node) -> Node {
        guard let path = node["$ref"]?.string, path.hasPrefix("#/") else { return node }
        return path.dropFirst(2).split(separator: "/").reduce(document as Node?) { $0?[String($1)] } ?? node
    }

    private func described(_ schema: JSONValue, _ words: String?) -> JSONValue {
        guard case .object(var fields) = schema, let words else { return schema }
        fields["description"] = .string(words)
        return .object(fields)
    }

    private static let kept: Set<String> = [
        "type", "description", "enum", "items", "properties", "required", "default", "minimum", "maximum", "minLength",
        "maxLength",
        "minItems", "maxItems", "oneOf", "anyOf", "allOf", "additionalProperties", "pattern",
    ]

    /// A schema of OpenAPI 3.0 as one of JSON Schema: references resolved, `nullable` said as a type.
    private func schema(_ node: Node?, depth: Int = 0) -> JSONValue {
        guard let node, depth < Self.depthLimit else { return .object([:]) }
        let resolved = resolved(node)
        guard let mapping = resolved.mapping else { return .object([:]) }
        var fields: [String: JSONValue] = [:]
        for (key, value) in mapping {
            guard let key = key.string, Self.kept.contains(key) else { continue }
            switch key {
            case "properties":
                fields[key] = .object(
                    Dictionary(
                        value.mapping?.compactMap { name, value in name.string.map { ($0, schema(value, depth: depth + 1)) } }
                            ?? [],
                        uniquingKeysWith: { first, _ in first }))
            case "items": fields[key] = schema(value, depth: depth + 1)
            case "oneOf", "anyOf", "allOf":
                fields[key] = .array(value.sequence?.map { schema($0, depth: depth + 1) } ?? [])
            default: fields[key] = JSONValue(value)
            }
        }
        if resolved["nullable"]?.bool == true, let type = fields["type"] {
            fields["type"] = .array([type, .string("null")])
            if case .array(let values)? = fields["enum"], !values.contains(.null) { fields["enum"] = .array(values + [.null]) }
        }
        return .object(fields)
    }
}

extension JSONValue {
    /// A node of YAML.
    fileprivate init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .object(
                Dictionary(mapping.map { ($0.string ?? "", JSONValue($1)) }, uniquingKeysWith: { first, _ in first }))
        case .sequence(let sequence): self = .array(sequence.map { JSONValue($0) })
        default:
            switch Resolver.default.resolveTag(of: node) {
            case .int, .float: self = .number(node.float ?? 0, node.string ?? "0")
            case .bool: self = .bool(node.bool ?? false)
            case .null: self = .null
            default: self = .string(node.string ?? "")
            }
        }
    }
}
