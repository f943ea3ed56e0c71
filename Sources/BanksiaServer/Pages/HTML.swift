/// A piece of HTML. Interpolated text is escaped, so that it is never read as markup; interpolated HTML is spliced in.
struct HTML: ExpressibleByStringInterpolation, Sendable, Equatable {
    private(set) var source: String

    /// Markup as the program wrote it.
    init(stringLiteral source: String) { self.source = source }

    init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

    /// Text, with everything that means something in HTML escaped.
    init(text: some StringProtocol) {
        var source = ""
        source.reserveCapacity(text.utf8.count)
        for character in text.unicodeScalars {
            switch character {
            case "&": source += "&amp;"
            case "<": source += "&lt;"
            case ">": source += "&gt;"
            case "\"": source += "&quot;"
            case "'": source += "&#39;"
            default: source.unicodeScalars.append(character)
            }
        }
        self.source = source
    }

    static func + (left: HTML, right: HTML) -> HTML {
        var whole = left
        whole.source += right.source
        return whole
    }

    static func += (left: inout HTML, right: HTML) { left.source += right.source }

    /// Collects the pieces of one string literal.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { source += literal }
        mutating func appendInterpolation(_ text: some StringProtocol) { source += HTML(text: text).source }
        mutating func appendInterpolation(_ html: HTML) { source += html.source }
        mutating func appendInterpolation(_ html: HTML?) { source += html?.source ?? "" }
        mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { source += piece.source } }
    }
}
