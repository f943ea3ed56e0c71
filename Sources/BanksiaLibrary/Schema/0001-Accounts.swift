import BanksiaSQL

extension Schema {
    /// Users, their credentials and their libraries.
    static let accounts = Migration(
        id: "0001-accounts",
        """
        CREATE TABLE "user" (
            id ID NOT NULL PRIMARY KEY,
            email TEXT NOT NULL,
            email_folded TEXT NOT NULL UNIQUE,
            first_name TEXT,
            last_name TEXT,
            is_active BOOL NOT NULL DEFAULT TRUE,
            is_superuser BOOL NOT NULL DEFAULT FALSE,
            is_verified BOOL NOT NULL DEFAULT FALSE,
            demo_mode_enabled BOOL NOT NULL DEFAULT FALSE,
            face_detection_preference BOOL DEFAULT TRUE,
            favorite_display_mode TEXT NOT NULL DEFAULT 'favorite' CHECK (favorite_display_mode IN ('favorite', 'rating')),
            home_country TEXT,
            home_subdivision TEXT,
            immich_library_id ID,
            timezone TEXT,
            storage_limit_bytes BIGINT CHECK (storage_limit_bytes > 0),
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL
        );
        CREATE TABLE library (
            id ID NOT NULL PRIMARY KEY,
            owner_id ID NOT NULL REFERENCES "user" (id),
            name TEXT NOT NULL,
            name_folded TEXT NOT NULL,
            description TEXT,
            storage_limit_bytes BIGINT CHECK (storage_limit_bytes > 0),
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            trashed_at INSTANT,
            UNIQUE (owner_id, name_folded)
        );
        CREATE TABLE library_usage (
            library_id ID NOT NULL PRIMARY KEY REFERENCES library (id) ON DELETE CASCADE,
            live_assets BIGINT NOT NULL DEFAULT 0 CHECK (live_assets >= 0),
            stored_bytes BIGINT NOT NULL DEFAULT 0 CHECK (stored_bytes >= 0)
        );
        CREATE TABLE api_key (
            id ID NOT NULL PRIMARY KEY,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            name TEXT,
            secret_hash BYTES NOT NULL,
            actions TEXT NOT NULL,
            all_libraries BOOL NOT NULL,
            is_active BOOL NOT NULL DEFAULT TRUE,
            created_at INSTANT NOT NULL,
            last_used_at INSTANT
        );
        CREATE INDEX api_key_user ON api_key (user_id);
        CREATE TABLE api_key_library (
            api_key_id ID NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            PRIMARY KEY (api_key_id, library_id)
        );
        CREATE INDEX api_key_library_library ON api_key_library (library_id);
        CREATE TABLE session (
            id ID NOT NULL PRIMARY KEY,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            secret_hash BYTES NOT NULL,
            created_at INSTANT NOT NULL,
            expires_at INSTANT NOT NULL
        );
        CREATE INDEX "session_user" ON session (user_id);
        CREATE TABLE server_key (
            purpose TEXT NOT NULL PRIMARY KEY,
            bytes BYTES NOT NULL,
            created_at INSTANT NOT NULL
        );
        """)
}
