import BanksiaCore
import BanksiaSQL

extension PersonStore {
    /// Where in its library's lists a person stands.
    struct Place: Sendable {
        var id: PersonID
        var createdAt: Instant
        var assetCount: Int
        var nameOrder: String?
    }

    /// A stretch of a list that one index has in its order. A list by name has two: those with a name, then those without.
    enum Stretch: Sendable { case created, counted, named }

    /// The place of a person in the lists of their library, whether or not they meet a filter.
    static func place(of id: PersonID, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Place? {
        try tx.row(
            """
            SELECT person.id, person.created_at, person.asset_count, person.name_order FROM person
            WHERE person.id = \(id) AND person.library_id = \(library) AND \(viewer.seesPerson)
            """
        ) { Place(id: try $0.value(0), createdAt: try $0.value(1), assetCount: try $0.value(2), nameOrder: try $0.value(3)) }
    }

    /// One page and one person more, so that the caller can tell whether another page follows.
    static func list(
        _ query: PersonQuery, in library: LibraryID, after place: Place?, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [Person] {
        var found: [Person] = []
        for (stretch, names) in query.stretches(after: place) {
            let room = query.limit + 1 - found.count
            guard room > 0 else { break }
            let start = stretch == .named || place?.nameOrder == nil || !query.sort.isByName ? place : nil
            let statement = listStatement(query, stretch, names, in: library, after: start, limit: room, by: viewer)
            found += try tx.rows(statement, decode)
        }
        return found
    }

    /// Apart from `list`, so that a test can ask the engine for its plan.
    static func listStatement(
        _ query: PersonQuery, _ stretch: Stretch, _ names: PersonQuery.Names, in library: LibraryID, after place: Place?,
        limit: Int, by viewer: Viewer
    ) -> SQL {
        let (comparison, direction): (SQL, SQL) = query.sort.isAscending ? (">", "ASC") : ("<", "DESC")
        let key: SQL =
            switch stretch {
            case .created: "person.created_at"
            case .counted: "person.asset_count"
            case .named: "person.name_order"
            }
        let start = place.map { place -> SQL in
            let value: SQL =
                switch stretch {
                case .created: "\(place.createdAt)"
                case .counted: "\(place.assetCount)"
                case .named: "\(place.nameOrder)"
                }
            return "(\(key), person.id) \(comparison) (\(value), \(place.id))"
        }
        let isLookedUp = query.ids != nil || query.asset != nil || query.album != nil
        let column: SQL = isLookedUp ? SQL.notByIndex("person.library_id") : "person.library_id"
        return """
            SELECT \(columns) FROM \(source)
            WHERE \(column) = \(library) AND \(viewer.seesPerson) AND \(query.condition(names)) AND \(start ?? "TRUE")
            ORDER BY \(key) \(direction), person.id \(direction) LIMIT \(limit)
            """
    }
}

extension PersonQuery {
    /// The pieces of the list in order, with the names that each is about, from a place on.
    func stretches(after place: PersonStore.Place? = nil) -> [(PersonStore.Stretch, Names)] {
        guard sort.isByName else { return [([.newest, .oldest].contains(sort) ? .created : .counted, names)] }
        // Whoever stands behind somebody without a name has none either.
        let isPastNames = place.map { $0.nameOrder == nil } ?? false
        let named: [(PersonStore.Stretch, Names)] = names == .unnamed || isPastNames ? [] : [(.named, .named)]
        return names == .named ? named : named + [(.created, .unnamed)]
    }

    /// The condition on a row of `person`.
    fileprivate func condition(_ names: Names) -> SQL {
        var conditions: [SQL] = []
        if matchesNobody { conditions.append("FALSE") }
        switch names {
        case .named: conditions.append("person.name IS NOT NULL")
        case .unnamed: conditions.append("person.name IS NULL")
        case .all: break
        }
        if !includesHidden { conditions.append("NOT person.is_hidden") }
        if let ids { conditions.append("person.id IN \(SQL.list(ids))") }
        if let namePart { conditions.append("person.name_folded LIKE \(Self.pattern(holding: namePart)) ESCAPE '#'") }
        if let asset {
            conditions.append(
                """
                person.id IN (SELECT face.person_id FROM face JOIN asset ON asset.id = face.asset_id
                    WHERE face.asset_id = \(asset) AND asset.trashed_at IS NULL)
                """)
        }
        if let album {
            conditions.append(
                """
                person.id IN (SELECT face.person_id FROM album_asset JOIN asset ON asset.id = album_asset.asset_id
                    JOIN face ON face.asset_id = asset.id WHERE album_asset.album_id = \(album) AND asset.trashed_at IS NULL)
                """)
        }
        return conditions.isEmpty ? "TRUE" : SQL.joined(conditions, separator: " AND ")
    }

    private static func pattern(holding part: String) -> String {
        "%" + part.lowercased().replacing("#", with: "##").replacing("%", with: "#%").replacing("_", with: "#_") + "%"
    }
}
