import BanksiaCore
import BanksiaSQL

/// All SQL of what is written in a library: words, places and cameras, each once.
enum VocabularyStore {
    enum Kind: String, CaseIterable {
        case word, place, camera
    }

    struct Entry: Hashable {
        var kind: Kind
        /// Folded, words with one space between.
        var text: String
        /// As it is written.
        var name: String

        /// A word of letters that one may misspell.
        init?(word: String) {
            guard Self.spellable.contains(word.unicodeScalars.count), word.unicodeScalars.allSatisfy(\.properties.isAlphabetic),
                !word.unicodeScalars.contains(where: \.isUnspaced)
            else { return nil }
            (kind, text, name) = (.word, word, word)
        }

        /// A name; `nil` without a letter or digit.
        init?(_ kind: Kind, _ name: String) {
            // In scalars: a character may have any number of marks.
            let name = String(String.UnicodeScalarView(name.unicodeScalars.prefix(Self.longestName)))
            let text = Word.all(in: name).map(\.text).joined(separator: " ")
            // Some letters become many when they are folded, and a row of an index on PostgreSQL has 2,704 bytes at most.
            guard (1...1024).contains(text.utf8.count) else { return nil }
            (self.kind, self.text, self.name) = (kind, text, name)
        }

        /// Of three letters nothing is left when one is wrong, and nobody writes a word of thirty from memory.
        static let spellable = 4...30
        private static let longestName = 200
    }

    // MARK: Keeping

    /// Adds what is not there yet.
    static func keep(_ entries: Set<Entry>, in library: LibraryID, _ tx: borrowing Transaction) throws {
        for batch in entries.sorted(by: { ($0.kind.rawValue, $0.text, $0.name) < ($1.kind.rawValue, $1.text, $1.name) })
            .inPowersOfTwo(atMost: 128)
        {
            let known: [[String]] = try tx.rows(
                """
                SELECT kind, text FROM vocabulary
                WHERE library_id = \(library) AND kind IN ('word', 'place', 'camera') AND text IN \(SQL.list(batch.map(\.text)))
                """
            ) { [try $0.value(0), try $0.value(1)] }
            let fresh = batch.filter { !known.contains([$0.kind.rawValue, $0.text]) }
            guard !fresh.isEmpty else { continue }
            let rows = fresh.map { "(\(library), \($0.kind.rawValue), \($0.text), \($0.name))" as SQL }
            try tx.execute(
                """
                INSERT INTO vocabulary (library_id, kind, text, name) VALUES \(SQL.joined(rows, separator: ", "))
                ON CONFLICT (library_id, kind, text) DO NOTHING
                """)
            let threes = fresh.filter { $0.kind == .word }.flatMap { entry in
                Self.threes(of: entry.text).map { "(\(library), \($0), \(entry.text))" as SQL }
            }
            for rows in threes.inPowersOfTwo(atMost: 256) {
                try tx.execute(
                    """
                    INSERT INTO vocabulary_three (library_id, three, word) VALUES \(SQL.joined(rows, separator: ", "))
                    ON CONFLICT (library_id, three, word) DO NOTHING
                    """)
            }
        }
    }

    /// All stretches of three letters, with a sign before the first and behind the last.
    static func threes(of word: String) -> [String] {
        let letters = Array("^\(word)$")
        guard letters.count >= 3 else { return [] }
        return Set((0...letters.count - 3).map { String(letters[$0..<$0 + 3]) }).sorted()
    }

    // MARK: Reading

    /// Places and cameras whose whole name is one of these texts.
    static func names(_ texts: [String], in library: LibraryID, _ tx: borrowing Transaction) throws -> [Entry] {
        try tx.rows(
            """
            SELECT kind, name FROM vocabulary
            WHERE library_id = \(library) AND kind IN ('place', 'camera') AND text IN \(SQL.list(texts)) ORDER BY kind, text
            """
        ) { row in
            (Kind(rawValue: try row.value(0)) ?? .place, try row.value(1, as: String.self))
        }.compactMap { Entry($0.0, $0.1) }
    }

    /// Places and cameras with a word that begins like this.
    static func names(beginning text: String, limit: Int, in library: LibraryID, _ tx: borrowing Transaction) throws -> [Entry] {
        // A folded text holds no sign that LIKE knows.
        try tx.rows(
            """
            SELECT kind, name FROM vocabulary WHERE library_id = \(library) AND kind IN ('place', 'camera')
                AND (text LIKE \(text + "%") OR text LIKE \("% " + text + "%")) ORDER BY LENGTH(text), text LIMIT \(limit)
            """
        ) { row in
            (Kind(rawValue: try row.value(0)) ?? .place, try row.value(1, as: String.self))
        }.compactMap { Entry($0.0, $0.1) }
    }

    /// Whoever writes a sentence describes a picture, and most of its words stand nowhere; each would cost some milliseconds.
    private static let mostMended = 4

    /// What words that stand nowhere may have been meant to be, at most three for each.
    static func corrections(of words: [String], in library: LibraryID, _ tx: borrowing Transaction) throws -> [String: [String]] {
        guard words.count <= mostMended else { return [:] }
        let words = words.filter { Entry(word: $0) != nil }
        guard !words.isEmpty else { return [:] }
        let known: [String] = try tx.rows(
            "SELECT text FROM vocabulary WHERE library_id = \(library) AND kind = 'word' AND text IN \(SQL.list(words))"
        ) { try $0.value(0) }
        var corrections: [String: [String]] = [:]
        for word in words where !known.contains(word) && !known.contains(SearchTerms.otherNumber(of: word) ?? word) {
            let near: [String] = try tx.rows(
                """
                SELECT word FROM vocabulary_three WHERE library_id = \(library) AND three IN \(SQL.list(threes(of: word)))
                GROUP BY word ORDER BY COUNT(*) DESC, word LIMIT 64
                """
            ) { try $0.value(0) }
            let allowed = Misspelling.mostMistakes(in: word)
            let meant = near.map { ($0, Misspelling.mistakes(from: word, to: $0, atMost: allowed)) }
                .filter { $0.1 <= allowed }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(Self.mostMeant).map(\.0)
            let standing = meant.isEmpty ? [] : try standing(among: meant, in: library, tx)
            corrections[word] = standing.isEmpty ? nil : Array(meant.filter(standing.contains).prefix(3))
        }
        return corrections
    }

    /// So many of the nearest words are looked for.
    private static let mostMeant = 8

    /// Which words still stand somewhere: with a live asset, an album or a person. The vocabulary itself forgets none, and what was
    /// deleted is nobody's business.
    private static func standing(among words: [String], in library: LibraryID, _ tx: borrowing Transaction) throws -> Set<String>
    {
        let mark = SearchWordsStore.mark(of: library)
        let places: [(words: SQL, owner: SQL, condition: SQL)] = [
            ("asset_words", "asset", "asset.trashed_at IS NULL"), ("album_words", "album", "TRUE"),
            ("person_words", "person", "TRUE"),
        ]
        let looks = words.map { word -> SQL in
            let found = places.map { place -> SQL in
                let numbers = SQL.numbers(in: place.words, holdingAny: [.init(mark + word, isBeginning: false)])
                return """
                    EXISTS (SELECT 1 FROM (\(numbers)) AS word
                        JOIN \(place.words) ON \(place.words).number = word.number
                        JOIN \(place.owner) ON \(place.owner).id = \(place.words).\(place.owner)_id
                        WHERE \(place.owner).library_id = \(library) AND \(place.condition))
                    """
            }
            return "SELECT CAST(\(word) AS TEXT) AS text WHERE \(SQL.joined(found, separator: " OR "))"
        }
        return Set(try tx.rows(SQL.joined(looks, separator: " UNION ALL ")) { try $0.value(0, as: String.self) })
    }
}

/// How far a word is from the one that was meant.
enum Misspelling {
    /// One letter in a short word, two in a long one.
    static func mostMistakes(in word: String) -> Int { word.count < 8 ? 1 : 2 }

    /// How many letters have to be changed, added, left out or exchanged with their neighbour (optimal string alignment, after
    /// Damerau, "A technique for computer detection and correction of spelling errors", 1964).
    static func mistakes(from one: String, to other: String, atMost most: Int) -> Int {
        let (one, other) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
        guard abs(one.count - other.count) <= most else { return most + 1 }
        var before: [Int] = []
        var row = Array(0...other.count)
        for (i, letter) in one.enumerated() {
            var next = [i + 1]
            for (j, wanted) in other.enumerated() {
                var cost = min(row[j] + (letter == wanted ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == wanted { cost = min(cost, before[j - 1] + 1) }
                next.append(cost)
            }
            (before, row) = (row, next)
        }
        return row[other.count]
    }
}
