import BanksiaContract
import BanksiaCore
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Yams

/// The contract as a page to read: made from the document when it is first asked for, without scripts and without anything
/// from elsewhere.
enum ReferencePage {
    static let operations: [Operation] = [Operation(.get, "/docs", "reference_page", .open, answer)]

    private static let rendered = Mutex<Response?>(nil)

    static func answer(_: Call) async throws -> Response {
        if let known = rendered.withLock({ $0 }) { return known }
        guard let url = Contract.documentURL else { throw OpenAPIProblem.missing }
        guard let root = try Yams.compose(yaml: String(contentsOf: url, encoding: .utf8)) else { throw OpenAPIProblem.missing }
        let page = WebPage(title: "API reference", body: Reference(document: root).body, isPublic: true).response()
        rendered.withLock { $0 = page }
        return page
    }
}

/// Renders an OpenAPI document as HTML: a list of contents, each operation, each schema.
struct Reference {
    let document: Node

    private static let methods = ["get", "post", "patch", "put", "delete", "head"]

    /// One operation with where it stands.
    private struct Entry {
        let method: String
        let path: String
        let node: Node
        var id: String { node["operationId"]?.string ?? "" }
    }

    private var entries: [Entry] {
        document["paths"]?.mapping?.flatMap { path, operations in
            Self.methods.compactMap { method in
                operations[method].map { Entry(method: method.uppercased(), path: path.string ?? "", node: $0) }
            }
        } ?? []
    }

    /// The names of the groups in the document's order.
    private var tags: [(name: String, description: String)] {
        document["tags"]?.sequence?.map { ($0["name"]?.string ?? "", $0["description"]?.string ?? "") } ?? []
    }

    var body: HTML {
        let entries = entries
        let schemas = document["components"]?["schemas"]?.mapping?.map { ($0.string ?? "", $1) } ?? []
        var html: HTML = """
            <main class="wide"><h1>\(document["info"]?["title"]?.string ?? "API")</h1>
            <p>\(prose(document["info"]?["description"]))</p>
            <p class="quiet">The same as data: <a href="/openapi.json">/openapi.json</a></p>
            <nav aria-label="Contents">
            """
        for tag in tags {
            html += "<h3>\(tag.name)</h3><ul>"
            for entry in entries where self.tag(of: entry) == tag.name {
                html += "<li><a href=\"#\(entry.id)\">\(entry.node["summary"]?.string ?? entry.id)</a></li>"
            }
            html += "</ul>"
        }
        html += "<h3><a href=\"#schemas\">Schemas</a></h3></nav>"
        for tag in tags {
            html += "<h2>\(tag.name)</h2><p>\(tag.description)</p>"
            for entry in entries where self.tag(of: entry) == tag.name { html += article(entry) }
        }
        html += "<h2 id=\"schemas\">Schemas</h2>"
        for (name, schema) in schemas { html += self.schema(name, schema) }
        return html + "</main>"
    }

    private func tag(of entry: Entry) -> String { entry.node["tags"]?.sequence?.first?.string ?? "" }

    private func article(_ entry: Entry) -> HTML {
        """
        <article id="\(entry.id)"><h3>\(entry.node["summary"]?.string ?? entry.id)</h3>
        <p><span class="method">\(entry.method)</span> <code>\(entry.path)</code></p>
        <p>\(prose(entry.node["description"]))</p>
        \(needs(entry.node))\(parameters(entry.node))\(requestBody(entry.node))\(answers(entry.node))</article>
        """
    }

    private func needs(_ node: Node) -> HTML {
        var words: [String] = []
        if let action = node["x-required-action"]?.string { words.append("action \(action)") }
        if let role = node["x-minimum-role"]?.string { words.append("role \(role)") }
        if node["x-first-party-only"]?.bool == true { words.append("a sign-in at this server") }
        if node["security"]?.sequence?.isEmpty == true { words.append("no credential") }
        return words.isEmpty ? "" : "<p class=\"quiet\">Needs: \(words.joined(separator: ", ")).</p>"
    }

    private func parameters(_ node: Node) -> HTML {
        let parameters = (node["parameters"]?.sequence ?? []).map(resolved)
        guard !parameters.isEmpty else { return "" }
        let rows = parameters.map { parameter -> HTML in
            """
            <tr><td><code>\(parameter["name"]?.string ?? "")</code>\(required(parameter["required"]?.bool == true))</td>
            <td>\(parameter["in"]?.string ?? "")</td><td>\(type(parameter["schema"]))</td><td>\(prose(parameter["description"]))</td></tr>
            """
        }
        return "<h4>Parameters</h4><table>\(rows)</table>"
    }

    private func requestBody(_ node: Node) -> HTML {
        guard let body = node["requestBody"].map(resolved) else { return "" }
        let kinds = body["content"]?.mapping?.map { kind, content -> HTML in
            "<p><code>\(kind.string ?? "")</code>: \(type(content["schema"]))</p>\(properties(content["schema"]))"
        }
        return "<h4>Body</h4>\(kinds ?? [])"
    }

    private func answers(_ node: Node) -> HTML {
        let rows = node["responses"]?.mapping?.map { status, answer -> HTML in
            let answer = resolved(answer)
            let types = answer["content"]?.mapping?.map { type($1["schema"]) } ?? []
            return
                "<tr><td><code>\(status.string ?? "")</code></td><td>\(types)</td><td>\(prose(answer["description"]))</td></tr>"
        }
        return "<h4>Answers</h4><table>\(rows ?? [])</table>"
    }

    private func schema(_ name: String, _ node: Node) -> HTML {
        """
        <article id="schema-\(name)"><h3>\(name)</h3><p>\(prose(node["description"]))</p>
        \(node["properties"] == nil ? "<p>\(type(node))</p>" : properties(node))</article>
        """
    }

    /// The properties of a schema that is written out where it is used, or under its name.
    private func properties(_ node: Node?) -> HTML {
        guard let node, let properties = node["properties"]?.mapping, !properties.isEmpty else { return "" }
        let needed = Set(node["required"]?.sequence?.compactMap(\.string) ?? [])
        let rows = properties.map { key, value -> HTML in
            let name = key.string ?? ""
            return """
                <tr><td><code>\(name)</code>\(required(needed.contains(name)))</td><td>\(type(value))</td>
                <td>\(prose(value["description"]))</td></tr>
                """
        }
        return "<table>\(rows)</table>"
    }

    private func required(_ isRequired: Bool) -> HTML { isRequired ? " <span class=\"quiet\">required</span>" : "" }

    /// A schema in a few words; one with a name is a link.
    private func type(_ node: Node?) -> HTML {
        guard let node else { return "" }
        if let name = node["$ref"]?.string?.split(separator: "/").last { return "<a href=\"#schema-\(name)\">\(name)</a>" }
        for (key, word) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
            guard let parts = node[key]?.sequence, !parts.isEmpty else { continue }
            return parts.dropFirst().reduce(type(parts.first)) { $0 + HTML(text: word) + type($1) } + nullable(node)
        }
        if let values = node["enum"]?.sequence {
            return HTML(text: values.compactMap(\.string).joined(separator: " | ")) + nullable(node)
        }
        if node["type"]?.string == "array" { return "list of " + type(node["items"]) + nullable(node) }
        let words = [node["type"]?.string ?? "any", node["format"]?.string.map { "(\($0))" }, range(node)]
        return HTML(text: words.compactMap(\.self).joined(separator: " ")) + nullable(node)
    }

    private func nullable(_ node: Node) -> HTML { node["nullable"]?.bool == true ? " or null" : "" }

    private func range(_ node: Node) -> String? {
        let low = node["minimum"]?.string ?? node["minLength"]?.string
        let high = node["maximum"]?.string ?? node["maxLength"]?.string
        guard low != nil || high != nil else { return nil }
        return "\(low ?? "")…\(high ?? "")"
    }

    /// What a reference within the document stands for.
    private func resolved(_ node: Node) -> Node {
        guard let path = node["$ref"]?.string, path.hasPrefix("#/") else { return node }
        return path.dropFirst(2).split(separator: "/").reduce(document as Node?) { $0?[String($1)] } ?? node
    }

    /// Text with what stands between backticks as code.
    private func prose(_ node: Node?) -> HTML {
        let pieces = (node?.string ?? "").split(separator: "`", omittingEmptySubsequences: false)
        return pieces.enumerated().reduce("") { html, piece in
            html + (piece.offset % 2 == 1 ? "<code>\(piece.element)</code>" : HTML(text: piece.element))
        }
    }
}
