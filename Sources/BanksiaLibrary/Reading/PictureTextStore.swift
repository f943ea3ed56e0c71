import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of what stands in pictures.
enum PictureTextStore {
    /// What was read in a picture, nothing included.
    ///
    /// - Parameter viewer: `nil` for background work.
    /// - Returns: `nil` when there is no such asset that the viewer sees.
    static func text(of asset: AssetID, by viewer: Viewer?, _ tx: borrowing Transaction) throws -> PictureText? {
        let sees: SQL = viewer?.seesAsset ?? "TRUE"
        return try tx.row(
            """
            SELECT asset_text.lines FROM asset LEFT JOIN asset_text ON asset_text.asset_id = asset.id
            WHERE asset.id = \(asset) AND \(sees)
            """
        ) { row in
            guard let lines = try row.value(0, as: String?.self) else { return PictureText(lines: []) }
            return try self.text(lines)
        }
    }

    /// What was read in several pictures; those that hold nothing are left out.
    static func texts(of assets: [AssetID], _ tx: borrowing Transaction) throws -> [AssetID: PictureText] {
        guard !assets.isEmpty else { return [:] }
        let texts: [(AssetID, PictureText)] = try tx.rows(
            "SELECT asset_id, lines FROM asset_text WHERE asset_id IN \(SQL.list(assets))"
        ) { (try $0.value(0), try text($0.value(1))) }
        return Dictionary(uniqueKeysWithValues: texts)
    }

    private static func text(_ lines: String) throws -> PictureText {
        PictureText(lines: try JSONDecoder().decode([PictureText.Line].self, from: Data(lines.utf8)))
    }

    /// Keeps what was read in place of what was known, and makes the asset findable by it.
    static func keep(_ text: PictureText, of asset: AssetID, _ tx: borrowing Transaction) throws {
        guard let before = try self.text(of: asset, by: nil, tx), text != before else { return }
        if text.lines.isEmpty {
            try tx.execute("DELETE FROM asset_text WHERE asset_id = \(asset)")
        } else {
            let lines = String(decoding: try JSONEncoder().encode(text.lines), as: UTF8.self)
            try tx.execute(
                """
                INSERT INTO asset_text (asset_id, text, lines) VALUES (\(asset), \(text.text), \(lines))
                ON CONFLICT (asset_id) DO UPDATE SET text = excluded.text, lines = excluded.lines
                """)
        }
        if text.text != before.text { try SearchWordsStore.keep(of: [asset], tx) }
    }
}
