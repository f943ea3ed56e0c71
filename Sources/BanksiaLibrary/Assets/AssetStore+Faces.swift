import BanksiaCore
import BanksiaSQL

extension AssetStore {
    /// Fills in who is seen in assets, and the films of stills, as far as it is asked for: one statement for all of a kind.
    static func fill(_ assets: inout [Asset], _ expansion: AssetExpansion, by viewer: Viewer, _ tx: borrowing Transaction) throws
    {
        let ids = assets.map(\.id)
        if expansion.contains(.faces) {
            let faces = try FaceStore.faces(of: ids, by: viewer, tx)
            for place in assets.indices { assets[place].faces = faces[assets[place].id] ?? [] }
        }
        if expansion.contains(.people) {
            let people = try people(in: ids, by: viewer, tx)
            for place in assets.indices { assets[place].people = people[assets[place].id] ?? [] }
        }
        if expansion.contains(.variants) {
            let films = try FilmStore.films(of: ids, tx)
            for place in assets.indices { assets[place].film = films[assets[place].id] }
        }
    }

    /// The same for one.
    static func filled(_ asset: Asset?, _ expansion: AssetExpansion, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> Asset?
    {
        guard let asset else { return nil }
        var assets = [asset]
        try fill(&assets, expansion, by: viewer, tx)
        return assets[0]
    }

    /// Who is seen in each of these assets, the earliest made first.
    private static func people(in assets: [AssetID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [AssetID: [Person]]
    {
        let found: [(asset: AssetID, person: Person)] = try tx.rows(
            """
            SELECT \(PersonStore.columns), seen.asset_id FROM \(PersonStore.source)
                JOIN (SELECT DISTINCT face.asset_id, face.person_id FROM face
                    WHERE face.asset_id IN \(SQL.list(assets)) AND face.person_id IS NOT NULL) AS seen ON seen.person_id = person.id
            WHERE \(viewer.seesPerson) ORDER BY person.created_at, person.id
            """
        ) { (try $0.value(PersonStore.columnCount), try PersonStore.decode($0)) }
        return Dictionary(grouping: found, by: \.asset).mapValues { $0.map(\.person) }
    }
}
