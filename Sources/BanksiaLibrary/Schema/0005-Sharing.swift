import BanksiaSQL

extension Schema {
    /// Who else may use a library.
    static let sharing = Migration(
        id: "0005-sharing",
        """
        CREATE TABLE library_member (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('viewer', 'collaborator')),
            state TEXT NOT NULL CHECK (state IN ('active', 'left', 'removed')),
            joined_at INSTANT NOT NULL,
            ended_at INSTANT,
            last_removed_at INSTANT,
            UNIQUE (library_id, user_id)
        );
        CREATE INDEX library_member_user ON library_member (user_id) WHERE state = 'active';
        """)
}
