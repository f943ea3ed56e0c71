import HTTPTypes

/// Finds the operation for a path: fixed segments win over parameters, one slash at the end makes no difference.
struct PathTree: Sendable {
    /// What a look-up yields.
    enum Finding {
        case found(Operation, parameters: PathParameters)
        case wrongMethod(allowed: [HTTPRequest.Method])
        case unknown
    }

    private struct Node: Sendable {
        var fixed: [Substring: Int] = [:]
        var parameter: (name: Substring, node: Int)?
        var operations: [HTTPRequest.Method: Operation] = [:]
    }

    private var nodes = [Node()]

    init(_ operations: [Operation]) {
        for operation in operations {
            var node = 0
            for segment in Self.segments(operation.path[...]) { node = child(of: node, segment) }
            precondition(
                nodes[node].operations.updateValue(operation, forKey: operation.method) == nil, "an operation is declared twice")
        }
    }

    private mutating func child(of node: Int, _ segment: Substring) -> Int {
        if segment.hasPrefix("{") {
            if let known = nodes[node].parameter?.node { return known }
            nodes[node].parameter = (segment.dropFirst().dropLast(), nodes.count)
        } else {
            if let known = nodes[node].fixed[segment] { return known }
            nodes[node].fixed[segment] = nodes.count
        }
        nodes.append(Node())
        return nodes.count - 1
    }

    private static func segments(_ path: Substring) -> [Substring] {
        let inner = path.dropFirst()
        return (inner.hasSuffix("/") ? inner.dropLast() : inner).split(separator: "/", omittingEmptySubsequences: false)
    }

    /// - Parameter path: as sent, still percent-encoded.
    func find(_ method: HTTPRequest.Method, _ path: Substring) -> Finding {
        guard path.hasPrefix("/") else { return .unknown }
        let segments = Self.segments(path)
        var parameters = PathParameters()
        guard segments.count <= 16, let node = walk(segments[...], from: 0, &parameters) else { return .unknown }
        guard let operation = node.operations[method] else {
            return .wrongMethod(allowed: node.operations.keys.sorted { $0.rawValue < $1.rawValue })
        }
        return .found(operation, parameters: parameters)
    }

    private func walk(_ segments: ArraySlice<Substring>, from index: Int, _ parameters: inout PathParameters) -> Node? {
        let node = nodes[index]
        guard let segment = segments.first else { return node.operations.isEmpty ? nil : node }
        if let next = node.fixed[segment], let found = walk(segments.dropFirst(), from: next, &parameters) { return found }
        guard let (name, next) = node.parameter, let value = PercentDecoding.decode(segment), !value.isEmpty else { return nil }
        let found = walk(segments.dropFirst(), from: next, &parameters)
        if found != nil { parameters.values.append((name, value)) }
        return found
    }
}

/// The values of the named segments of a path.
struct PathParameters: Sendable {
    var values: [(name: Substring, value: String)] = []

    /// The value of a segment that the path's pattern names.
    subscript(_ name: String) -> String {
        guard let value = values.first(where: { $0.name == name })?.value else {
            preconditionFailure("the path has no segment '\(name)'")
        }
        return value
    }
}
