import BanksiaCore
import BanksiaSQL

extension FaceStore {
    /// Where in its library's lists a face stands.
    struct Place: Sendable {
        var id: FaceID
        var createdAt: Instant
    }

    /// The place of a face in the lists of its library, whether or not it meets a filter.
    static func place(of id: FaceID, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Place? {
        try tx.row(
            "SELECT face.id, face.created_at FROM face WHERE face.id = \(id) AND face.library_id = \(library) AND \(viewer.seesFace)"
        ) { Place(id: try $0.value(0), createdAt: try $0.value(1)) }
    }

    /// One page and one face more, so that the caller can tell whether another page follows.
    static func list(
        _ query: FaceQuery, in library: LibraryID, after place: Place?, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [Face] {
        try tx.rows(listStatement(query, in: library, after: place, by: viewer), decode)
    }

    /// Apart from `list`, so that a test can ask the engine for its plan.
    static func listStatement(_ query: FaceQuery, in library: LibraryID, after place: Place?, by viewer: Viewer) -> SQL {
        let start: SQL = place.map { "(face.created_at, face.id) < (\($0.createdAt), \($0.id))" } ?? "TRUE"
        let isLookedUp = query.ids != nil || query.asset != nil || query.person != nil
        let column: SQL = isLookedUp ? SQL.notByIndex("face.library_id") : "face.library_id"
        return """
            SELECT \(columns) FROM face
            WHERE \(column) = \(library) AND \(viewer.seesFace) AND \(query.condition) AND \(start)
                AND EXISTS (SELECT 1 FROM asset WHERE asset.id = face.asset_id AND asset.trashed_at IS NULL)
            ORDER BY face.created_at DESC, face.id DESC LIMIT \(query.limit + 1)
            """
    }
}

extension FaceQuery {
    /// The condition on a row of `face`.
    fileprivate var condition: SQL {
        var conditions: [SQL] = []
        if matchesNothing { conditions.append("FALSE") }
        if let ids { conditions.append("face.id IN \(SQL.list(ids))") }
        if let asset { conditions.append("face.asset_id = \(asset)") }
        if let person { conditions.append("face.person_id = \(person)") }
        return conditions.isEmpty ? "TRUE" : SQL.joined(conditions, separator: " AND ")
    }
}
