import BanksiaSQL

/// What a search in words asks the full text for, and how far off an answer is.
///
/// The client writes sentences ("a photo of a dog in Paris"), and other clients add camera and place to them, so one word is
/// enough for a hit and more are better. A word is there as it is or in its other number, and, unless the query is meant
/// literally, as the beginning of a longer one when it is the last (someone may be typing), or as what a misspelt one means.
struct SearchTerms: Equatable {
    /// Each once.
    let words: [String]
    /// Whether they tell photos from each other. If not, a hit needs all of them.
    let areTelling: Bool
    /// Whether words are looked for as they are and no other way.
    let isLiteral: Bool
    /// What words that stand nowhere may have been meant to be.
    var corrections: [String: [String]] = [:]
    /// Words that name a time: an asset of that time has them.
    var times: [Times] = []
    /// The last word of the text, when it may not be at its end yet.
    private let unfinished: String?

    /// Words that name a time together, by their places in `words`.
    struct Times: Equatable {
        var words: Set<Int>
        /// Wall clocks, as in `CaptureTime.wallMicroseconds`.
        var walls: [Range<Int64>]

        func holds(_ wall: Int64) -> Bool { walls.contains { $0.contains(wall) } }
    }

    /// How a word was found.
    enum Way: Int, CaseIterable {
        case misspelt = 1
        case beginning = 2
        case exact = 3

        /// What it adds to a hit's rank: sixteen words that are there some other way weigh less than one that is there as it is.
        var weight: Int { self == .exact ? SearchTerms.whole : rawValue }
    }

    /// Sixteen words are more than a sentence has that say something; each costs a look into the index.
    static let most = 16
    /// The weight of a word that is there as it is.
    static let whole = 1000
    /// Shorter words begin too many.
    private static let shortestBeginning = 3

    /// - Parameter text: as the client wrote it; without a letter or digit in it there are no terms.
    init(_ text: String, isLiteral: Bool = false) {
        let cut = Word.all(in: text)
        let all = cut.flatMap(\.terms)
        let telling = all.filter { !Self.isLonelySign($0) && !Self.common.contains($0) }
        // "photo.jpg" is the name of a file. Then the words must all be there, or every photo would be found. "The" is none.
        let chosen = telling.isEmpty ? all.filter { !Self.small.contains($0) } : telling
        var seen: Set<String> = []
        words = Array(chosen.filter { seen.insert($0).inserted }.prefix(Self.most))
        areTelling = !telling.isEmpty
        self.isLiteral = isLiteral
        let last = cut.last.flatMap { $0.script == .spaced && $0.text.count >= Self.shortestBeginning ? $0.terms.first : nil }
        unfinished = areTelling && !isLiteral ? last : nil
    }

    /// The forms that lead to a word, by how they do.
    func forms(of word: String) -> [(way: Way, forms: [SQL.WordForm])] {
        var ways: [(Way, [SQL.WordForm])] = [(.exact, [SQL.WordForm(word)])]
        guard areTelling, !isLiteral else { return ways }
        if let other = Self.otherNumber(of: word) { ways[0].1.append(SQL.WordForm(other)) }
        if word == unfinished { ways.append((.beginning, [SQL.WordForm(word, isBeginning: true)])) }
        if let meant = corrections[word], !meant.isEmpty { ways.append((.misspelt, meant.map { SQL.WordForm($0) })) }
        return ways
    }

    /// An English noun in its other number, or what it would be if the word were one: that finds nothing.
    static func otherNumber(of word: String) -> String? {
        guard word.count >= 3, word.utf8.allSatisfy({ (0x61...0x7A).contains($0) }), !word.hasSuffix("ss") else { return nil }
        if word.hasSuffix("ies"), word.count > 4 { return word.dropLast(3) + "y" }
        if ["ches", "shes", "sses", "xes"].contains(where: word.hasSuffix) { return String(word.dropLast(2)) }
        if word.hasSuffix("s") { return word.count > 3 ? String(word.dropLast()) : nil }
        if ["ch", "sh", "x"].contains(where: word.hasSuffix) { return word + "es" }
        if word.hasSuffix("y"), let before = word.dropLast().last, !"aeiou".contains(before) { return word.dropLast() + "ies" }
        return word + "s"
    }

    /// The time that a word belongs to.
    func times(of word: Int) -> Times? { times.first { $0.words.contains(word) } }

    /// Whether nothing was asked for but times.
    var areTimesAlone: Bool { !times.isEmpty && words.indices.allSatisfy { times(of: $0) != nil } }

    /// The rank that a hit has at least.
    var needed: Int { areTelling ? 1 : Self.whole * words.count }

    /// The distance of an asset that has `matched` of the words as they are.
    func distance(matching matched: Int) -> Double { distance(rank: Self.whole * matched) }

    /// The distance of an asset by its rank, the weights of its words together. Never smaller for a smaller rank.
    ///
    /// All words as they are: 0.2, nearer than words and a picture ever come by their vectors (a sure match lies at 0.6), so
    /// that a name that is known by heart comes first, and not 0, which means identical. One of several: 0.5, the most that the
    /// contract (§12) allows for. In between by even steps, a word that is there another way within its step. None as it
    /// is: from 0.65, the one word's beginning, to 0.8, the least that is shown. A query of common words alone is not worth
    /// more than 0.5.
    func distance(rank: Int) -> Double {
        guard areTelling else { return 0.5 }
        let (exact, rest) = (min(rank / Self.whole, words.count), Double(rank % Self.whole))
        guard exact > 0 else { return 0.8 - 0.15 * rest / Double(2 * words.count) }
        guard words.count > 1 else { return 0.2 }
        let others = words.count - exact
        let step = others > 0 ? 0.9 * rest / Double(2 * others) : 0
        return 0.5 - 0.3 * (Double(exact - 1) + step) / Double(words.count - 1)
    }

    /// Whether a word says nothing about what is in a photo.
    static func isCommon(_ word: String) -> Bool { isLonelySign(word) || common.contains(word) }

    /// A letter or digit alone names nothing: the article "a", what an apostrophe cut off, the "2" of two dogs. In scripts
    /// without spaces one sign does.
    private static func isLonelySign(_ word: String) -> Bool {
        guard word.unicodeScalars.count == 1, let scalar = word.unicodeScalars.first else { return false }
        return !scalar.isUnspaced
    }

    /// The small words of English, the language of the default pack, which tell photos from each other no better than none.
    private static let small: Set<String> = [
        "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does",
        "find",
        "for", "from", "had", "has", "have", "her", "his", "how", "if", "in", "into", "is", "it", "its", "me", "my", "near", "no",
        "not", "of", "off", "on", "or", "our", "out", "over", "show", "so", "some", "that", "the", "their", "them", "there",
        "these",
        "they", "this", "those", "to", "up", "us", "was", "we", "were", "what", "when", "where", "which", "who", "with", "you",
        "your",
    ]

    /// No better than those: what photos are called, and how cameras begin, and formats end, the names of files (the `DCF`
    /// prefixes that CIPA DC-009 leaves to the makers).
    private static let common: Set<String> = small.union([
        "photo", "photos", "photograph", "photographs", "picture", "pictures", "pic", "pics", "image", "images", "video",
        "videos",
        "img", "dsc", "dscf", "dscn", "dcim", "pxl", "mvi", "vid", "mov", "pano",
        "jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "mp4", "avi",
    ])
}
