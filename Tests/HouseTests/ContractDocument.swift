import BanksiaContract
import Foundation
import Yams

/// `api/openapi.yaml`, as far as these tests look into it.
struct ContractDocument {
    let root: Node

    init() throws {
        guard let url = Contract.documentURL, let node = try Yams.compose(yaml: String(contentsOf: url, encoding: .utf8)) else {
            throw CocoaError(.fileReadNoSuchFile)
        }
        root = node
    }

    /// One operation of the document.
    struct Operation {
        let method: String
        let path: String
        let node: Node

        var id: String { node["operationId"]?.string ?? "" }
        var requiredAction: String? { node["x-required-action"]?.string }
        var minimumRole: String? { node["x-minimum-role"]?.string }
        var isFirstPartyOnly: Bool { node["x-first-party-only"]?.bool == true }
        /// Whether it says of itself that no credential is needed.
        var isOpen: Bool {
            guard let ways = node["security"]?.sequence else { return false }
            return ways.isEmpty || ways.contains { $0.mapping?.isEmpty == true }
        }
        var takesSignedURL: Bool { node["security"]?.sequence?.contains { $0["signedUrl"] != nil } == true }
        var bodyTypes: [String] { node["requestBody"]?["content"]?.mapping?.keys.compactMap(\.string) ?? [] }
    }

    var operations: [Operation] {
        let methods: Set<String> = ["get", "head", "post", "patch", "put", "delete"]
        return root["paths"]?.mapping?.flatMap { path, entry in
            entry.mapping?.compactMap { method, node in
                method.string.flatMap {
                    methods.contains($0) ? Operation(method: $0.uppercased(), path: path.string ?? "", node: node) : nil
                }
            } ?? []
        } ?? []
    }

    /// The documented keys of a schema, in the document's order.
    func keys(of schema: String) -> [String] {
        root["components"]?["schemas"]?[schema]?["properties"]?.mapping?.keys.compactMap(\.string) ?? []
    }
}
