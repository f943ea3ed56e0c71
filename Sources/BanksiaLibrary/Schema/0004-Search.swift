import BanksiaSQL

extension Schema {
    /// What search by content needs: one vector per asset and model pack, numbered in the order of arrival within a
    /// library so that an index can follow, and which pack answers searches.
    static let search = Migration(
        id: "0004-search",
        """
        CREATE TABLE asset_embedding (
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            space TEXT NOT NULL,
            library_id ID NOT NULL,
            sequence BIGINT NOT NULL,
            vector BYTES NOT NULL,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (asset_id, space)
        );
        CREATE UNIQUE INDEX asset_embedding_sequence ON asset_embedding (library_id, space, sequence);
        CREATE TABLE embedding_counter (
            library_id ID NOT NULL,
            space TEXT NOT NULL,
            last BIGINT NOT NULL,
            PRIMARY KEY (library_id, space)
        );
        CREATE TABLE model_choice (
            purpose TEXT NOT NULL PRIMARY KEY,
            active TEXT NOT NULL,
            coming TEXT
        );
        """)
}
