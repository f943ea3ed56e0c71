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
            let words: [(AssetID, LibraryID, SearchWords)] = try tx.rows(
                """
                SELECT asset.id, asset.library_id, asset.original_file_name, asset_metadata.place_name, asset_metadata.sublocation, asset_metadata.city,
                    asset_metadata.state, asset_metadata.country, asset_metadata.make, asset_metadata.model, asset_metadata.lens_model,
                    asset_metadata.description, asset.description, asset_text.text
                FROM asset LEFT JOIN asset_metadata ON asset_metadata.asset_id = asset.id
                    LEFT JOIN asset_text ON asset_text.asset_id = asset.id
                WHERE asset.id IN \(SQL.list(batch))
                """
            ) { row in
                let texts = try (2...13).compactMap { try row.value($0, as: String?.self) }
                return (try row.value(0), try row.value(1), SearchWords(of: texts))
            }
            try keep(words, in: "asset_words", key: "asset_id", tx)
        }
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
        }
    }

    /// What stands before the words of a library: some of its id, and a sign that is part of no word. Two libraries may have
    /// the same one; then a search looks at the words of both.
    private static func mark(of library: LibraryID) -> String {
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
        /// How many of the words it has.
        var matched: Int
        /// Its wall clock, which puts the newest first among equals.
        var captured: Int64
    }

    /// The assets that have most of the words, the newest first among equals; only what the viewer may be shown under a filter.
    static func hits(
        _ terms: SearchTerms, in library: LibraryID, matching filter: AssetFilter, by viewer: Viewer, limit: Int,
        _ tx: borrowing Transaction
    ) throws -> [Hit] {
        guard !terms.words.isEmpty else { return [] }
        return try tx.rows(hitsStatement(terms, in: library, matching: filter, by: viewer, limit: limit)) {
            Hit(asset: try $0.value(0), matched: try $0.value(2), captured: try $0.value(1))
        }
    }

    /// Apart from `hits`, so that a test can ask the engine for its plan.
    static func hitsStatement(
        _ terms: SearchTerms, in library: LibraryID, matching filter: AssetFilter, by viewer: Viewer, limit: Int
    ) -> SQL {
        let mark = mark(of: library)
        let places = terms.words.map { mark + $0 }.enumerated().map { (term, word) -> SQL in
            """
            SELECT word.number, \(term) AS term FROM (\(SQL.numbers(in: "asset_words", holding: word))) AS word
            UNION ALL SELECT asset_words.number, \(term) FROM (\(SQL.numbers(in: "album_words", holding: word))) AS word
            JOIN album_words ON album_words.number = word.number JOIN album_asset ON album_asset.album_id = album_words.album_id
            JOIN asset_words ON asset_words.asset_id = album_asset.asset_id
            UNION ALL SELECT asset_words.number, \(term) FROM (\(SQL.numbers(in: "person_words", holding: word))) AS word
            JOIN person_words ON person_words.number = word.number JOIN face ON face.person_id = person_words.person_id
            JOIN asset_words ON asset_words.asset_id = face.asset_id
            """
        }
        // A word that stands in two places counts once. Counting by number before looking at assets costs a third of counting
        // distinct words by id after it (SQLite, four words that all of 100,000 assets have).
        let matched = terms.words.indices.map { "MAX(CASE place.term WHEN \($0) THEN 1 ELSE 0 END)" as SQL }
        return """
            SELECT asset.id, asset.local_wall, hit.matched
            FROM (SELECT place.number, \(SQL.joined(matched, separator: " + ")) AS matched
                FROM (\(SQL.joined(places, separator: " UNION ALL "))) AS place GROUP BY place.number) AS hit
            JOIN asset_words ON asset_words.number = hit.number JOIN asset ON asset.id = asset_words.asset_id
            WHERE hit.matched >= \(terms.needed) AND asset.library_id = \(library) AND \(viewer.seesAsset) AND \(filter.condition)
            ORDER BY hit.matched DESC, asset.local_wall DESC, asset.id DESC LIMIT \(limit)
            """
    }
}

extension Array {
    /// The elements in order in pieces of a power of two, so that statements over any number of them have few texts.
    fileprivate func inPowersOfTwo(atMost most: Int) -> [ArraySlice<Element>] {
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
