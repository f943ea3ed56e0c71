import BanksiaCore
import BanksiaMedia
import BanksiaSQL

/// What a query is taken to mean: its text goes three ways, as terms for the full text, as a description for the pictures, and
/// as conditions.
struct QueryUnderstanding: Sendable {
    var terms: SearchTerms
    /// What pictures are compared with; `nil` when nothing is left that they could show.
    var description: String?
    var filter: AssetFilter
    var readings: [SearchReading] = []

    /// Takes the words as they are.
    init(literally text: String, _ filter: AssetFilter) {
        terms = SearchTerms(text, isLiteral: true)
        description = text.nonBlank
        self.filter = filter
    }

    /// Understands what needs no library: kinds of files and times.
    init(_ text: String, _ filter: AssetFilter, today: CivilTime) {
        var query = QueryWords(text)
        self.filter = filter
        if filter.mediaClass == nil, let words = query.wordsForVideos() {
            readings.append(SearchReading(.mediaType, query.text(of: words), value: "video", .filter))
            self.filter.mediaClass = .video
            query.drop(words, from: .everything)
        }
        terms = SearchTerms(query.rest(of: .everything))
        let found = TimeWords(words: query.words, today: today).readings.filter { !query.isDropped($0.words) }
        for time in found {
            let places = Set(time.words.compactMap { terms.words.firstIndex(of: query.words[$0]) })
            guard !places.isEmpty, let first = time.walls.map(\.lowerBound).max(),
                let end = time.walls.first(where: { $0.lowerBound == first })?.upperBound
            else { continue }
            terms.times.append(SearchTerms.Times(words: places, walls: time.walls))
            readings.append(SearchReading(.time, query.text(of: time.words), value: Self.days(first..<end)))
            query.drop(time.isVisible ? query.years(in: time.words) : query.withPreposition(time.words), from: .description)
        }
        // Nothing but small words describes nothing.
        description = query.isTelling ? query.rest(of: .description).nonBlank : nil
        words = query
    }

    private var words: QueryWords?

    /// Understands the names of a library.
    mutating func read(_ library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws {
        guard var query = words, terms.areTelling else { return }
        let whole = description
        let (people, albums) = try SearchWordsStore.names(holding: terms.words, in: library, by: viewer, tx)
        for person in people {
            guard let place = query.place(of: person.name) else { continue }
            readings.append(SearchReading(.person, query.text(of: place), value: person.name, id: "\(person.id)"))
            query.drop(query.withPreposition(place), from: .description)
        }
        for album in albums {
            guard let place = query.place(of: album.name) else { continue }
            readings.append(SearchReading(.album, query.text(of: place), value: album.name, id: "\(album.id)"))
        }
        for entry in try VocabularyStore.names(query.phrases, in: library, tx) {
            guard let place = query.place(of: entry.name) else { continue }
            readings.append(SearchReading(entry.kind == .camera ? .camera : .place, query.text(of: place), value: entry.name))
        }
        terms.corrections = try VocabularyStore.corrections(of: terms.words, in: library, tx)
        for word in terms.words {
            if let meant = terms.corrections[word]?.first { readings.append(SearchReading(.spelling, word, value: meant)) }
        }
        // A picture shows no name, but it may show a rose: then the name is all there is to go by.
        description = query.isTelling ? query.rest(of: .description).nonBlank : whole
    }

    /// Whether only conditions are left, because all words were understood as such.
    var isConditionsAlone: Bool { terms.words.isEmpty && description == nil && readings.contains { $0.effect == .filter } }

    /// `2019-06-01/2019-06-30`, the newest where it is each year's.
    private static func days(_ walls: Range<Int64>) -> String {
        let ends = [walls.lowerBound, walls.upperBound - 1].map { CivilTime(microseconds: $0).text.prefix(10) }
        return ends[0] == ends[1] ? String(ends[0]) : ends.joined(separator: "/")
    }
}

/// The words of a query in order, each with the piece of text between blanks that it stands in.
struct QueryWords: Sendable {
    enum Use { case everything, description }

    let words: [String]
    private let pieces: [Substring]
    private let pieceOf: [Int]
    private var forAll: Set<Int>
    private var forDescription: Set<Int>

    /// Longer names are not looked for.
    private static let longestName = 4

    init(_ text: String) {
        pieces = text.split(whereSeparator: \.isWhitespace)
        let cut = pieces.enumerated().flatMap { piece, text in Word.all(in: String(text)).map { (piece, $0.text) } }
        words = cut.map(\.1)
        pieceOf = cut.map(\.0)
        forAll = Set(words.indices)
        forDescription = forAll
    }

    func text(of range: Range<Int>) -> String { words[range].joined(separator: " ") }

    func isDropped(_ range: Range<Int>) -> Bool { range.contains { !forAll.contains($0) } }

    mutating func drop(_ range: Range<Int>, from use: Use) {
        forDescription.subtract(range)
        if use == .everything { forAll.subtract(range) }
    }

    /// Whether something is left to describe a picture by: a word that says something, or signs that are no words.
    var isTelling: Bool {
        forDescription.contains { !SearchTerms.isCommon(words[$0]) } || Set(pieceOf).count < pieces.count
    }

    /// The text as it was written, without the pieces of which all words were dropped.
    func rest(of use: Use) -> String {
        let kept = use == .everything ? forAll : forDescription
        let known = Set(pieceOf)
        let pieces = pieces.enumerated().filter { piece, _ in
            !known.contains(piece) || pieceOf.indices.contains { pieceOf[$0] == piece && kept.contains($0) }
        }
        return pieces.map(\.element).joined(separator: " ")
    }

    private static let prepositions: Set<String> = ["in", "from", "at", "on", "of", "during", "with"]
    private static let openings: Set<String> = ["show", "me", "find", "all", "my", "the", "our"]
    private static let films: Set<String> = ["video", "videos", "film", "films", "movie", "movies", "clip", "clips"]

    /// With the small word before it.
    func withPreposition(_ range: Range<Int>) -> Range<Int> {
        let before = range.lowerBound - 1
        return before >= 0 && Self.prepositions.contains(words[before]) ? before..<range.upperBound : range
    }

    /// The years among some words.
    func years(in range: Range<Int>) -> Range<Int> {
        let isYear = range.upperBound > range.lowerBound && words[range.upperBound - 1].allSatisfy(\.isNumber)
        return isYear ? range.upperBound - 1..<range.upperBound : range.lowerBound..<range.lowerBound
    }

    /// "videos of", "show me all films from", "clips": at the beginning, and followed by what shows that it is meant so.
    func wordsForVideos() -> Range<Int>? {
        guard let start = words.firstIndex(where: { !Self.openings.contains($0) }), Self.films.contains(words[start]) else {
            return nil
        }
        let next = start + 1
        if next == words.count { return 0..<next }
        return Self.prepositions.contains(words[next]) ? 0..<next + (words[next] == "of" ? 1 : 0) : nil
    }

    /// Where a name stands, with all its words.
    func place(of name: String) -> Range<Int>? {
        let name = Word.all(in: name).map(\.text)
        guard let first = name.first, name.count <= words.count, name.contains(where: { !SearchTerms.isCommon($0) }) else {
            return nil
        }
        return words.indices.lazy.filter { words[$0] == first && words[$0...].starts(with: name) }.first
            .map { $0..<$0 + name.count }
    }

    /// All stretches of words that may be names.
    var phrases: [String] {
        let starts = words.indices.prefix(2 * SearchTerms.most)
        let all = starts.flatMap { start in
            (1...Self.longestName).filter { start + $0 <= words.count }.map { words[start..<start + $0].joined(separator: " ") }
        }
        return Set(all.filter { !SearchTerms.isCommon($0) }).sorted()
    }
}
