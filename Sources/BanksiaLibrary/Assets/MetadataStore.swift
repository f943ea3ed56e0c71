import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of changes to metadata: the layers, and the row of what counts.
enum MetadataStore {
    /// The layers of assets; an asset that is left out has none yet.
    static func layers(of assets: [AssetID], _ tx: borrowing Transaction) throws -> [AssetID: MetadataLayers] {
        let rows: [(AssetID, String, String)] = try tx.rows(
            """
            SELECT asset_id, layer, facts FROM asset_metadata_layer WHERE asset_id IN \(SQL.list(assets))
            UNION ALL SELECT asset_id, 'sidecar', facts FROM asset_sidecar WHERE asset_id IN \(SQL.list(assets))
            """
        ) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
        let texts = Dictionary(grouping: rows, by: \.0).mapValues { rows in
            Dictionary(uniqueKeysWithValues: rows.map { ($0.1, Data($0.2.utf8)) })
        }
        let decoder = JSONDecoder()
        return try texts.compactMapValues { layers in
            guard let file = layers["file"] else { return nil }
            return MetadataLayers(
                user: try layers["user"].map { try decoder.decode(MetadataLayers.UserFacts.self, from: $0) } ?? .init(),
                sidecar: try layers["sidecar"].map { try decoder.decode(MetadataLayers.SidecarFacts.self, from: $0) },
                file: try decoder.decode(MetadataLayers.FileFacts.self, from: file),
                derived: try layers["derived"].map { try decoder.decode(MetadataLayers.PlaceNames.self, from: $0) })
        }
    }

    /// Keeps the layers of an asset, but for the sidecar's, which stands with the sidecar. The file's stay although nobody speaks over them any more: that does no harm.
    static func keep(_ layers: MetadataLayers, of asset: AssetID, _ tx: borrowing Transaction) throws {
        try keep(layers.file, as: "file", of: asset, tx)
        try keep(layers.user == .init() ? nil : layers.user, as: "user", of: asset, tx)
        try keep(layers.derived, as: "derived", of: asset, tx)
    }

    private static func keep(_ facts: (some Encodable)?, as layer: String, of asset: AssetID, _ tx: borrowing Transaction) throws
    {
        guard let facts else {
            try tx.execute("DELETE FROM asset_metadata_layer WHERE asset_id = \(asset) AND layer = \(layer)")
            return
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(facts), as: UTF8.self)
        try tx.execute(
            """
            INSERT INTO asset_metadata_layer (asset_id, layer, facts) VALUES (\(asset), \(layer), \(text))
            ON CONFLICT (asset_id, layer) DO UPDATE SET facts = excluded.facts
            """)
    }

    /// Writes what counts after a change of layers, with its times.
    static func update(_ asset: Asset, _ metadata: AssetMetadata, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE asset_metadata SET updated_at = \(metadata.updatedAt),
                original_wall = \(metadata.originalDateTime?.wallMicroseconds),
                original_offset = \(metadata.originalDateTime?.offsetSeconds),
                latitude = \(metadata.latitude), longitude = \(metadata.longitude), rating = \(metadata.rating),
                description = \(metadata.description), place_name = \(metadata.placeName), sublocation = \(metadata.sublocation),
                city = \(metadata.city), state = \(metadata.state), country = \(metadata.country),
                country_code = \(metadata.countryCode), timezone = \(metadata.timezone)
            WHERE asset_id = \(asset.id)
            """)
        try tx.execute(
            """
            UPDATE asset SET updated_at = \(asset.updatedAt), local_wall = \(asset.localDateTime.wallMicroseconds),
                local_offset = \(asset.localDateTime.offsetSeconds), stars = \(metadata.stars)
            WHERE id = \(asset.id)
            """)
    }
}
