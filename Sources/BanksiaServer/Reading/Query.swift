import BanksiaCore

/// The query of a URL, read by the contract's rules for parameters.
///
/// Values that are empty count as absent; unknown names are ignored; a value that is out of its domain is 422 with the
/// parameter's name.
struct Query: Sendable {
    private let pairs: [(name: String, value: String)]

    /// - Parameter text: what stands behind the `?`, still encoded.
    init(_ text: Substring) throws(RequestProblem) {
        var pairs: [(String, String)] = []
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentDecoding.decode(halves[0], plusIsSpace: true),
                let value = PercentDecoding.decode(halves.count > 1 ? halves[1] : "", plusIsSpace: true)
            else { throw .malformedQuery }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    /// Fields that came in a form, read by the same rules.
    init(fields: [(name: String, value: String)]) { pairs = fields }

    /// Whether any value holds a NUL character, which no text of ours does and databases do not store.
    var holdsNUL: Bool { pairs.contains { $0.value.utf8.contains(0) } }

    /// Whether the name stands there at all, also without a value.
    func has(_ name: String) -> Bool { pairs.contains { $0.name == name || $0.name == name + "[]" } }

    /// The first value that is not empty. Control characters count as blanks: no name or word holds any.
    func text(_ name: String, atMost length: Int = 1024) throws(RequestProblem) -> String? {
        guard let value = value(name) else { return nil }
        guard value.count <= length else { throw .invalid(field: name, issue: "\(name) may have \(length) characters at most.") }
        let clean = String(String.UnicodeScalarView(value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        return clean.allSatisfy { $0 == " " } ? nil : clean
    }

    /// The first value that is not empty, just as it was sent.
    func raw(_ name: String) -> String? { value(name) }

    private func value(_ name: String) -> String? { pairs.first { $0.name == name && !$0.value.isEmpty }?.value }

    /// Repeated, comma-delimited or mixed; blanks dropped, order kept, duplicates collapsed before the cap is checked.
    func list(_ name: String, atMost limit: Int = 200) throws(RequestProblem) -> [String] {
        let values = pairs.lazy.filter { $0.name == name || $0.name == name + "[]" }.map(\.value)
        return try Self.list(Array(values), name: name, atMost: limit)
    }

    /// The same rule for values that came in another way.
    static func list(_ values: [String], name: String, atMost limit: Int) throws(RequestProblem) -> [String] {
        var seen: Set<String> = []
        let words = values.flatMap { $0.split(separator: ",") }.map(trimmed).filter { !$0.isEmpty && seen.insert($0).inserted }
        guard words.count <= limit else { throw .invalid(field: name, issue: "\(name) may hold \(limit) values at most.") }
        return words
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }

    /// A whole number in a range.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(RequestProblem) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid(field: name, issue: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// A finite number in a range.
    func number(_ name: String, in range: ClosedRange<Double>) throws(RequestProblem) -> Double? {
        guard let text = value(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw .invalid(field: name, issue: "\(name) must be a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// `true` and `false`, also `1` and `0`.
    func flag(_ name: String) throws(RequestProblem) -> Bool? {
        switch value(name)?.lowercased() {
        case nil: nil
        case "true", "1": true
        case "false", "0": false
        default: throw .invalid(field: name, issue: "\(name) must be true or false.")
        }
    }

    /// One of the names of an enum.
    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, of _: Choice.Type = Choice.self) throws(RequestProblem)
        -> Choice?
    where Choice.RawValue == String {
        guard let text = value(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid(field: name, issue: "\(name) must be one of \(names).")
        }
        return choice
    }

    /// An ISO 8601 time, with or without offset.
    ///
    /// A `+` that was not percent-encoded arrives as a space; behind the time of day it can only have been the sign of an
    /// offset, so it is taken for one.
    func time(_ name: String) throws(RequestProblem) -> CaptureTime? {
        guard let text = value(name) else { return nil }
        let dateLength = 11
        let mended = text.prefix(dateLength) + text.dropFirst(dateLength).replacing(" ", with: "+")
        guard let time = CaptureTime(mended) else {
            throw .invalid(field: name, issue: "\(name) must be an ISO 8601 date and time.")
        }
        return time
    }
}
