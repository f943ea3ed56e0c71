import BanksiaSQL

extension Schema {
    /// What reading needs: where assets were taken as an index, and the portraits that were cut out of them.
    static let reading = Migration(
        id: "0009-reading",
        """
        CREATE INDEX asset_metadata_position ON asset_metadata (latitude, longitude, asset_id) WHERE latitude IS NOT NULL;
        CREATE TABLE face_rendition (
            face_id ID NOT NULL PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE,
            recipe BIGINT NOT NULL,
            mime_type TEXT NOT NULL,
            size_bytes BIGINT NOT NULL,
            checksum BYTES NOT NULL,
            created_at INSTANT NOT NULL
        );
        """)
}
