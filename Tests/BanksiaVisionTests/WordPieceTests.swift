import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaVision

@Suite("WordPiece") struct WordPieceTests {
    @Test(arguments: [
        ("", []),
        ("   \t\r\n ", []),
        ("A dog", ["a", "dog"]),
        ("Hello,World!!", ["hello", ",", "world", "!", "!"]),
        ("it's $5.50 <b>", ["it", "'", "s", "$", "5", ".", "50", "<", "b", ">"]),
        ("Über den Wölken — naïve café", ["uber", "den", "wolken", "—", "naive", "cafe"]),
        ("Ｃａｆｅ\u{301}", ["ｃａｆｅ"]),
        ("İstanbul", ["istanbul"]),
        ("中文 photo漢字", ["中", "文", "photo", "漢", "字"]),
        ("日本のカメラ", ["日", "本", "のカメラ"]),
        ("snow\u{200B}fall\u{FEFF}", ["snowfall"]),
        ("a\u{0}b\u{7}c\u{FFFD}d", ["abcd"]),
        ("no\u{A0}break\u{2028}line\u{3000}wide", ["no", "break", "line", "wide"]),
        ("🐶 dog", ["🐶", "dog"]),
        ("«quoted»", ["«", "quoted", "»"]),
        ("שָׁלוֹם", ["שלום"]),
    ]) func `a text is cut into plain words`(text: String, words: [String]) {
        let cut = PlainWords(text.unicodeScalars, lowercase: true).map { word in String(String.UnicodeScalarView(word)) }
        // Compared by code points: strings that are only canonically equivalent are different words here.
        #expect(cut.map { Array($0.unicodeScalars) } == words.map { Array($0.unicodeScalars) })
    }

    @Test func `case and accents stay when the model knows them`() {
        let cut = PlainWords("Café, OK".unicodeScalars, lowercase: false).map { word in String(String.UnicodeScalarView(word)) }
        #expect(cut == ["Café", ",", "OK"])
    }

    private static let pieces = [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "dog", "dogs", "##s", "snow", "##board", "##er", "a", "##a", ",", "é",
    ]
    private let small = WordPiece(vocabulary: Array(pieces.joined(separator: "\n").utf8), lowercase: true)!

    @Test(arguments: [
        ("", [2, 3]),
        ("dogs", [2, 5, 3]),
        ("snowboarders", [2, 7, 8, 9, 6, 3]),
        ("snowboards,dog", [2, 7, 8, 6, 12, 4, 3]),
        ("cat", [2, 1, 3]),
        ("dogx dog", [2, 1, 4, 3]),
        ("[CLS] [SEP]", [2, 1, 1, 1, 1, 1, 1, 3]),
        ("aaa", [2, 10, 11, 11, 3]),
    ]) func `a word is cut into the longest known pieces`(text: String, ids: [Int64]) {
        #expect(small.ids(of: text, context: 128) == ids)
    }

    @Test func `a word of 100 letters is read and one of 101 is unknown`() {
        #expect(small.ids(of: String(repeating: "a", count: 100), context: 128).count == 102)
        #expect(small.ids(of: String(repeating: "a", count: 101), context: 128) == [2, 1, 3])
    }

    @Test(arguments: [2, 3, 8, 128]) func `what does not fit the context is left out`(context: Int) {
        let ids = small.ids(of: String(repeating: "dog ", count: 1000), context: context)
        #expect(ids.count == context)
        #expect(ids.first == 2)
        #expect(ids.last == 3)
        #expect(ids.dropFirst().dropLast().allSatisfy { $0 == 4 })
    }

    @Test(arguments: [
        String(repeating: "\u{301}", count: 100_000), String(repeating: "x", count: 100_000),
        String(repeating: "\u{200B}", count: 1_000_000),
        String(repeating: "🐶", count: 1000), String(repeating: "dog ", count: 100_000),
    ]) func `long and strange texts have bounded ids`(text: String) {
        #expect((2...128).contains(small.ids(of: text, context: 128).count))
    }

    @Test func `a vocabulary without the marks of BERT is refused`() {
        #expect(WordPiece(vocabulary: Array("dog\ncat".utf8), lowercase: true) == nil)
        #expect(WordPiece(vocabulary: [], lowercase: true) == nil)
    }

    @Test func `a vocabulary with DOS line ends reads the same`() throws {
        let words = try #require(WordPiece(vocabulary: Array(Self.pieces.joined(separator: "\r\n").utf8), lowercase: true))
        #expect(words.ids(of: "snowboards, dog", context: 128) == small.ids(of: "snowboards, dog", context: 128))
    }
}
