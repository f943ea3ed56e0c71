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

    /// A finite number.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value.isFinite ? value : nil
        case .text(let value): value.split(separator: " ").first.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
        case .list(let values): values.first?.number
        case .structure: nil
        }
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
