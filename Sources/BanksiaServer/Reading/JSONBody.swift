import BanksiaCore

/// What a body says about one field. Creating and changing read `null` differently, so the three are told apart.
enum Given<Value> {
    case absent
    case null
    case value(Value)

    /// The value; nil when there is none for either reason.
    var orNil: Value? {
        if case .value(let value) = self { value } else { nil }
    }
}

extension Given: Sendable where Value: Sendable {}

/// The fields of a JSON object that came as a request's body. Unknown keys are ignored; a value of the wrong type is 422.
struct JSONBody: Sendable {
    let fields: [String: JSONValue]

    /// An object without fields.
    static let empty = JSONBody(fields: [:])

    /// Fields that came inside another body.
    init(fields: [String: JSONValue]) { self.fields = fields }

    /// - Parameter bytes: the whole body; empty counts as an object without fields, as SDKs send it.
    init(_ bytes: [UInt8]) throws(RequestProblem) {
        guard !bytes.isEmpty else {
            fields = [:]
            return
        }
        guard case .object(let fields) = try JSONReader.read(bytes) else {
            throw .malformedBody("it is not a JSON object")
        }
        self.fields = fields
    }

    /// Whether a field is there at all, also as null.
    func has(_ name: String) -> Bool { fields[name] != nil }

    /// A string.
    func text(_ name: String) throws(RequestProblem) -> Given<String> {
        switch fields[name] {
        case nil: .absent
        case .null?: .null
        case .string(let text)?: .value(text)
        default: throw .invalid(field: name, issue: "\(name) must be a string.")
        }
    }

    /// A string that must be there.
    func requiredText(_ name: String) throws(RequestProblem) -> String {
        guard let text = try text(name).orNil else { throw .invalid(field: name, issue: "\(name) is missing.") }
        return text
    }

    /// A truth value.
    func flag(_ name: String) throws(RequestProblem) -> Given<Bool> {
        switch fields[name] {
        case nil: .absent
        case .null?: .null
        case .bool(let flag)?: .value(flag)
        default: throw .invalid(field: name, issue: "\(name) must be true or false.")
        }
    }

    /// A whole number, however it is spelled.
    func integer(_ name: String) throws(RequestProblem) -> Given<Int> {
        switch fields[name] {
        case nil: return .absent
        case .null?: return .null
        case .number(let number, let text)?:
            guard let whole = Int(text) ?? Int(exactly: number) else { break }
            return .value(whole)
        default: break
        }
        throw .invalid(field: name, issue: "\(name) must be a whole number.")
    }

    /// An object within.
    func object(_ name: String) throws(RequestProblem) -> Given<JSONBody> {
        switch fields[name] {
        case nil: .absent
        case .null?: .null
        case .object(let fields)?: .value(JSONBody(fields: fields))
        default: throw .invalid(field: name, issue: "\(name) must be an object.")
        }
    }

    /// An array of objects.
    func objects(_ name: String) throws(RequestProblem) -> Given<[JSONBody]> {
        switch fields[name] {
        case nil: return .absent
        case .null?: return .null
        case .array(let elements)?:
            var objects: [JSONBody] = []
            for (index, element) in elements.enumerated() {
                guard case .object(let fields) = element else {
                    throw .invalid(field: "\(name)[\(index)]", issue: "\(name) must hold objects only.")
                }
                objects.append(JSONBody(fields: fields))
            }
            return .value(objects)
        default: throw .invalid(field: name, issue: "\(name) must be an array of objects.")
        }
    }

    /// One of the names of an enum.
    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, of _: Choice.Type) throws(RequestProblem) -> Given<
        Choice
    >
    where Choice.RawValue == String {
        switch try text(name) {
        case .absent: return .absent
        case .null: return .null
        case .value(let text):
            guard let choice = Choice(rawValue: text) else {
                let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(field: name, issue: "\(name) must be one of \(names).")
            }
            return .value(choice)
        }
    }

    /// Ids that must be there: at least one, at most `limit` different ones, in the order of the request (contract §17).
    func ids(_ name: String, atMost limit: Int = 200) throws(RequestProblem) -> [String] {
        guard let sent = try texts(name).orNil else { throw .invalid(field: name, issue: "\(name) is missing.") }
        var seen: Set<String> = []
        let ids = sent.filter { seen.insert($0).inserted }
        guard !ids.isEmpty else { throw .invalid(field: name, issue: "\(name) must hold at least one id.") }
        guard ids.count <= limit else { throw .invalid(field: name, issue: "\(name) holds at most \(limit) ids.") }
        return ids
    }

    /// An array of strings, as sent.
    func texts(_ name: String) throws(RequestProblem) -> Given<[String]> {
        switch fields[name] {
        case nil: return .absent
        case .null?: return .null
        case .array(let elements)?:
            var texts: [String] = []
            for (index, element) in elements.enumerated() {
                guard case .string(let text) = element else {
                    throw .invalid(field: "\(name)[\(index)]", issue: "\(name) must hold strings only.")
                }
                texts.append(text)
            }
            return .value(texts)
        default: throw .invalid(field: name, issue: "\(name) must be an array of strings.")
        }
    }
}
