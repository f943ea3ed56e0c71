import Foundation

/// CLIP's vocabulary of byte pairs, and the way from a text to its ids.
///
/// A text is normalised (NFC, lower case), cut into letters, single digits and runs of anything else, and each of these
/// is merged from its UTF-8 bytes, the pair that stands highest in the list first (Sennrich et al. 2016, arXiv:1508.07909,
/// on bytes as in GPT-2). The last byte of a word is another symbol than the same byte within.
struct BytePairs: Tokenizing {
    /// Two neighbours in a word, and what becomes of them.
    private struct Pair: Hashable {
        var left: Int32
        var right: Int32
    }
    private struct Merge {
        var rank: Int32
        var result: Int32
    }

    private let merges: [Pair: Merge]
    /// The symbol of each byte within a word, and at its end.
    private let within: [Int32]
    private let ending: [Int32]
    private let opening: [Int64]
    private let closing: [Int64]

    /// What stands behind this many code points of a text is not read, and of a word behind this many bytes: far more than
    /// fits a model, and no text takes long.
    private static let longestText = 8192
    private static let longestWord = 2048
    /// CLIP's has 48,894 merges.
    private static let mostMerges = 1_000_000

    /// Reads a `tokenizer.json`.
    ///
    /// - Throws: `VisionProblem.modelUnusable` when it is none of this kind.
    init(_ file: Data, opening: [Int64], closing: [Int64]) throws(VisionProblem) {
        guard let model = try? JSONDecoder().decode(File.self, from: file).model else {  // one sentence says enough
            throw .modelUnusable("the vocabulary is no tokenizer.json of byte pairs")
        }
        guard model.merges.count <= Self.mostMerges else { throw .modelUnusable("the vocabulary has too many merges") }
        var merges: [Pair: Merge] = [:]
        merges.reserveCapacity(model.merges.count)
        for (rank, parts) in model.merges.enumerated() {
            guard let left = model.vocab[parts.left], let right = model.vocab[parts.right],
                let result = model.vocab[parts.left + parts.right]
            else { throw .modelUnusable("a merge is not in the vocabulary") }
            // The first of two equal ones counts.
            if merges[Pair(left: left, right: right)] == nil {
                merges[Pair(left: left, right: right)] = Merge(rank: Int32(rank), result: result)
            }
        }
        let letters = Self.letters
        let within = letters.compactMap { model.vocab[$0] }
        let ending = letters.compactMap { model.vocab[$0 + "</w>"] }
        guard within.count == 256, ending.count == 256 else { throw .modelUnusable("the vocabulary lacks bytes") }
        (self.merges, self.within, self.ending, self.opening, self.closing) = (merges, within, ending, opening, closing)
    }

    func ids(of text: String, context: Int) -> [Int64] {
        let room = context - opening.count - closing.count
        var ids: [Int64] = []
        var words = ByteWords(String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.longestText))))
        while ids.count < room, let word = words.next() { ids += symbols(of: word).map(Int64.init) }
        return opening + ids.prefix(room) + closing
    }

    /// The symbols of a word, merged until no pair of the list is left.
    private func symbols(of word: [Unicode.Scalar]) -> [Int32] {
        let bytes = Array(String(String.UnicodeScalarView(word)).utf8.prefix(Self.longestWord))
        var symbols = bytes.dropLast().map { within[Int($0)] } + bytes.suffix(1).map { ending[Int($0)] }
        var found = zip(symbols, symbols.dropFirst()).map { merges[Pair(left: $0, right: $1)] }
        while let best = found.indices.filter({ found[$0] != nil }).min(by: { found[$0]!.rank < found[$1]!.rank }) {
            symbols[best] = found[best]!.result
            symbols.remove(at: best + 1)
            found.remove(at: best)
            if best > 0 { found[best - 1] = merges[Pair(left: symbols[best - 1], right: symbols[best])] }
            if best < found.count { found[best] = merges[Pair(left: symbols[best], right: symbols[best + 1])] }
        }
        return symbols
    }

    /// What stands for each byte in the vocabulary: visible Latin-1 for itself, U+0100 and upwards for the rest, in order
    /// (GPT-2's table).
    private static let letters: [String] = {
        let visible = Set([33...126, 161...172, 174...255].joined())
        var next: UInt32 = 256
        return (0..<256).map { byte in
            if visible.contains(byte) { return String(Unicode.Scalar(UInt8(byte))) }
            defer { next += 1 }
            return String(Unicode.Scalar(next)!)  // 256 to 323 are letters
        }
    }()

    private struct File: Decodable {
        var model: Model

        struct Model: Decodable {
            var vocab: [String: Int32]
            var merges: [Parts]
        }

        /// "left right", or the two in an array: files of both forms are about.
        struct Parts: Decodable {
            var left: String
            var right: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                let parts: [String]
                if let line = try? container.decode(String.self) {  // else the other form
                    parts = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                } else {
                    parts = try container.decode([String].self)
                }
                guard parts.count == 2 else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "a merge has two parts")
                }
                (left, right) = (parts[0], parts[1])
            }
        }
    }
}

/// The words of a text as CLIP cuts them: `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`, of a text in lower
/// case.
struct ByteWords: Sequence, IteratorProtocol {
    private var rest: ArraySlice<Unicode.Scalar>

    init(_ text: String) {
        // Each code point by itself, without regard to its neighbours: the reference knows no final sigma.
        rest =
            text.precomposedStringWithCanonicalMapping.unicodeScalars.flatMap { $0.properties.lowercaseMapping.unicodeScalars }[
                ...]
    }

    mutating func next() -> [Unicode.Scalar]? {
        rest = rest.drop { Role($0) == .space }
        guard let first = rest.first else { return nil }
        let length =
            switch Role(first) {
            case .mark: shortened ?? rest.prefix { Role($0) == .mark }.count
            case .letter: rest.prefix { Role($0) == .letter }.count
            case .number, .space: 1
            }
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }

    private static let endings = ["s", "t", "re", "ve", "m", "ll", "d"].map { Array("'\($0)".unicodeScalars) }

    /// How long the shortened word is that the rest begins with, such as `'re`.
    private var shortened: Int? { Self.endings.first { rest.starts(with: $0) }?.count }

    private enum Role {
        case space, letter, number, mark

        init(_ scalar: Unicode.Scalar) {
            if scalar.properties.isWhitespace {
                self = .space
                return
            }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
            case .decimalNumber, .letterNumber, .otherNumber: self = .number
            default: self = .mark
            }
        }
    }
}
