import BanksiaCore
import BanksiaSQL

/// All SQL of full text: the words of assets and of the albums and people that lead to them, and what they find.
///
/// An asset's own words stand with it; an album's stand with the album, and a search walks from there to what is in it. So
/// to rename an album of any size is one row, and to fill or empty one is none. People are found the same way, over their
/// faces.
///
/// Each word is kept with a mark of its library before it, so a search looks at no other library's words, however many
/// there are.
enum SearchWordsStore {
    // MARK: Keeping

    /// Makes the words of assets anew, after their file name, captions, camera or place changed, or their library.
    static func keep(of assets: [AssetID], _ tx: borrowing Transaction) throws {
        for batch in assets.inPowersOfTwo(atMost: 128) {
            let texts: [(AssetID, LibraryID, [String?])] = try tx.rows(
                """
                SELECT asset.id, asset.library_id, asset.original_file_name, asset_metadata.place_name, asset_metadata.sublocation, asset_metadata.city,
                    asset_metadata.state, asset_metadata.country, asset_metadata.make, asset_metadata.model, asset_metadata.lens_model,
                    asset_metadata.description, asset.description, asset_text.text
                FROM asset LEFT JOIN asset_metadata ON asset_metadata.asset_id = asset.id
                    LEFT JOIN asset_text ON asset_text.asset_id = asset.id
                WHERE asset.id IN \(SQL.list(batch))
                """
            ) { row in (try row.value(0), try row.value(1), try (2...13).map { try row.value($0, as: String?.self) }) }
            let words = texts.map { ($0, $1, SearchWords(of: $2.compactMap { $0 })) }
            try keep(words, in: "asset_words", key: "asset_id", tx)
            for (library, rows) in Dictionary(grouping: texts, by: \.1) {
                try VocabularyStore.keep(Set(rows.flatMap { Self.names(in: $0.2) }), in: library, tx)
            }
        }
    }

    /// The places and cameras among an asset's texts, by the columns of the statement above.
    private static func names(in texts: [String?]) -> [VocabularyStore.Entry] {
        let (places, cameras) = (texts[1...5], texts[6...7])
        return places.compactMap { $0.flatMap { VocabularyStore.Entry(.place, $0) } }
            + cameras.compactMap { $0.flatMap { VocabularyStore.Entry(.camera, $0) } }
    }

    /// Makes the words of albums anew, after they were made or renamed.
    static func keep(of albums: [AlbumID], _ tx: borrowing Transaction) throws {
        for batch in albums.inPowersOfTwo(atMost: 128) {
            let words: [(AlbumID, LibraryID, SearchWords)] = try tx.rows(
                "SELECT id, library_id, name FROM album WHERE id IN \(SQL.list(batch))"
            ) { (try $0.value(0), try $0.value(1), SearchWords(of: [try $0.value(2)])) }
            try keep(words, in: "album_words", key: "album_id", tx)
        }
    }

    /// Makes the words of people anew, after they were made, named or renamed. Who has no name has no words.
    static func keep(of people: [PersonID], _ tx: borrowing Transaction) throws {
        for batch in people.inPowersOfTwo(atMost: 128) {
            let names: [(PersonID, LibraryID, String?)] = try tx.rows(
                "SELECT id, library_id, name FROM person WHERE id IN \(SQL.list(batch))"
            ) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
            let unnamed = names.filter { $0.2 == nil }.map(\.0)
            if !unnamed.isEmpty { try tx.execute("DELETE FROM person_words WHERE person_id IN \(SQL.list(unnamed))") }
            let words = names.compactMap { id, library, name in name.map { (id, library, SearchWords(of: [$0])) } }
            try keep(words, in: "person_words", key: "person_id", tx)
        }
    }

    private static func keep(
        _ rows: [(some SQLBindable, LibraryID, SearchWords)], in table: SQL, key: SQL, _ tx: borrowing Transaction
    ) throws {
        for batch in rows.inPowersOfTwo(atMost: 128) {
            let values = batch.map { (id, library, words) -> SQL in
                let mark = mark(of: library)
                return "(\(id), \(words.words.map { mark + $0 }.joined(separator: " ")), \(SearchWords.recipe))"
            }
            try tx.execute(
                """
                INSERT INTO \(table) (\(key), words, recipe) VALUES \(SQL.joined(values, separator: ", "))
                ON CONFLICT (\(key)) DO UPDATE SET words = excluded.words, recipe = excluded.recipe
                """)
            for (library, rows) in Dictionary(grouping: batch, by: \.1) {
                let entries = rows.flatMap { $0.2.words.compactMap { VocabularyStore.Entry(word: $0) } }
                try VocabularyStore.keep(Set(entries), in: library, tx)
            }
        }
    }

    /// What stands before the words of a library: some of its id, and a sign that is part of no word. Two libraries may have
    /// the same one; then a search looks at the words of both.
    static func mark(of library: LibraryID) -> String {
        let digits = String(UInt32(truncatingIfNeeded: library.uuid.low), radix: 36)
        return digits + "·"
    }

    /// Assets without words, or with words of another recipe.
    static func assetsToDo(after last: AssetID?, limit: Int, _ tx: borrowing Transaction) throws -> [AssetID] {
        try tx.rows(toDo("asset", after: last.map { SQL($0) }, limit: limit)) { try $0.value(0) }
    }

    /// Albums without words, or with words of another recipe.
    static func albumsToDo(after last: AlbumID?, limit: Int, _ tx: borrowing Transaction) throws -> [AlbumID] {
        try tx.rows(toDo("album", after: last.map { SQL($0) }, limit: limit)) { try $0.value(0) }
    }

    /// People with a name but without words, or with words of another recipe.
    static func peopleToDo(after last: PersonID?, limit: Int, _ tx: borrowing Transaction) throws -> [PersonID] {
        let words = toDo("person", after: last.map { SQL($0) }, having: "person.name IS NOT NULL", limit: limit)
        return try tx.rows(words) { try $0.value(0) }
    }

    private static func toDo(_ table: SQL, after last: SQL?, having condition: SQL = "TRUE", limit: Int) -> SQL {
        let start: SQL = last.map { "\(table).id > \($0)" } ?? "TRUE"
        return """
            SELECT \(table).id FROM \(table) WHERE \(start) AND \(condition) AND NOT EXISTS (
                SELECT 1 FROM \(table)_words
                WHERE \(table)_words.\(table)_id = \(table).id AND \(table)_words.recipe = \(SearchWords.recipe))
            ORDER BY \(table).id LIMIT \(limit)
            """
    }

    // MARK: Finding

    struct Hit: Equatable, Sendable {
        var asset: AssetID
        /// The weights of its words together.
        var rank: Int
        /// Two bits for each word, the first lowest: `SearchTerms.Way`, or zero.
        var ways: Int
        /// Its wall clock, which puts the newest first among equals.
        var captured: Int64

        func way(of word: Int) -> SearchTerms.Way? { SearchTerms.Way(rawValue: ways >> (2 * word) & 3) }
    }

    /// The assets that have most of the words, the newest first among equals; only what the viewer may be shown under a filter.
    static func hits(
        _ terms: SearchTerms, in library: LibraryID, matching filter: AssetFilter, by viewer: Viewer, limit: Int,
        _ tx: borrowing Transaction
    ) throws -> [Hit] {
        guard !terms.words.isEmpty else { return [] }
        return try tx.rows(hitsStatement(terms, in: library, matching: filter, by: viewer, limit: limit)) {
            Hit(asset: try $0.value(0), rank: try $0.value(2), ways: try $0.value(3), captured: try $0.value(1))
        }
    }

    /// Apart from `hits`, so that a test can ask the engine for its plan.
    ///
    /// A word that stands in two places counts once. Counting by number before looking at assets costs a third of counting
    /// distinct words by id after it (SQLite, four words that all of 100,000 assets have). The cross joins have SQLite begin with what
    /// has the words, and not with the many assets that a filter leaves. A time is no place: it weighs with
    /// what was found by other words, unless there are none.
    static func hitsStatement(
        _ terms: SearchTerms, in library: LibraryID, matching filter: AssetFilter, by viewer: Viewer, limit: Int
    ) -> SQL {
        var places = terms.words.enumerated().flatMap { term, word in
            terms.forms(of: word).flatMap { Self.places(of: term, $0.way, $0.forms, in: library) }
        }
        if terms.areTimesAlone {
            places += terms.times.flatMap { times in times.words.sorted().map { Self.places(of: $0, times, in: library) } }
        }
        let found = terms.words.indices.map { term in
            SQL(trusted: "MAX(CASE place.term WHEN \(term) THEN place.weight ELSE 0 END) AS word\(term)")
        }
        let weights = terms.words.indices.map { term -> SQL in
            let found = SQL(trusted: "hit.word\(term)"), name = SQL(trusted: "word\(term)")
            guard let times = terms.times(of: term), !terms.areTimesAlone else { return "\(found) AS \(name)" }
            return "CASE WHEN \(Self.isOf(times)) THEN \(SQL(trusted: "\(SearchTerms.whole)")) ELSE \(found) END AS \(name)"
        }
        let names = terms.words.indices.map { SQL(trusted: "scored.word\($0)") }
        let ways = names.enumerated().map { term, name -> SQL in
            let (exact, place) = (
                SQL(trusted: "\(SearchTerms.Way.exact.rawValue)"), SQL(trusted: "CAST(\(1 << (2 * term)) AS BIGINT)")
            )
            return "CASE WHEN \(name) >= \(SQL(trusted: "\(SearchTerms.whole)")) THEN \(exact) ELSE \(name) END * \(place)"
        }
        let rank = SQL.joined(names, separator: " + ")
        return """
            SELECT scored.id, scored.local_wall, \(rank) AS found_rank, \(SQL.joined(ways, separator: " + ")) AS ways
            FROM (SELECT asset.id AS id, asset.local_wall AS local_wall, \(SQL.joined(weights, separator: ", "))
                FROM (SELECT place.number, \(SQL.joined(found, separator: ", "))
                    FROM (\(SQL.joined(places, separator: " UNION ALL "))) AS place GROUP BY place.number) AS hit
                CROSS JOIN asset_words CROSS JOIN asset
                WHERE asset_words.number = hit.number AND asset.id = asset_words.asset_id
                    AND asset.library_id = \(library) AND \(viewer.seesAsset) AND \(filter.condition)) AS scored
            WHERE \(rank) >= \(terms.needed) ORDER BY found_rank DESC, scored.local_wall DESC, scored.id DESC LIMIT \(limit)
            """
    }

    /// Where a word stands: with assets, and with the albums and people that lead to them.
    private static func places(of term: Int, _ way: SearchTerms.Way, _ forms: [SQL.WordForm], in library: LibraryID) -> [SQL] {
        let mark = mark(of: library)
        let marked = forms.map { SQL.WordForm(mark + $0.word, isBeginning: $0.isBeginning) }
        let place = SQL(trusted: "\(term) AS term, \(way.weight) AS weight")
        return [
            "SELECT word.number, \(place) FROM (\(SQL.numbers(in: "asset_words", holdingAny: marked))) AS word",
            """
            SELECT asset_words.number, \(place) FROM (\(SQL.numbers(in: "album_words", holdingAny: marked))) AS word
            JOIN album_words ON album_words.number = word.number JOIN album_asset ON album_asset.album_id = album_words.album_id
            JOIN asset_words ON asset_words.asset_id = album_asset.asset_id
            """,
            """
            SELECT asset_words.number, \(place) FROM (\(SQL.numbers(in: "person_words", holdingAny: marked))) AS word
            JOIN person_words ON person_words.number = word.number JOIN face ON face.person_id = person_words.person_id
            JOIN asset_words ON asset_words.asset_id = face.asset_id
            """,
        ]
    }

    private static func places(of term: Int, _ times: SearchTerms.Times, in library: LibraryID) -> SQL {
        """
        SELECT asset_words.number, \(SQL(trusted: "\(term) AS term, \(SearchTerms.whole) AS weight"))
        FROM asset JOIN asset_words ON asset_words.asset_id = asset.id WHERE asset.library_id = \(library) AND \(isOf(times))
        """
    }

    private static func isOf(_ times: SearchTerms.Times) -> SQL {
        let walls = times.walls.map { "(asset.local_wall >= \($0.lowerBound) AND asset.local_wall < \($0.upperBound))" as SQL }
        return walls.isEmpty ? "FALSE" : "(\(SQL.joined(walls, separator: " OR ")))"
    }
}

extension Array {
    /// The elements in order in pieces of a power of two, so that statements over any number of them have few texts.
    func inPowersOfTwo(atMost most: Int) -> [ArraySlice<Element>] {
        var pieces: [ArraySlice<Element>] = []
        var rest = self[...]
        while !rest.isEmpty {
            let size = Swift.min(most, 1 << (Int.bitWidth - 1 - rest.count.leadingZeroBitCount))
            pieces.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
