import BanksiaSQL

extension Schema {
    /// XMP files beside assets, one each at most. The bytes lie among the originals; what they say is kept with the row, as a
    /// layer of the asset's metadata (`MetadataLayers`).
    static let sidecars = Migration(
        id: "0014-sidecars",
        """
        CREATE TABLE asset_sidecar (
            asset_id ID NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
            checksum BYTES NOT NULL,
            size_bytes BIGINT NOT NULL,
            file_name TEXT NOT NULL,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            facts JSON NOT NULL
        );
        CREATE INDEX asset_sidecar_checksum ON asset_sidecar (checksum);
        """)
}
