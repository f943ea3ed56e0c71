import BanksiaCore
import BanksiaSQL

extension FaceStore {
    /// Deletes the faces of assets that are about to be deleted for good, and tells of each: call it before the assets' rows go,
    /// in the transaction that holds their library.
    ///
    /// - Returns: what happened, for the feed: `face_deleted` of each face, by asset in the order given. The caller records it
    ///   before the `asset_deleted` of the asset (contract §13).
    static func delete(of assets: [AssetID], _ tx: borrowing Transaction) throws -> [AssetID: [Change]] {
        guard !assets.isEmpty else { return [:] }
        let faces: [(id: FaceID, asset: AssetID, person: PersonID?)] = try tx.rows(
            "SELECT id, asset_id, person_id FROM face WHERE asset_id IN \(SQL.list(assets)) ORDER BY asset_id, created_at, id"
        ) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
        guard !faces.isEmpty else { return [:] }
        try tx.execute("DELETE FROM face WHERE asset_id IN \(SQL.list(assets))")
        try PersonStore.recount(Set(faces.compactMap(\.person)), tx)
        return Dictionary(grouping: faces, by: \.asset).mapValues { $0.map { .faceDeleted($0.id, previous: $0.person) } }
    }

    /// Takes the faces of assets along into another library, where they belong to nobody. The feed says nothing of it
    /// (contract §13); nor does it say anything of the people they leave.
    static func move(of assets: [AssetID], to library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        guard !assets.isEmpty else { return }
        let people: [PersonID] = try tx.rows(
            "SELECT DISTINCT person_id FROM face WHERE asset_id IN \(SQL.list(assets)) AND person_id IS NOT NULL"
        ) { try $0.value(0) }
        try tx.execute(
            "DELETE FROM face_detachment WHERE face_id IN (SELECT id FROM face WHERE asset_id IN \(SQL.list(assets)))")
        try tx.execute(
            "UPDATE face_vector SET knot = NULL WHERE face_id IN (SELECT id FROM face WHERE asset_id IN \(SQL.list(assets)))")
        try tx.execute(
            """
            UPDATE face SET library_id = \(library), person_id = NULL, is_assigned_by_user = FALSE, updated_at = \(now)
            WHERE asset_id IN \(SQL.list(assets))
            """)
        try PersonStore.recount(people, tx)
    }
}
