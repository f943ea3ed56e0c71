import BanksiaCore
import BanksiaFiles
import BanksiaSQL
import Foundation

/// All SQL of sidecars. What they say is read by `MetadataStore`, as one of the layers.
enum SidecarStore {
    private static let columns: SQL = """
        asset_sidecar.asset_id, asset_sidecar.file_name, asset_sidecar.size_bytes, asset_sidecar.checksum,
        asset_sidecar.created_at, asset_sidecar.updated_at
        """

    static func sidecar(beside asset: AssetID, _ tx: borrowing Transaction) throws -> Sidecar? {
        try tx.row("SELECT \(columns) FROM asset_sidecar WHERE asset_sidecar.asset_id = \(asset)") { row in
            Sidecar(
                assetID: try row.value(0), fileName: try row.value(1), sizeBytes: try row.value(2), checksum: try row.value(3),
                createdAt: try row.value(4), updatedAt: try row.value(5))
        }
    }

    /// The contents of assets' sidecars.
    static func checksums(of assets: [AssetID], _ tx: borrowing Transaction) throws -> [(AssetID, ContentDigest)] {
        try tx.rows("SELECT asset_id, checksum FROM asset_sidecar WHERE asset_id IN \(SQL.list(assets)) ORDER BY asset_id") {
            (try $0.value(0), try $0.value(1))
        }
    }

    static func keep(_ sidecar: Sidecar, _ facts: MetadataLayers.SidecarFacts, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO asset_sidecar (asset_id, checksum, size_bytes, file_name, created_at, updated_at, facts)
            VALUES (\(sidecar.assetID), \(sidecar.checksum), \(sidecar.sizeBytes), \(sidecar.fileName), \(sidecar.createdAt),
                \(sidecar.updatedAt), \(try text(facts)))
            ON CONFLICT (asset_id) DO UPDATE SET checksum = excluded.checksum, size_bytes = excluded.size_bytes,
                file_name = excluded.file_name, updated_at = excluded.updated_at, facts = excluded.facts
            """)
    }

    /// Keeps what was read anew in a sidecar; nothing when another one lies there meanwhile.
    static func set(
        _ facts: MetadataLayers.SidecarFacts, read checksum: ContentDigest, beside asset: AssetID, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE asset_sidecar SET facts = \(try text(facts)) WHERE asset_id = \(asset) AND checksum = \(checksum)
            """)
    }

    static func delete(beside asset: AssetID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM asset_sidecar WHERE asset_id = \(asset)")
    }

    private static func text(_ facts: MetadataLayers.SidecarFacts) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(facts), as: UTF8.self)
    }
}
