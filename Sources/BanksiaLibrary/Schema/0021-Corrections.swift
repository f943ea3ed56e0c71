import BanksiaSQL

extension Schema {
    /// What people and faces were before users corrected them, so that a correction can be undone exactly.
    ///
    /// The people and faces named here may be gone: that is what an undoing brings back. What belongs to an asset goes with it.
    static let corrections = Migration(
        id: "0021-corrections",
        """
        CREATE TABLE correction (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            -- the order in which a library's were made
            number BIGINT NOT NULL,
            user_id ID REFERENCES "user" (id) ON DELETE SET NULL,
            kind TEXT NOT NULL,
            -- how many faces it concerned
            faces BIGINT NOT NULL,
            created_at INSTANT NOT NULL,
            undone_at INSTANT
        );
        CREATE UNIQUE INDEX correction_number ON correction (library_id, number);
        CREATE INDEX correction_created ON correction (created_at);
        CREATE INDEX correction_user ON correction (user_id);
        CREATE TABLE correction_person (
            correction_id ID NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
            person_id ID NOT NULL,
            -- FALSE: the correction made them
            was_there BOOL NOT NULL,
            name TEXT,
            birth_date TEXT,
            is_favorite BOOL NOT NULL,
            is_hidden BOOL NOT NULL,
            thumbnail_face_id ID,
            is_found BOOL NOT NULL,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            PRIMARY KEY (correction_id, person_id)
        );
        CREATE INDEX correction_person_person ON correction_person (person_id);
        CREATE TABLE correction_face (
            correction_id ID NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
            face_id ID NOT NULL,
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            person_id ID,
            is_assigned_by_user BOOL NOT NULL,
            updated_at INSTANT NOT NULL,
            -- all the rest of a face that the correction deleted
            deleted JSON,
            PRIMARY KEY (correction_id, face_id)
        );
        CREATE INDEX correction_face_face ON correction_face (face_id);
        CREATE INDEX correction_face_asset ON correction_face (asset_id);
        CREATE TABLE correction_detachment (
            correction_id ID NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
            face_id ID NOT NULL,
            person_id ID NOT NULL,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (correction_id, face_id, person_id)
        );
        CREATE TABLE correction_likeness (
            correction_id ID NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
            person_id ID NOT NULL,
            space TEXT NOT NULL,
            vector VECTOR NOT NULL,
            faces BIGINT NOT NULL,
            pairwise_mean REAL8 NOT NULL,
            pairwise_p90 REAL8 NOT NULL,
            PRIMARY KEY (correction_id, person_id, space)
        );
        -- a user's word that two people are not one; each pair stands twice, so that it is found from either
        CREATE TABLE person_parting (
            person_id ID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
            other_id ID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (person_id, other_id)
        );
        CREATE INDEX person_parting_other ON person_parting (other_id);
        CREATE TABLE correction_parting (
            correction_id ID NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
            person_id ID NOT NULL,
            other_id ID NOT NULL,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (correction_id, person_id, other_id)
        );
        -- whether faces are looked for in it, if its owner wants that at all
        ALTER TABLE library ADD COLUMN finds_faces BOOL NOT NULL DEFAULT TRUE;
        """)
}
