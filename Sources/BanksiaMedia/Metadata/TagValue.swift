/// One value as exiftool prints it in JSON: numbers where a value looks like one, whatever the tag means.
enum TagValue: Decodable, Hashable {
    case text(String)
    case integer(Int64)
    case real(Double)
    case list([TagValue])
    case structure([String: TagValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // One of these fits any JSON; that a form does not fit is how the next is found.
        if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .real(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([TagValue].self) {
            self = .list(value)
        } else if let value = try? container.decode([String: TagValue].self) {
            self = .structure(value)
        } else {
            self = .text((try? container.decode(Bool.self)).map(String.init) ?? "")
        }
    }

    /// As text without surrounding blanks and NUL characters; `nil` when nothing is left or it is no single value.
    var text: String? {
        switch self {
        case .text(let value): value.cleaned
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .list(let values): values.first?.text
        case .structure: nil
        }
    }

    /// The values of a list; any other value stands for a list of itself.
    var elements: [TagValue] { if case .list(let values) = self { values } else { [self] } }

    /// A field of a structure.
    subscript(field: String) -> TagValue? { if case .structure(let fields) = self { fields[field] } else { nil } }

    /// A finite number, the first of several.
    var number: Double? { numbers.first }

    /// All finite numbers, where the value is some or a text that begins with some.
    var numbers: [Double] {
        switch self {
        case .integer(let value): [Double(value)]
        case .real(let value): value.isFinite ? [value] : []
        case .text(let value):
            value.split(separator: " ").map { Double($0) }.prefix { $0?.isFinite == true }.compactMap { $0 }
        case .list(let values): values.flatMap(\.numbers)
        case .structure: []
        }
    }

    /// A length of time: a number of seconds, or `hours:minutes:seconds` as Matroska's tags have it.
    var seconds: Double? {
        guard let text, text.contains(":") else { return number }
        let parts = text.replacing(",", with: ".").split(separator: ":").map { Double($0) }
        guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2] else { return nil }
        let total = hours * 3600 + minutes * 60 + seconds
        return total.isFinite ? total : nil
    }
}

extension String {
    /// Without surrounding blanks and without control characters but line ends; `nil` when nothing is left.
    fileprivate var cleaned: String? {
        let kept = unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\t" }
        let text = String(String.UnicodeScalarView(kept))
        guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace })
        else {
            return nil
        }
        return String(text[first...last])
    }
}
