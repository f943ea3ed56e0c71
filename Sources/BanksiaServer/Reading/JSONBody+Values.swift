/// Numbers with their ranges, and objects that must be there.
extension JSONBody {
    /// A number in a range.
    func number(_ name: String, in range: ClosedRange<Double>) throws(RequestProblem) -> Given<Double> {
        switch fields[name] {
        case nil: return .absent
        case .null?: return .null
        case .number(let number, _)? where range.contains(number): return .value(number)
        default:
            throw .invalid(field: name, issue: "\(name) must be a number from \(range.lowerBound) to \(range.upperBound).")
        }
    }

    /// A whole number in a range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(RequestProblem) -> Given<Int> {
        let given = try integer(name)
        if case .value(let number) = given, !range.contains(number) {
            throw .invalid(
                field: name, issue: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return given
    }

    /// An object that must be there.
    func requiredObject(_ name: String) throws(RequestProblem) -> JSONBody {
        guard let object = try object(name).orNil else { throw .invalid(field: name, issue: "\(name) is missing.") }
        return object
    }

    /// Objects that must be there: at least one, at most `limit` (contract §17).
    func requiredObjects(_ name: String, atMost limit: Int = 200) throws(RequestProblem) -> [JSONBody] {
        guard let objects = try objects(name).orNil else { throw .invalid(field: name, issue: "\(name) is missing.") }
        guard !objects.isEmpty else { throw .invalid(field: name, issue: "\(name) must hold at least one object.") }
        guard objects.count <= limit else { throw .invalid(field: name, issue: "\(name) holds at most \(limit) objects.") }
        return objects
    }
}

extension RequestProblem {
    /// The same, with the field said as part of a larger one: `rating` becomes `updates[3].rating`.
    func within(_ outer: String) -> RequestProblem {
        guard case .invalid(let field, let issue) = self else { return self }
        return .invalid(field: "\(outer).\(field)", issue: issue)
    }
}
