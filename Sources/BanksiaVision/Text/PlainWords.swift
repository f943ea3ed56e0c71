import Foundation

/// The words of a text as BERT's basic tokenizer cuts them: control characters fall away, accents too when folding to
/// lower case, every punctuation mark and every ideograph is a word of its own.
struct PlainWords: Sequence, IteratorProtocol {
    private var rest: ArraySlice<Unicode.Scalar>

    init(_ text: some Sequence<Unicode.Scalar>, lowercase: Bool) {
        var scalars = String.UnicodeScalarView()
        if lowercase {
            for scalar in text { scalars.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars) }
            let decomposed = String(scalars).decomposedStringWithCanonicalMapping
            rest = decomposed.unicodeScalars.filter { $0.properties.generalCategory != .nonspacingMark }[...]
        } else {
            scalars.append(contentsOf: text)
            rest = Array(scalars)[...]
        }
    }

    mutating func next() -> [Unicode.Scalar]? {
        var word: [Unicode.Scalar] = []
        while let scalar = rest.first {
            switch Role(scalar) {
            case .nothing: break
            case .letter: word.append(scalar)
            case .space where word.isEmpty: break
            case .alone where word.isEmpty:
                rest.removeFirst()
                return [scalar]
            case .space, .alone: return word
            }
            rest.removeFirst()
        }
        return word.isEmpty ? nil : word
    }

    private enum Role {
        case nothing, space, alone, letter

        init(_ scalar: Unicode.Scalar) {
            if Self.isASCIIMark(scalar.value) || Self.isIdeograph(scalar.value) {
                self = .alone
                return
            }
            switch scalar.properties.generalCategory {
            case _ where scalar == "\t" || scalar == "\n" || scalar == "\r": self = .space
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: self = .space
            case _ where scalar.value == 0xFFFD: self = .nothing
            case .control, .format: self = .nothing
            case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation:
                self = .alone
            default: self = .letter
            }
        }

        /// All visible ASCII characters that are neither letters nor digits, symbols such as `$` included.
        private static func isASCIIMark(_ value: UInt32) -> Bool {
            switch value {
            case 33...47, 58...64, 91...96, 123...126: true
            default: false
            }
        }

        /// The blocks of CJK unified and compatibility ideographs (Unicode 15, Blocks.txt) that BERT knows.
        private static func isIdeograph(_ value: UInt32) -> Bool {
            switch value {
            case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
                0x2B820...0x2CEAF, 0x2F800...0x2FA1F:
                true
            default: false
            }
        }
    }
}
