import Foundation

/// The key by which names are sorted: comparing keys byte by byte puts the names into the order of a telephone book, on
/// every engine alike.
///
/// Like the Unicode Collation Algorithm in its root order, which suits most languages (Unicode Technical Standard #10): first
/// by letters without accents and case, then by accents, then small before capital. Marks and signs between words count as one
/// blank, so `de la Cruz` and `De-la-Cruz` stand together. Scripts follow each other as in Unicode's charts.
struct NameOrder: Equatable {
    let key: String

    /// An index of PostgreSQL takes entries of some 2,700 bytes; names that are equal this far count as equal here.
    private static let longest = 800

    init(_ name: String) {
        let letters = Self.letters(of: name)
        // The separator sorts before all that can stand in a name, so a shorter name comes before a longer one.
        let full = [letters, name.lowercased().precomposedStringWithCanonicalMapping, name.swappedCase].joined(separator: "\u{1}")
        var size = 0
        let kept = full.unicodeScalars.prefix { scalar in
            size += UTF8.width(scalar)
            return size <= Self.longest
        }
        key = String(String.UnicodeScalarView(kept))
    }

    private static func letters(of name: String) -> String {
        var letters = String.UnicodeScalarView()
        for scalar in name.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: continue
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber,
                .spacingMark:
                letters.append(contentsOf: undecomposed[scalar]?.unicodeScalars ?? String(scalar).unicodeScalars)
            default: if letters.last != " ", !letters.isEmpty { letters.append(" ") }
            }
        }
        if letters.last == " " { letters.removeLast() }
        return String(letters)
    }

    /// Letters that stand with others in the root order but do not decompose.
    private static let undecomposed: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ħ": "h", "ŧ": "t",
        "ς": "σ",
    ]
}

extension String {
    /// Capitals come before small letters in Unicode; sorted by this it is the other way round.
    fileprivate var swappedCase: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let properties = scalar.properties
            let other = properties.isUppercase ? properties.lowercaseMapping : properties.uppercaseMapping
            scalars.append(contentsOf: other.unicodeScalars)
        }
        return String(scalars)
    }
}
