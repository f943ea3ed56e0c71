import Foundation

/// A way from a text to the ids that a model reads.
protocol Tokenizing: Sendable {
    /// The ids of a text, with those that open and close it: at most `context`. What does not fit is left out.
    func ids(of text: String, context: Int) -> [Int64]
}

extension WordPiece: Tokenizing {}

extension ModelPack {
    /// The tokenizer of the pack's text model, loaded.
    func tokenizer() throws(VisionProblem) -> any Tokenizing {
        // The manifest's size was compared when the pack was opened.
        guard let vocabulary = FileManager.default.contents(atPath: path(of: text.vocabulary)) else {
            throw .modelUnusable("the vocabulary cannot be read")
        }
        switch text.tokenizer {
        case .wordpiece:
            guard let words = WordPiece(vocabulary: Array(vocabulary), lowercase: text.lowercase) else {
                throw .modelUnusable("the vocabulary has no [UNK], [CLS] and [SEP]")
            }
            return words
        case .clip: return try BytePairs(vocabulary, opening: text.opening, closing: text.closing)
        case .sentencepiece: return try SentencePieces(vocabulary, opening: text.opening, closing: text.closing)
        }
    }
}

extension ModelPack.Cleaning {
    /// The text as it is to be cut.
    func clean(_ text: String) -> String {
        guard self == .canonical else { return text }
        // The punctuation of ASCII, as Python's string.punctuation has it; what open_clip and Immich take away.
        let kept = text.lowercased().unicodeScalars.filter { !Self.punctuation.contains($0.value) }
        return String(String.UnicodeScalarView(kept)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static let punctuation = Set([33...47, 58...64, 91...96, 123...126].joined().map(UInt32.init))
}
