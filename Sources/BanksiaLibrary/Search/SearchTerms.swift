/// What a search in words asks the full text for, and how far off an answer is.
///
/// The client writes sentences ("a photo of a dog in Paris"), and other clients add camera and place to them, so one word is
/// enough for a hit and more are better.
struct SearchTerms: Equatable {
    /// Each once.
    let words: [String]
    /// Whether they tell photos from each other. If not, a hit needs all of them.
    let areTelling: Bool

    /// Sixteen words are more than a sentence has that say something; each costs a look into the index.
    static let most = 16

    /// - Parameter text: as the client wrote it; without a letter or digit in it there are no terms.
    init(_ text: String) {
        let all = Word.all(in: text).flatMap(\.terms)
        let telling = all.filter { !Self.isLonelySign($0) && !Self.common.contains($0) }
        // "photo.jpg" is the name of a file. Then the words must all be there, or every photo would be found.
        let chosen = telling.isEmpty ? all : telling
        var seen: Set<String> = []
        words = Array(chosen.filter { seen.insert($0).inserted }.prefix(Self.most))
        areTelling = !telling.isEmpty
    }

    /// How many of the words a hit has at least.
    var needed: Int { areTelling ? 1 : words.count }

    /// The distance of an asset that has `matched` of the words.
    ///
    /// All of them: 0.2, nearer than words and a picture ever come by their vectors (a sure match lies at 0.6), so that a
    /// name that is known by heart comes first, and not 0, which means identical. One of several: 0.5, the most that the
    /// contract (§12) allows for. In between by even steps. A query of common words alone is not worth more than 0.5.
    func distance(matching matched: Int) -> Double {
        guard areTelling else { return 0.5 }
        guard words.count > 1 else { return 0.2 }
        let share = Double(min(matched, words.count) - 1) / Double(words.count - 1)
        return 0.5 - 0.3 * share
    }

    /// A letter or digit alone names nothing: the article "a", what an apostrophe cut off, the "2" of two dogs. In scripts
    /// without spaces one sign does.
    private static func isLonelySign(_ word: String) -> Bool {
        guard word.unicodeScalars.count == 1, let scalar = word.unicodeScalars.first else { return false }
        return !scalar.isUnspaced
    }

    /// Words that tell photos from each other no better than none: the small words of English, the language of the default
    /// pack; what photos are called; and how cameras begin, and formats end, the names of files (the `DCF` prefixes that
    /// CIPA DC-009 leaves to the makers).
    private static let common: Set<String> = [
        "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does",
        "find",
        "for", "from", "had", "has", "have", "her", "his", "how", "if", "in", "into", "is", "it", "its", "me", "my", "near", "no",
        "not", "of", "off", "on", "or", "our", "out", "over", "show", "so", "some", "that", "the", "their", "them", "there",
        "these", "they", "this", "those", "to", "up", "us", "was", "we", "were", "what", "when", "where", "which", "who",
        "with", "you", "your",
        "photo", "photos", "photograph", "photographs", "picture", "pictures", "pic", "pics", "image", "images", "video",
        "videos",
        "img", "dsc", "dscf", "dscn", "dcim", "pxl", "mvi", "vid", "mov", "pano",
        "jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "mp4", "avi",
    ]
}
