/// The WordPiece vocabulary of a BERT model, and the way from a text to its ids.
///
/// A word is cut greedily: the longest piece of the vocabulary that it starts with, then the longest continuation, and
/// so on (Wu et al. 2016, arXiv:1609.08144, as released with BERT, Devlin et al. 2018). Texts are split into words by
/// `PlainWords`.
struct WordPiece: Sendable {
    private typealias Letters = ArraySlice<Unicode.Scalar>

    private let starts: [Letters: Int32]
    private let continuations: [Letters: Int32]
    private let unknown: Int32
    private let opening: Int32
    private let closing: Int32
    private let longestPiece: Int
    private let lowercase: Bool

    /// A longer word is unknown as a whole, as in BERT.
    private static let longestWord = 100
    /// What stands behind this many code points of a text is not read: at most 128 words fit a model, and the marks that
    /// fall away must have an end too.
    private static let longestText = 8192

    /// Reads a vocabulary file: one piece per line, its id is the line's number from 0; `##` begins a continuation.
    ///
    /// `nil` when one of the pieces `[UNK]`, `[CLS]` and `[SEP]` is missing.
    init?(vocabulary: [UInt8], lowercase: Bool) {
        var starts: [Letters: Int32] = [:]
        var continuations: [Letters: Int32] = [:]
        var longest = 0
        for (id, line) in vocabulary.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            var letters = Array(String(decoding: line, as: UTF8.self).unicodeScalars)[...]
            if letters.last == "\r" { letters.removeLast() }
            guard !letters.isEmpty else { continue }
            if letters.count > 2, letters.starts(with: ["#", "#"]) {
                continuations[letters.dropFirst(2)] = Int32(id)
            } else {
                starts[letters] = Int32(id)
            }
            longest = max(longest, letters.count)
        }
        func special(_ name: String) -> Int32? { starts[Array(name.unicodeScalars)[...]] }
        guard let unknown = special("[UNK]"), let opening = special("[CLS]"), let closing = special("[SEP]") else { return nil }
        (self.unknown, self.opening, self.closing) = (unknown, opening, closing)
        self.starts = starts
        self.continuations = continuations
        self.lowercase = lowercase
        longestPiece = longest
    }

    /// The ids of a text between `[CLS]` and `[SEP]`: at least 2, at most `context`. What does not fit is left out.
    func ids(of text: String, context: Int) -> [Int64] {
        var ids: [Int32] = [opening]
        for word in PlainWords(text.unicodeScalars.prefix(Self.longestText), lowercase: lowercase) {
            guard ids.count < context - 1 else { break }
            ids += pieces(of: word)
        }
        return (ids.prefix(context - 1) + [closing]).map(Int64.init)
    }

    private func pieces(of word: [Unicode.Scalar]) -> [Int32] {
        guard word.count <= Self.longestWord else { return [unknown] }
        var pieces: [Int32] = []
        var rest = word[...]
        while !rest.isEmpty {
            let known = pieces.isEmpty ? starts : continuations
            let lengths = (1...min(rest.count, longestPiece)).reversed()
            guard let length = lengths.first(where: { known[rest.prefix($0)] != nil }), let id = known[rest.prefix(length)] else {
                return [unknown]
            }
            pieces.append(id)
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
