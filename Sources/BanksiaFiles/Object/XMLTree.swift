/// An element of a small XML document, as object stores answer with.
///
/// Reads elements, text, CDATA sections and references to characters (XML 1.0, fifth edition, §2 to §4.1). Attributes,
/// comments and processing instructions are passed over; a document type is refused, so nothing can be defined or fetched.
struct XMLTree {
    /// Nobody nests deeper, and a hostile answer must not exhaust the stack.
    private static let depthLimit = 16

    let name: String
    private(set) var text = ""
    private(set) var children: [XMLTree] = []

    /// The text of the first child of a name; `nil` when there is none.
    subscript(_ name: String) -> String? { children.first { $0.name == name }?.text }

    /// All children of a name.
    func all(_ name: String) -> [XMLTree] { children.filter { $0.name == name } }

    private init(name: String) { self.name = name }

    /// The root of a document; `nil` when it is not well formed, or uses what is not read here.
    init?(_ bytes: [UInt8]) {
        var scanner = Scanner(rest: bytes[...])
        scanner.skipMarkup()
        guard let root = scanner.element(depth: 0) else { return nil }
        scanner.skipMarkup()
        guard scanner.rest.isEmpty else { return nil }
        self = root
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        /// White space, comments and processing instructions.
        mutating func skipMarkup() {
            while true {
                rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
                guard skip("<?", through: "?>") || skip("<!--", through: "-->") || take("\u{FEFF}") else { return }
            }
        }

        mutating func element(depth: Int) -> XMLTree? {
            guard depth < XMLTree.depthLimit, take("<") else { return nil }
            let name = String(decoding: takeName(), as: UTF8.self)
            guard !name.isEmpty, let isEmpty = endOfTag() else { return nil }
            var element = XMLTree(name: name)
            if isEmpty { return element }
            var text: [UInt8] = []
            while let byte = rest.first {
                if byte != UInt8(ascii: "<") {
                    guard let piece = characters() else { return nil }
                    text += piece
                } else if take("</") {
                    guard String(decoding: takeName(), as: UTF8.self) == name else { return nil }
                    rest = rest.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
                    guard take(">"), let whole = String(validating: text, as: UTF8.self) else { return nil }
                    element.text = whole
                    return element
                } else if take("<![CDATA[") {
                    guard let end = place(of: "]]>") else { return nil }
                    text += rest[..<end]
                    rest = rest[(end + 3)...]
                } else if !skip("<?", through: "?>") && !skip("<!--", through: "-->") {
                    guard let child = self.element(depth: depth + 1) else { return nil }
                    element.children.append(child)
                }
            }
            return nil
        }

        private mutating func takeName() -> ArraySlice<UInt8> {
            let name = rest.prefix { ![0x20, 0x09, 0x0A, 0x0D].contains($0) && !"<>/=&\"'".utf8.contains($0) }
            rest = rest.dropFirst(name.count)
            return name
        }

        /// Passes over attributes.
        ///
        /// - Returns: whether the element is empty; `nil` when the tag has no end.
        private mutating func endOfTag() -> Bool? {
            while let byte = rest.first {
                switch byte {
                case UInt8(ascii: ">"):
                    rest = rest.dropFirst()
                    return false
                case UInt8(ascii: "/"):
                    rest = rest.dropFirst()
                    return take(">") ? true : nil
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    guard let end = rest.dropFirst().firstIndex(of: byte) else { return nil }
                    rest = rest[(end + 1)...]
                case UInt8(ascii: "<"): return nil
                default: rest = rest.dropFirst()
                }
            }
            return nil
        }

        /// Text up to the next markup, or one character that a reference stands for.
        private mutating func characters() -> [UInt8]? {
            guard rest.first == UInt8(ascii: "&") else {
                let plain = rest.prefix { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
                rest = rest.dropFirst(plain.count)
                return Array(plain)
            }
            // The longest is &#x10FFFF;
            guard let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
            let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            switch name {
            case "lt": return Array("<".utf8)
            case "gt": return Array(">".utf8)
            case "amp": return Array("&".utf8)
            case "quot": return Array("\"".utf8)
            case "apos": return Array("'".utf8)
            default:
                let code =
                    name.hasPrefix("#x")
                    ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
                return code.flatMap(UnicodeScalar.init).map { Array(String(Character($0)).utf8) }
            }
        }

        private mutating func take(_ text: String) -> Bool {
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count)
            return true
        }

        private mutating func skip(_ start: String, through end: String) -> Bool {
            guard rest.starts(with: start.utf8) else { return false }
            guard let place = place(of: end) else { return false }
            rest = rest[(place + end.utf8.count)...]
            return true
        }

        private func place(of text: String) -> Int? {
            let wanted = Array(text.utf8)
            guard rest.count >= wanted.count else { return nil }
            return (rest.startIndex...(rest.endIndex - wanted.count)).first { rest[$0...].starts(with: wanted) }
        }
    }
}

extension String {
    /// As text of an XML element.
    var xmlEscaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
