import BanksiaSQL

extension Schema {
    /// Albums and what is in them.
    ///
    /// A link repeats what lists sort and count by: its library, and of its asset when it was taken and whether it is live.
    /// Triggers follow the asset, so nobody who writes assets has to think of albums, and an album of any size shows its
    /// first, its last and its number of assets by three look-ups. Making a link is the only thing that sets them otherwise,
    /// counts by itself and marks the asset as being in an album, so that rows can be copied as they are.
    static let albums = Migration(
        id: "0003-albums",
        """
        CREATE TABLE album (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            name_folded TEXT NOT NULL,
            description TEXT,
            cover_asset_id ID REFERENCES asset (id) ON DELETE SET NULL,
            live_assets BIGINT NOT NULL DEFAULT 0 CHECK (live_assets >= 0),
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
            library_id ID NOT NULL,
            local_wall INSTANT NOT NULL,
            is_live BOOL NOT NULL,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            UNIQUE (album_id, asset_id)
        );
        CREATE INDEX album_asset_asset ON album_asset (asset_id);
        CREATE INDEX album_asset_timeline ON album_asset (album_id, local_wall, asset_id) WHERE is_live;
        CREATE INDEX album_asset_album ON album_asset (album_id, created_at, id) WHERE is_live;
        CREATE INDEX album_asset_library ON album_asset (library_id, created_at, id) WHERE is_live;
        """,
        sqlite: """
            CREATE TRIGGER album_asset_follow AFTER UPDATE OF local_wall, trashed_at ON asset
            WHEN new.local_wall <> old.local_wall OR (new.trashed_at IS NULL) <> (old.trashed_at IS NULL) BEGIN
                UPDATE album_asset SET local_wall = new.local_wall, is_live = (new.trashed_at IS NULL) WHERE asset_id = new.id;
            END;
            CREATE TRIGGER album_count_change AFTER UPDATE OF is_live ON album_asset WHEN new.is_live <> old.is_live BEGIN
                UPDATE album SET live_assets = live_assets + CASE WHEN new.is_live THEN 1 ELSE -1 END WHERE id = new.album_id;
            END;
            CREATE TRIGGER album_count_loss AFTER DELETE ON album_asset WHEN old.is_live BEGIN
                UPDATE album SET live_assets = live_assets - 1 WHERE id = old.album_id;
            END;
            CREATE TRIGGER album_asset_loss AFTER DELETE ON album_asset BEGIN
                UPDATE asset SET is_in_album = FALSE
                WHERE id = old.asset_id AND NOT EXISTS (SELECT 1 FROM album_asset WHERE asset_id = old.asset_id);
            END;
            """,
        postgres: """
            CREATE FUNCTION album_asset_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                UPDATE album_asset SET local_wall = new.local_wall, is_live = (new.trashed_at IS NULL) WHERE asset_id = new.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER album_asset_follow AFTER UPDATE OF local_wall, trashed_at ON asset FOR EACH ROW
            WHEN (new.local_wall <> old.local_wall OR (new.trashed_at IS NULL) <> (old.trashed_at IS NULL))
            EXECUTE FUNCTION album_asset_follow();
            CREATE FUNCTION album_count_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                UPDATE album SET live_assets = live_assets + CASE WHEN new.is_live THEN 1 ELSE -1 END WHERE id = new.album_id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER album_count_change AFTER UPDATE OF is_live ON album_asset FOR EACH ROW
            WHEN (new.is_live <> old.is_live) EXECUTE FUNCTION album_count_change();
            CREATE FUNCTION album_count_loss() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                UPDATE album SET live_assets = live_assets - 1 WHERE id = old.album_id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER album_count_loss AFTER DELETE ON album_asset FOR EACH ROW
            WHEN (old.is_live) EXECUTE FUNCTION album_count_loss();
            CREATE FUNCTION album_asset_loss() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                UPDATE asset SET is_in_album = FALSE
                WHERE id = old.asset_id AND NOT EXISTS (SELECT 1 FROM album_asset WHERE asset_id = old.asset_id);
                RETURN NULL;
            END $$;
            CREATE TRIGGER album_asset_loss AFTER DELETE ON album_asset FOR EACH ROW EXECUTE FUNCTION album_asset_loss();
            """)
}
