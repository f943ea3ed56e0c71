import BanksiaCore
import BanksiaTestKit
import Testing

@testable import BanksiaLibrary

@Suite("Search words") struct SearchWordsTests {
    @Test(arguments: [
        ("IMG_1234.jpg", ["img", "1234", "img1234", "jpg"]),
        ("DSC01234 (2).NEF", ["dsc01234", "dsc", "01234", "2", "nef"]),
        ("iPhone 15 Pro", ["iphone", "15", "iphone15", "pro"]),
        ("Canon EOS R5", ["canon", "eos", "r5", "r", "5"]),
        ("Crème brûlée in Łódź, Straße", ["creme", "brulee", "in", "lodz", "strasse"]),
        ("ΣΊΣΥΦΟΣ Москва́ Ёлка", ["σισυφοσ", "москва", "елка"]),
        ("Ｆｕｌｌ ﬁne ²", ["full", "fine", "2", "fine2"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー", "東", "京"]),
        ("がガ", ["がガ"]),
        ("서울에서", ["서울", "울에", "에서"]),
        ("हिन्दी किताब", ["हिन्दी", "किताब"]),
        ("שָׁלוֹם", ["שלום"]),
        ("🦄 — ...", []),
        ("again Again AGAIN", ["again"]),
    ])
    func `texts are cut into words`(text: String, words: [String]) {
        #expect(SearchWords(of: [text]).words == words)
    }

    @Test func `words and their number are bounded`() {
        let long = SearchWords(of: [String(repeating: "é", count: 500), String(repeating: "東", count: 200)]).words
        #expect(long == [String(repeating: "e", count: 64), "東東", "東"])
        let wide = SearchWords(of: [String(repeating: "ж", count: 500)]).words
        #expect(wide == [String(repeating: "ж", count: 32)])
        let many = SearchWords(of: [(0..<5000).map { "w\($0)" }.joined(separator: " ")])
        #expect(many.words.count == 512)
    }

    @Test(arguments: [
        ("a photo of a dog", ["dog"]),
        ("IMG_1234.jpg", ["1234"]),
        ("Canon EOS R5, Paris", ["canon", "eos", "r5", "paris"]),
        ("dog Dog dög", ["dog"]),
        ("京都の猫", ["京都", "都の", "の猫"]),
        ("猫", ["猫"]),
        ("с дом", ["дом"]),
        ("3 people's 2-wheeled bikes", ["people", "wheeled", "bikes"]),
    ])
    func `queries keep what tells photos apart`(text: String, words: [String]) {
        let terms = SearchTerms(text)
        #expect(terms.words == words)
        #expect(terms.needed == 1)
    }

    @Test func `a query of common words needs them all`() {
        let terms = SearchTerms("photo.jpg")
        #expect(terms.words == ["photo", "jpg"])
        #expect(terms.needed == 2 * SearchTerms.whole)
        #expect(terms.distance(matching: 2) == 0.5)
        #expect(SearchTerms("photo").distance(matching: 1) == 0.5)
        #expect(SearchTerms("🦄").words == [])
    }

    @Test func `more words are nearer, and never further than a half`() {
        let terms = SearchTerms("dog beach sunset paris")
        let distances = (1...4).map { terms.distance(matching: $0) }
        #expect(distances.first == 0.5)
        #expect(abs((distances.last ?? 1) - 0.2) < 1e-9)
        #expect(distances == distances.sorted(by: >))
        #expect(SearchTerms("dog").distance(matching: 1) == 0.2)
        #expect(SearchTerms((0..<100).map { "word\($0)" }.joined(separator: " ")).words.count == 16)
    }

    /// Both sides are cut alike: whatever is written in a text, asking for it finds it.
    @Test(arguments: 0..<200) func `every word of a text is found by asking for it`(seed: Int) {
        var random = SeededNumbers(seed: UInt64(seed))
        let alphabet = Array("aZ9_- .é́ßжЁ東ガ゛서ก्हि🦄ǅ①ﬁ٣\u{0}\u{301}'")
        let text = String((0..<40).map { _ in alphabet.randomElement(using: &random) ?? "a" })
        let words = SearchWords(of: [text])
        for term in Word.all(in: text).flatMap(\.terms) { #expect(words.words.contains(term)) }
        for word in words.words {
            #expect(word.utf8.count <= 64 && !word.isEmpty)
            #expect(word.unicodeScalars.allSatisfy { $0.value != 0 && !$0.properties.isWhitespace && $0 != "\"" && $0 != "'" })
        }
    }
}

/// Random numbers that come again with the same seed: SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number
/// Generators", OOPSLA 2014).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
