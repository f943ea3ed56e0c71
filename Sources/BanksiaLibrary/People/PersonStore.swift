import BanksiaCore
import BanksiaSQL

/// All SQL of people. Lists are in `PersonStore+Lists.swift`.
enum PersonStore {
    /// The best portrait among a person's faces in live assets: the index of portraits read backwards, mostly one row.
    private static let bestFace: SQL = """
        (SELECT face.id FROM face JOIN asset ON asset.id = face.asset_id WHERE face.person_id = person.id AND asset.trashed_at IS NULL
         ORDER BY face.quality DESC, face.id DESC LIMIT 1)
        """

    static let columnCount = 11
    static let columns: SQL = """
        person.id, person.library_id, person.name, person.birth_date, person.is_favorite, person.is_hidden, chosen.id,
        COALESCE(chosen.id, \(bestFace)), person.asset_count, person.created_at, person.updated_at
        """
    static let source: SQL = """
        person LEFT JOIN face AS chosen ON chosen.id = person.thumbnail_face_id AND chosen.library_id = person.library_id
        """

    static func decode(_ row: Row) throws -> Person {
        let name: String? = try row.value(2), birthDate: String? = try row.value(3)
        return Person(
            id: try row.value(0), libraryID: try row.value(1), name: try name.map { try Name($0) },
            birthDate: birthDate.flatMap { BirthDate($0) }, isFavorite: try row.value(4), isHidden: try row.value(5),
            chosenFaceID: try row.value(6), thumbnailFaceID: try row.value(7), assetCount: try row.value(8),
            createdAt: try row.value(9), updatedAt: try row.value(10))
    }

    // MARK: Reading

    static func person(_ id: PersonID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Person? {
        try tx.row("SELECT \(columns) FROM \(source) WHERE person.id = \(id) AND \(viewer.seesPerson)", decode)
    }

    /// People of a library by id, in no particular order; those that are not there are left out.
    static func people(_ ids: [PersonID], in library: LibraryID, _ tx: borrowing Transaction) throws -> [Person] {
        try tx.rows(
            "SELECT \(columns) FROM \(source) WHERE person.id IN \(SQL.list(ids)) AND \(SQL.notByIndex("person.library_id")) = \(library)",
            decode)
    }

    /// The person of a name, hidden or not.
    static func person(named name: Name, in library: LibraryID, _ tx: borrowing Transaction) throws -> Person? {
        try tx.row(
            """
            SELECT \(columns) FROM \(source)
            WHERE person.library_id = \(library) AND person.name_folded = \(name.folded) AND person.name IS NOT NULL
            """, decode)
    }

    /// Whether a library has this person.
    static func exists(_ id: PersonID, in library: LibraryID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value("SELECT 1 FROM person WHERE id = \(id) AND library_id = \(library)", as: Int.self) != nil
    }

    /// The libraries of people; those that are not there, or not to be seen, are left out.
    static func libraries(of people: [PersonID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [PersonID: LibraryID] {
        let rows: [(PersonID, LibraryID)] = try tx.rows(
            "SELECT person.id, person.library_id FROM person WHERE person.id IN \(SQL.list(people)) AND \(viewer.seesPerson)"
        ) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Who is seen in each of these assets, the earliest made first.
    static func people(in assets: [AssetID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [AssetID: [Person]] {
        let shown: SQL = "FROM face WHERE face.asset_id IN \(SQL.list(assets)) AND face.person_id IS NOT NULL"
        let seen: [(person: PersonID, asset: AssetID)] = try tx.rows("SELECT DISTINCT face.person_id, face.asset_id \(shown)") {
            (try $0.value(0), try $0.value(1))
        }
        guard !seen.isEmpty else { return [:] }
        let people = try tx.rows(
            """
            SELECT \(columns) FROM \(source) WHERE person.id IN (SELECT face.person_id \(shown)) AND \(viewer.seesPerson)
            ORDER BY person.created_at, person.id
            """, decode)
        let assetsOf = Dictionary(grouping: seen, by: \.person)
        var found: [AssetID: [Person]] = [:]
        for person in people {
            for (_, asset) in assetsOf[person.id] ?? [] { found[asset, default: []].append(person) }
        }
        return found
    }

    // MARK: Writing

    static func insert(_ person: Person, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO person (id, library_id, name, name_folded, name_order, birth_date, is_favorite, is_hidden, thumbnail_face_id,
                created_at, updated_at)
            VALUES (\(person.id), \(person.libraryID), \(person.name?.text), \(person.name?.folded),
                \(person.name.map { NameOrder($0.text).key }), \(person.birthDate?.text), \(person.isFavorite), \(person.isHidden),
                \(person.chosenFaceID), \(person.createdAt), \(person.updatedAt))
            """)
        try SearchWordsStore.keep(of: [person.id], tx)
    }

    /// Writes a person's own fields.
    static func update(_ person: Person, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE person SET name = \(person.name?.text), name_folded = \(person.name?.folded),
                name_order = \(person.name.map { NameOrder($0.text).key }), birth_date = \(person.birthDate?.text),
                is_favorite = \(person.isFavorite), is_hidden = \(person.isHidden), thumbnail_face_id = \(person.chosenFaceID),
                updated_at = \(person.updatedAt)
            WHERE id = \(person.id)
            """)
        try SearchWordsStore.keep(of: [person.id], tx)
    }

    /// Removes people whose faces have been taken care of.
    static func delete(_ people: [PersonID], _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM person WHERE id IN \(SQL.list(people))")
    }

    /// Counts anew in how many live assets each of these people is seen: whenever faces came, went or changed hands.
    static func recount(_ people: some Collection<PersonID>, _ tx: borrowing Transaction) throws {
        guard !people.isEmpty else { return }
        try tx.execute("\(count) WHERE id IN \(SQL.list(people))")
    }

    /// The same for everyone seen in these assets: after the assets were trashed or restored.
    static func recountPeople(in assets: [AssetID], _ tx: borrowing Transaction) throws {
        guard !assets.isEmpty else { return }
        try tx.execute("\(count) WHERE id IN (SELECT person_id FROM face WHERE asset_id IN \(SQL.list(assets)))")
    }

    private static let count: SQL = """
        UPDATE person SET asset_count = (SELECT COUNT(DISTINCT face.asset_id) FROM face JOIN asset ON asset.id = face.asset_id
            WHERE face.person_id = person.id AND asset.trashed_at IS NULL)
        """
}
