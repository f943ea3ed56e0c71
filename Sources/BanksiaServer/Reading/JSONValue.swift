/// A JSON text as it stands, for the small bodies that clients send.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number and its spelling, so that integers beyond 2⁵³ are not rounded in silence.
    case number(Double, String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

/// Reads JSON by RFC 8259, and refuses what senders never mean: a key twice in one object, NUL characters, unpaired
/// surrogates, invalid UTF-8, nesting beyond 32 levels.
struct JSONReader {
    /// Bodies of this API nest three levels; more only costs stack.
    private static let depthLimit = 32

    private let bytes: [UInt8]
    private var position = 0

    /// One whole JSON text.
    static func read(_ bytes: [UInt8]) throws(RequestProblem) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .malformedBody("it is not UTF-8") }
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw .malformedBody("something follows the JSON value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func value(depth: Int) throws(RequestProblem) -> JSONValue {
        guard depth <= Self.depthLimit else { throw .malformedBody("it nests too deeply") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(RequestProblem) -> JSONValue {
        position += 1
        var fields: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(fields) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw unexpected }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected }
            guard fields.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
                throw .malformedBody("a key stands twice in one object")
            }
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw unexpected }
        return .object(fields)
    }

    private mutating func array(depth: Int) throws(RequestProblem) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw unexpected }
        return .array(elements)
    }

    private mutating func string() throws(RequestProblem) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)  // the whole body was checked to be UTF-8
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw .malformedBody("a control character stands unescaped in a string")
            default: text.append(byte)
            }
        }
        throw unexpected
    }

    private mutating func escape() throws(RequestProblem) -> Unicode.Scalar {
        guard let byte = peek else { throw unexpected }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw unexpected
        }
    }

    /// The four digits behind `\u`, and the second half of a surrogate pair where the first half asks for it.
    private mutating func codePoint() throws(RequestProblem) -> Unicode.Scalar {
        let first = try fourDigits()
        var code = first
        if (0xD800..<0xDC00).contains(first) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw .malformedBody("a surrogate stands alone") }
            let second = try fourDigits()
            guard (0xDC00..<0xE000).contains(second) else { throw .malformedBody("a surrogate stands alone") }
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard code != 0 else { throw .malformedBody("a string holds a NUL character") }
        guard let scalar = Unicode.Scalar(code) else { throw .malformedBody("a surrogate stands alone") }
        return scalar
    }

    private mutating func fourDigits() throws(RequestProblem) -> UInt32 {
        guard position + 4 <= bytes.count, let text = String(validating: bytes[position..<position + 4], as: UTF8.self),
            text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16)
        else { throw unexpected }
        position += 4
        return value
    }

    /// RFC 8259 §6: no leading zeros, no leading plus, digits on both sides of the point; a number too large for a double is
    /// none, as that section allows.
    private mutating func number() throws(RequestProblem) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw unexpected }
        return .number(value, text)
    }

    private mutating func digits() throws(RequestProblem) {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw unexpected }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(RequestProblem) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[offset]) else { throw unexpected }
        }
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private var unexpected: RequestProblem { .malformedBody("it is not JSON (at byte \(position))") }
}
