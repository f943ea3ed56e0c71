import BanksiaSQL

extension Schema {
    /// Who else may use a library, how they are invited, and how a library ends.
    static let sharing = Migration(
        id: "0005-sharing",
        """
        CREATE TABLE library_member (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            role TEXT NOT NULL CHECK (role IN ('viewer', 'collaborator')),
            state TEXT NOT NULL CHECK (state IN ('active', 'left', 'removed')),
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            joined_at INSTANT NOT NULL,
            ended_at INSTANT,
            -- invitations from before this do not let them in again
            last_removed_at INSTANT,
            UNIQUE (library_id, user_id),
            CHECK ((state = 'active') = (ended_at IS NULL))
        );
        CREATE INDEX library_member_user ON library_member (user_id) WHERE state = 'active';
        CREATE INDEX library_member_list ON library_member (library_id, created_at, id);
        CREATE TABLE library_invitation (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            created_by ID NOT NULL REFERENCES "user" (id),
            role TEXT NOT NULL CHECK (role IN ('viewer', 'collaborator')),
            expires_at INSTANT NOT NULL,
            max_joiners BIGINT NOT NULL CHECK (max_joiners > 0),
            joiner_count BIGINT NOT NULL DEFAULT 0,
            -- encrypted, because the link can be shown again
            sealed_secret BYTES NOT NULL,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            disabled_at INSTANT,
            UNIQUE (library_id, role, expires_at, max_joiners),
            CHECK (joiner_count BETWEEN 0 AND max_joiners)
        );
        CREATE INDEX library_invitation_list ON library_invitation (library_id, created_at, id);
        CREATE INDEX library_invitation_creator ON library_invitation (created_by);
        -- each account takes one place, once
        CREATE TABLE library_invitation_joiner (
            invitation_id ID NOT NULL REFERENCES library_invitation (id) ON DELETE CASCADE,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            joined_at INSTANT NOT NULL,
            PRIMARY KEY (invitation_id, user_id)
        );
        CREATE INDEX library_invitation_joiner_user ON library_invitation_joiner (user_id);
        -- what is in it is being deleted for good
        ALTER TABLE library ADD COLUMN purging_since INSTANT;
        -- nothing is in it any more, and its row goes next: nobody sees it
        ALTER TABLE library ADD COLUMN purged_at INSTANT;
        CREATE INDEX library_trash ON library (trashed_at) WHERE trashed_at IS NOT NULL;
        """)
}
