import BanksiaSQL

extension Schema {
    /// What changes to assets have to remember.
    ///
    /// `asset_metadata` holds what counts, which is what lists, filters and searches read. Where several sources speak, each
    /// one's words stand in `asset_metadata_layer`: only there, so that an asset without rows has what its file said, and most
    /// assets need none. They are never asked for by value, hence JSON.
    static let changes = Migration(
        id: "0007-changes",
        """
        CREATE TABLE asset_metadata_layer (
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            layer TEXT NOT NULL CHECK (layer IN ('user', 'file', 'derived')),
            facts JSON NOT NULL,
            PRIMARY KEY (asset_id, layer)
        );
        -- of the bytes, kind and parameters as they were sent, to know them again; NULL for the upload
        ALTER TABLE asset_version ADD COLUMN upload_digest BYTES;
        """)
}
