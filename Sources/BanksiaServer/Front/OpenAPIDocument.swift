import BanksiaAPI
import BanksiaContract
import BanksiaCore
import Foundation
import NIOCore
import Synchronization
import Yams

/// The contract as JSON, for `/openapi.json`. Converted from the YAML once, when it is first asked for.
final class OpenAPIDocument: Sendable {
    private let cached = Mutex<ByteBuffer?>(nil)

    /// The document's bytes, keys in the order of the YAML.
    func bytes() throws -> ByteBuffer {
        try cached.withLock { cached in
            if let cached { return cached }
            guard let url = Contract.documentURL else { throw OpenAPIProblem.missing }
            let text = try String(contentsOf: url, encoding: .utf8)
            guard let root = try Yams.compose(yaml: text) else { throw OpenAPIProblem.missing }
            let converted = JSONWriter.bytes(of: YAMLNode(node: root), capacity: 1 << 19)
            cached = converted
            return converted
        }
    }
}

/// The document does not lie where the binary expects it.
enum OpenAPIProblem: Problem {
    case missing

    var code: String { "service_unavailable" }
    var kind: ProblemKind { .unavailable }
    var detail: String { "The API document is not part of this installation." }
}

/// YAML's core schema has more spellings than JSON; the resolver's tag says what a scalar is.
private struct YAMLNode: JSONWritable {
    let node: Node

    func write(to writer: inout JSONWriter) {
        switch node {
        case .mapping(let mapping):
            writer.object {
                for (key, value) in mapping {
                    $0.key(dynamic: key.scalar?.string ?? "")
                    YAMLNode(node: value).write(to: &$0)
                }
            }
        case .sequence(let sequence): writer.array(sequence) { YAMLNode(node: $1).write(to: &$0) }
        default: writeScalar(to: &writer)
        }
    }

    private func writeScalar(to writer: inout JSONWriter) {
        switch Resolver.default.resolveTag(of: node) {
        case .int: writer.integer(node.int.map(Int64.init) ?? 0)
        case .float: writer.number(node.float ?? 0)
        case .bool: writer.bool(node.bool ?? false)
        case .null: writer.null()
        default: writer.string(node.scalar?.string ?? "")
        }
    }
}
