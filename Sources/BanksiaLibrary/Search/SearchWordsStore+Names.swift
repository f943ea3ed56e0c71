import BanksiaCore
import BanksiaSQL

/// Which names words belong to.
extension SearchWordsStore {
    /// The names of people and albums in which one of these words stands.
    static func names(holding words: [String], in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> (
        people: [(id: PersonID, name: String)], albums: [(id: AlbumID, name: String)]
    ) {
        guard !words.isEmpty else { return ([], []) }
        let forms = words.map { SQL.WordForm(mark(of: library) + $0) }
        return try (named(forms, in: library, by: viewer, tx), titled(forms, in: library, by: viewer, tx))
    }

    /// The people whose name holds a word that begins like this, those on most photos first.
    static func people(beginning word: String, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> [(id: PersonID, name: String)]
    {
        try named([.init(mark(of: library) + word, isBeginning: true)], in: library, by: viewer, tx)
    }

    /// The same of albums, the newest first.
    static func albums(beginning word: String, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> [(id: AlbumID, name: String)]
    {
        try titled([.init(mark(of: library) + word, isBeginning: true)], in: library, by: viewer, tx)
    }

    /// How many live assets have a place or a camera, looked up by the longest of its words.
    static func count(
        of entry: VocabularyStore.Entry, upTo most: Int, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> Int {
        guard let word = Word.all(in: entry.name).flatMap(\.terms).max(by: { ($0.count, $1) < ($1.count, $0) }) else { return 0 }
        let columns: [SQL] =
            entry.kind == .camera ? ["make", "model"] : ["place_name", "sublocation", "city", "state", "country"]
        let isNamed = SQL.joined(columns.map { "asset_metadata.\($0) = \(entry.name)" }, separator: " OR ")
        return try tx.value(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 FROM (\(SQL.numbers(in: "asset_words", holdingAny: [.init(mark(of: library) + word)]))) AS word
                JOIN asset_words ON asset_words.number = word.number JOIN asset ON asset.id = asset_words.asset_id
                JOIN asset_metadata ON asset_metadata.asset_id = asset.id
                WHERE asset.library_id = \(library) AND \(viewer.seesAsset) AND asset.trashed_at IS NULL AND (\(isNamed))
                LIMIT \(most)) AS counted
            """) ?? 0
    }

    /// More names than this with one word are not looked at.
    private static let mostNames = 200

    private static func named(_ forms: [SQL.WordForm], in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction)
        throws
        -> [(id: PersonID, name: String)]
    {
        try tx.rows(
            """
            SELECT person.id, person.name FROM (\(SQL.numbers(in: "person_words", holdingAny: forms))) AS word
            JOIN person_words ON person_words.number = word.number JOIN person ON person.id = person_words.person_id
            WHERE person.library_id = \(library) AND \(viewer.seesPerson) AND person.name IS NOT NULL AND NOT person.is_hidden
            ORDER BY person.asset_count DESC, person.id LIMIT \(mostNames)
            """
        ) { (try $0.value(0), try $0.value(1)) }
    }

    private static func titled(_ forms: [SQL.WordForm], in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction)
        throws -> [(id: AlbumID, name: String)]
    {
        try tx.rows(
            """
            SELECT album.id, album.name FROM (\(SQL.numbers(in: "album_words", holdingAny: forms))) AS word
            JOIN album_words ON album_words.number = word.number JOIN album ON album.id = album_words.album_id
            WHERE album.library_id = \(library) AND \(viewer.seesAlbum) ORDER BY album.created_at DESC, album.id LIMIT \(mostNames)
            """
        ) { (try $0.value(0), try $0.value(1)) }
    }
}
