import BanksiaSQL

extension Schema {
    /// People, their faces and the words of their names.
    ///
    /// `person.asset_count` counts the live assets that show the person, so that lists can be ordered by it;
    /// `PersonStore.recount` keeps it. `person.thumbnail_face_id` is what a user chose. It has no foreign key, because faces
    /// point at people already: a face that is gone, or in another library, counts as not chosen.
    static let people = Migration(
        id: "0008-people",
        """
        CREATE TABLE person (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            name TEXT,
            name_folded TEXT,
            -- what names are sorted by, on both engines alike
            name_order TEXT,
            birth_date TEXT,
            is_favorite BOOL NOT NULL DEFAULT FALSE,
            is_hidden BOOL NOT NULL DEFAULT FALSE,
            thumbnail_face_id ID,
            asset_count BIGINT NOT NULL DEFAULT 0 CHECK (asset_count >= 0),
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            CHECK ((name IS NULL) = (name_folded IS NULL) AND (name IS NULL) = (name_order IS NULL))
        );
        CREATE INDEX person_created ON person (library_id, created_at, id);
        CREATE INDEX person_counted ON person (library_id, asset_count, id);
        CREATE INDEX person_unnamed ON person (library_id, created_at, id) WHERE name IS NULL;
        CREATE INDEX person_named ON person (library_id, created_at, id) WHERE name IS NOT NULL;
        CREATE INDEX person_named_counted ON person (library_id, asset_count, id) WHERE name IS NOT NULL;
        CREATE INDEX person_named_order ON person (library_id, name_order, id) WHERE name IS NOT NULL;
        CREATE UNIQUE INDEX person_name ON person (library_id, name_folded) WHERE name IS NOT NULL;
        CREATE TABLE face (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            person_id ID REFERENCES person (id) ON DELETE SET NULL,
            -- whether the present person is a user's word, which no clustering takes back
            is_assigned_by_user BOOL NOT NULL DEFAULT FALSE,
            source TEXT NOT NULL CHECK (source IN ('automatic', 'manual')),
            -- display pixels of the upload
            x BIGINT NOT NULL CHECK (x >= 0),
            y BIGINT NOT NULL CHECK (y >= 0),
            width BIGINT NOT NULL CHECK (width > 0),
            height BIGINT NOT NULL CHECK (height > 0),
            -- position in a video, milliseconds
            timestamp_ms BIGINT CHECK (timestamp_ms >= 0),
            confidence REAL8,
            -- how good a portrait it is, 0 to 1
            quality REAL8 NOT NULL,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL
        );
        CREATE INDEX face_library ON face (library_id, created_at, id);
        CREATE INDEX face_asset ON face (asset_id, created_at, id);
        CREATE INDEX face_person ON face (person_id, created_at, id) WHERE person_id IS NOT NULL;
        CREATE INDEX face_person_asset ON face (person_id, asset_id) WHERE person_id IS NOT NULL;
        CREATE INDEX face_portrait ON face (person_id, quality, id) WHERE person_id IS NOT NULL;
        -- a user's word that a face is not this person's
        CREATE TABLE face_detachment (
            face_id ID NOT NULL REFERENCES face (id) ON DELETE CASCADE,
            person_id ID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (face_id, person_id)
        );
        CREATE INDEX face_detachment_person ON face_detachment (person_id);
        """,
        sqlite: wordsForSQLite(of: "person"), postgres: wordsForPostgres(of: "person"))
}
