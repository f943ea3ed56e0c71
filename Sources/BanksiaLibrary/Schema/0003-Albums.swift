import BanksiaSQL

extension Schema {
    /// Albums and what is in them.
    static let albums = Migration(
        id: "0003-albums",
        """
        CREATE TABLE album (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id),
            name TEXT NOT NULL,
            name_folded TEXT NOT NULL,
            description TEXT,
            cover_asset_id ID REFERENCES asset (id) ON DELETE SET NULL,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL
        );
        CREATE INDEX album_library ON album (library_id, created_at, id);
        CREATE INDEX album_name ON album (library_id, name_folded);
        CREATE INDEX album_cover ON album (cover_asset_id) WHERE cover_asset_id IS NOT NULL;
        CREATE TABLE album_asset (
            id ID NOT NULL PRIMARY KEY,
            album_id ID NOT NULL REFERENCES album (id) ON DELETE CASCADE,
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            UNIQUE (album_id, asset_id)
        );
        CREATE INDEX album_asset_asset ON album_asset (asset_id);
        """)
}
