import Foundation

/// The words by which texts are found, cut in one way for what is searched and for what is asked.
///
/// Both engines keep the very same words, because neither of them cuts any: a name with dots and underscores, a camera
/// written together or apart, or a language without spaces would come out differently in each.
///
/// - Letters lose their case, their accents and their compatibility forms (`Ｃafé` is `cafe`; Unicode Standard Annex #15).
/// - A word ends at everything that is no letter, digit or mark. One of letters and digits is known by its parts as well
///   (`dsc01234` by `dsc` and `01234`), and letters before digits also together (`iPhone 15` by `iphone15`).
/// - Scripts written without spaces give each pair of neighbours, and each ideograph by itself.
struct SearchWords: Equatable {
    /// Each once, in the order of the texts. They hold letters, digits and marks and nothing else.
    private(set) var words: [String] = []
    private var known: Set<String> = []

    /// Longer words are cut off, on both sides alike; in bytes of UTF-8.
    static let longestWord = 64
    /// An asset's words beyond these are not kept: the longest caption has about as many different ones.
    static let mostWords = 512
    /// As much of a text as is read: the longest that can be written through the API (contract §17).
    static let longestText = 10_000
    /// Counted up when the rules change, so that words kept by older ones are made anew.
    static let recipe = 3

    /// All words by which a thing with these texts is found.
    ///
    /// - Parameter texts: the most important first, because there is a limit.
    init(of texts: [String]) {
        for text in texts {
            var before: Word?
            for word in Word.all(in: text) {
                for form in word.forms(after: before) { add(form) }
                before = word
            }
        }
    }

    private mutating func add(_ word: String) {
        guard words.count < Self.mostWords, known.insert(word).inserted else { return }
        words.append(word)
    }
}

/// A stretch of folded text without anything between words in it.
struct Word: Equatable {
    enum Script {
        /// Letters and digits of alphabets that put spaces between words.
        case spaced
        /// Han, kana, hangul, Thai, Lao, Burmese, Khmer. Hangul has spaces, but endings stick to its words.
        case unspaced
    }

    let text: String
    let script: Script

    /// The words of a text in order, each as long as it stands there.
    static func all(in text: String) -> [Word] {
        var words: [Word] = []
        var current = String.UnicodeScalarView()
        var script = Script.spaced
        func end() {
            if !current.isEmpty { words.append(Word(text: String(current), script: script)) }
            current = .init()
        }
        for scalar in text.prefix(SearchWords.longestText).foldedForSearch.unicodeScalars {
            guard scalar.isWordPart else {
                end()
                continue
            }
            // A mark belongs to whatever it follows.
            let kind = scalar.isMark && !current.isEmpty ? script : scalar.isUnspaced ? .unspaced : .spaced
            if kind != script { end() }
            script = kind
            current.append(scalar)
        }
        end()
        return words
    }

    /// What is kept of it.
    func forms(after before: Word?) -> [String] {
        switch script {
        case .unspaced: return pairs + text.unicodeScalars.filter(\.properties.isIdeographic).map { String($0) }
        case .spaced:
            let parts = parts
            var forms = parts.count > 1 ? [text] + parts : [text]
            if let before, before.script == .spaced, before.text.last?.isNumber == false, text.first?.isNumber == true {
                forms.append(before.text + text)
            }
            return forms.map(\.cutToSize)
        }
    }

    /// What is asked for when it stands in a query: no parts, which would find more than was meant.
    var terms: [String] { script == .unspaced ? pairs : [text.cutToSize] }

    /// The neighbours in a script without spaces; a lonely one by itself.
    private var pairs: [String] {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count > 1 else { return [text] }
        return zip(scalars, scalars.dropFirst()).map { String(String.UnicodeScalarView([$0, $1])) }
    }

    /// Letters apart from digits.
    private var parts: [String] {
        var parts: [String.UnicodeScalarView] = []
        var wasDigit: Bool?
        for scalar in text.unicodeScalars {
            let isDigit = scalar.properties.generalCategory == .decimalNumber
            if isDigit != wasDigit { parts.append(.init()) }
            parts[parts.count - 1].append(scalar)
            wasDigit = isDigit
        }
        return parts.map { String($0) }
    }
}

extension StringProtocol {
    /// Without case, accents and compatibility forms.
    ///
    /// Only marks of the alphabets in which people leave them out when they search are dropped; the vowel signs of Indic
    /// scripts and the voicing of kana make other words.
    fileprivate var foldedForSearch: String {
        var scalars = String.UnicodeScalarView()
        for scalar in String(self).decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars
        where !scalar.isAccent {
            if let replacement = Self.undecomposed[scalar] {
                scalars.append(contentsOf: replacement.unicodeScalars)
            } else {
                scalars.append(scalar)
            }
        }
        return String(scalars).precomposedStringWithCanonicalMapping
    }

    /// Letters that are variants of others but do not decompose (Unicode Technical Report #30, "Other Foldings").
    private static var undecomposed: [Unicode.Scalar: String] {
        [
            "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ħ": "h", "ŧ": "t",
            "ς": "σ",
        ]
    }

    /// At most `SearchWords.longestWord` bytes, whole characters of Unicode.
    fileprivate var cutToSize: String {
        guard utf8.count > SearchWords.longestWord else { return String(self) }
        var size = 0
        let kept = unicodeScalars.prefix { scalar in
            size += UTF8.width(scalar)
            return size <= SearchWords.longestWord
        }
        return String(String.UnicodeScalarView(kept))
    }
}

extension Unicode.Scalar {
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    fileprivate var isWordPart: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber:
            true
        default: isMark
        }
    }

    /// Combining marks of Latin, Greek and Cyrillic, the points of Hebrew and the vowel signs of Arabic.
    fileprivate var isAccent: Bool {
        switch value {
        case 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        case 0x0591...0x05C7, 0x0610...0x061A, 0x064B...0x065F, 0x0670: isMark
        default: false
        }
    }

    /// By blocks of the Unicode Standard, chapters 16 and 18.
    var isUnspaced: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: true  // Thai and Lao, Burmese, Khmer
        case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7FF: true  // Hangul
        case 0x3005, 0x3040...0x30FF, 0x31F0...0x31FF: true  // the sign of repetition, kana
        default: properties.isIdeographic
        }
    }
}
