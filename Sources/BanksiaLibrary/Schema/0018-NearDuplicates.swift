import BanksiaSQL

extension Schema {
    /// Which photos show the same picture. Derived: it can be made again.
    static let nearDuplicates = Migration(
        id: "0018-near-duplicates",
        """
        -- how a picture looks as a whole: 64 bits (BanksiaMedia/Pictures/PerceptualHash.swift)
        CREATE TABLE perceptual_hash (
            asset_id ID NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            hash BIGINT NOT NULL
        );
        CREATE INDEX perceptual_hash_library ON perceptual_hash (library_id, hash, asset_id);
        -- pairs, each once, the older asset first
        CREATE TABLE near_duplicate (
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            other_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            cosine REAL8 NOT NULL,
            distance BIGINT NOT NULL,
            PRIMARY KEY (asset_id, other_id)
        );
        CREATE INDEX near_duplicate_other ON near_duplicate (other_id);
        """)
}
