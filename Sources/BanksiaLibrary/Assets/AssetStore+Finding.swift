import BanksiaCore
import BanksiaSQL

extension AssetID {
    /// - Throws: `AssetProblem.notFound` for a text that is no id of an asset: nothing can have it.
    init(known text: String) throws(AssetProblem) {
        guard let id = AssetID(text) else { throw .notFound }
        self = id
    }
}

extension AssetStore {
    /// The library an asset lies in.
    ///
    /// - Throws: `AssetProblem.notFound` when the viewer does not see the asset.
    static func library(of asset: AssetID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> LibraryID {
        guard let library = try libraries(of: [asset], by: viewer, tx)[asset] else { throw AssetProblem.notFound }
        return library
    }

    /// The libraries that assets lie in; those the viewer does not see are left out.
    static func libraries(of assets: [AssetID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [AssetID: LibraryID] {
        let rows: [(AssetID, LibraryID)] = try tx.rows(
            "SELECT asset.id, asset.library_id FROM asset WHERE asset.id IN \(SQL.list(assets)) AND \(viewer.seesAsset)"
        ) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
