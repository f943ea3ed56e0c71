import BanksiaSQL

extension Schema {
    /// Signing in: passwords and what guards them, identities elsewhere, and sign-ins under way.
    static let signIn = Migration(
        id: "0011-sign-in",
        """
        CREATE TABLE password (
            user_id ID NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
            hash TEXT NOT NULL,
            changed_at INSTANT NOT NULL
        );
        CREATE TABLE one_time_code (
            user_id ID NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
            secret BYTES NOT NULL,
            is_confirmed BOOL NOT NULL DEFAULT FALSE,
            last_step BIGINT NOT NULL DEFAULT 0
        );
        CREATE TABLE setup_link (
            hash BYTES NOT NULL PRIMARY KEY,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            expires_at INSTANT NOT NULL
        );
        CREATE INDEX setup_link_user ON setup_link (user_id);
        CREATE TABLE sign_in_attempt (
            subject TEXT NOT NULL PRIMARY KEY,
            failures BIGINT NOT NULL,
            last_at INSTANT NOT NULL
        );
        CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last_at);
        CREATE TABLE token_floor (
            user_id ID NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
            issued_from INSTANT NOT NULL
        );
        CREATE TABLE identity (
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            user_id ID REFERENCES "user" (id) ON DELETE SET NULL,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (issuer, subject)
        );
        CREATE INDEX identity_user ON identity (user_id);
        CREATE TABLE oauth_state (
            hash BYTES NOT NULL PRIMARY KEY,
            nonce TEXT NOT NULL,
            redirect_uri TEXT NOT NULL,
            challenge TEXT,
            verifier TEXT,
            expires_at INSTANT NOT NULL
        );
        CREATE INDEX oauth_state_expiry ON oauth_state (expires_at);
        CREATE TABLE openid_client (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            secret_hash BYTES NOT NULL,
            redirect_uris JSON NOT NULL,
            created_at INSTANT NOT NULL
        );
        CREATE TABLE openid_code (
            hash BYTES NOT NULL PRIMARY KEY,
            client_id TEXT NOT NULL,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            redirect_uri TEXT NOT NULL,
            nonce TEXT,
            challenge TEXT,
            signed_in_at INSTANT NOT NULL,
            expires_at INSTANT NOT NULL
        );
        CREATE INDEX openid_code_user ON openid_code (user_id);
        CREATE INDEX openid_code_expiry ON openid_code (expires_at);
        """)
}
