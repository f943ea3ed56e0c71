import BanksiaSQL

extension Schema {
    /// What the models for faces say, and what follows from it.
    ///
    /// `face_vector.knot` says with which other faces a face is the same person's beyond doubt; `face_knot` how many they were when
    /// that was found out, so that a knot that has lost a face is tied anew (`FaceGrouping`).
    static let foundFaces = Migration(
        id: "0017-faces",
        """
        CREATE TABLE face_vector (
            face_id ID NOT NULL REFERENCES face (id) ON DELETE CASCADE,
            -- the model pack that made it; vectors of two packs are never compared
            space TEXT NOT NULL,
            vector VECTOR NOT NULL,
            -- how much the model made of the face
            strength REAL8 NOT NULL,
            -- the knot it is in: the id of one of its faces
            knot ID,
            PRIMARY KEY (face_id, space)
        );
        CREATE TABLE face_knot (
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            space TEXT NOT NULL,
            knot ID NOT NULL,
            size BIGINT NOT NULL,
            PRIMARY KEY (library_id, space, knot)
        );
        -- a user's word that here is no face, or none that counts
        CREATE TABLE face_refusal (
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            x BIGINT NOT NULL,
            y BIGINT NOT NULL,
            width BIGINT NOT NULL,
            height BIGINT NOT NULL,
            -- position in a video, milliseconds; -1 in a picture
            timestamp_ms BIGINT NOT NULL,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (asset_id, timestamp_ms, x, y, width, height)
        );
        -- what a person's faces have in common, as of the last grouping
        CREATE TABLE person_likeness (
            person_id ID NOT NULL REFERENCES person (id) ON DELETE CASCADE,
            space TEXT NOT NULL,
            -- the mean of their vectors, not scaled
            vector VECTOR NOT NULL,
            faces BIGINT NOT NULL,
            pairwise_mean REAL8 NOT NULL,
            pairwise_p90 REAL8 NOT NULL,
            PRIMARY KEY (person_id, space)
        );
        -- whether grouping made the person, and no user has said anything about them yet
        ALTER TABLE person ADD COLUMN is_found BOOL NOT NULL DEFAULT FALSE;
        """)
}
