import BanksiaSQL

extension Schema {
    /// By which recipe each stage last derived something from each asset. What is not here was never made.
    static let derivations = Migration(
        id: "0022-derivations",
        """
        CREATE TABLE derivation (
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            recipe BIGINT NOT NULL,
            made_at INSTANT NOT NULL,
            PRIMARY KEY (asset_id, kind)
        );
        """)
}
