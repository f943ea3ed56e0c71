/// The headers of one part of a form.
struct PartHeaders: Equatable {
    /// The field's name, as the form gives it.
    private(set) var name: String?
    /// The file's name; nil for fields that are not files.
    private(set) var fileName: String?
    private(set) var contentType: String?

    /// Takes one header line, without its end.
    mutating func add(_ line: [UInt8]) throws(RequestProblem) {
        guard let text = String(validating: line, as: UTF8.self) else {
            throw .malformedBody("the headers of a part are not UTF-8")
        }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw .malformedBody("a part has a header without a colon")
        }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        switch text[..<colon].lowercased() {
        case "content-disposition": try read(disposition: value)
        case "content-type": contentType = String(value)
        default: break  // a form's parts have no other headers that matter here
        }
    }

    private mutating func read(disposition: Substring) throws(RequestProblem) {
        var parameters = HeaderParameters(disposition)
        guard parameters.value.lowercased() == "form-data" else { throw .malformedBody("a part is not form-data") }
        var extended: String?
        while let (parameter, value) = parameters.next() {
            switch parameter {
            case "name": name = value
            case "filename": fileName = value
            case "filename*": extended = Self.extendedValue(value)
            default: break
            }
        }
        guard name != nil else { throw .malformedBody("a part has no name") }
        fileName = extended ?? fileName
    }

    /// `UTF-8'language'percent-encoded` (RFC 8187 §3.2). Nil for what is malformed or in another charset; the plain name
    /// then holds.
    private static func extendedValue(_ value: String) -> String? {
        let parts = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return PercentDecoding.decode(parts[2])
    }
}

/// A header value with parameters: `value; name=token; name="quoted"`.
struct HeaderParameters {
    /// What stands before the first semicolon.
    let value: String
    private var rest: Substring

    init(_ header: some StringProtocol) {
        let header = Substring(header)
        value = String(header.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" })
        rest = header.drop { $0 != ";" }
    }

    /// The next parameter, its name in lower case. In a quoted value only `\"` and `\\` are escapes, since some clients
    /// send Windows paths as they are; `%22` is how browsers write a quotation mark (HTML, multipart form data encoding).
    mutating func next() -> (name: String, value: String)? {
        rest = rest.drop { $0 == ";" || $0 == " " || $0 == "\t" }
        guard let equals = rest.firstIndex(of: "=") else { return nil }
        let name = rest[..<equals].filter { $0 != " " }.lowercased()
        rest = rest[rest.index(after: equals)...]
        guard rest.first == "\"" else {
            let token = rest.prefix { $0 != ";" }
            rest = rest[token.endIndex...]
            return (name, String(token.reversed().drop { $0 == " " }.reversed()))
        }
        rest.removeFirst()
        return (name, quoted())
    }

    private mutating func quoted() -> String {
        var text = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                text.append(next)
                rest.removeFirst()
            } else {
                text.append(character)
            }
        }
        return text.replacing("%22", with: "\"")
    }
}
