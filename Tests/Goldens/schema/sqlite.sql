CREATE TABLE album (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT,
    cover_asset_id ID_BLOB REFERENCES asset (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE album_asset (
    id ID_BLOB NOT NULL PRIMARY KEY,
    album_id ID_BLOB NOT NULL REFERENCES album (id) ON DELETE CASCADE,
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (album_id, asset_id)
);

CREATE TABLE album_words (
    number INTEGER PRIMARY KEY,
    album_id ID_BLOB NOT NULL UNIQUE REFERENCES album (id) ON DELETE CASCADE,
    words TEXT NOT NULL,
    recipe BIGINT NOT NULL
);

CREATE VIRTUAL TABLE album_words_index USING fts5 (
    words, content = 'album_words', content_rowid = 'number', tokenize = 'ascii', detail = 'none', columnsize = 0
);

CREATE TABLE api_key (
    id ID_BLOB NOT NULL PRIMARY KEY,
    user_id ID_BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    name TEXT,
    secret_hash BLOB NOT NULL,
    actions TEXT NOT NULL,
    all_libraries BOOL_INTEGER NOT NULL,
    is_active BOOL_INTEGER NOT NULL DEFAULT TRUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
);

CREATE TABLE api_key_library (
    api_key_id ID_BLOB NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    PRIMARY KEY (api_key_id, library_id)
);

CREATE TABLE asset (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    trashed_at INTEGER,
    local_wall INTEGER NOT NULL,
    local_offset BIGINT,
    original_file_name TEXT NOT NULL,
    media_class TEXT NOT NULL CHECK (media_class IN ('image', 'video')),
    checksum BLOB NOT NULL,
    checksum_sha1 BLOB NOT NULL,
    device_asset_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    file_created_at INTEGER NOT NULL,
    file_modified_at INTEGER NOT NULL,
    uploaded_bytes BIGINT NOT NULL,
    current_version_id ID_BLOB NOT NULL,
    kind TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    file_size_bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    duration REAL,
    description TEXT,
    quality_score REAL,
    thumbhash BLOB,
    stack_id ID_BLOB,
    UNIQUE (library_id, checksum)
);

CREATE TABLE asset_embedding (
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    space TEXT NOT NULL,
    library_id ID_BLOB NOT NULL,
    sequence BIGINT NOT NULL,
    vector VECTOR_BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (asset_id, space)
);

CREATE TABLE asset_metadata (
    asset_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    make TEXT,
    model TEXT,
    lens_model TEXT,
    exposure_time REAL,
    f_number REAL,
    iso BIGINT,
    focal_length REAL,
    exposure_bias REAL,
    original_wall INTEGER,
    original_offset BIGINT,
    digitized_wall INTEGER,
    digitized_offset BIGINT,
    modified_wall INTEGER,
    modified_offset BIGINT,
    latitude REAL,
    longitude REAL,
    altitude REAL,
    rating BIGINT,
    description TEXT,
    orientation BIGINT,
    profile_description TEXT,
    projection_type TEXT,
    live_photo_cid TEXT,
    auto_stack_id TEXT,
    fps REAL,
    place_name TEXT,
    sublocation TEXT,
    city TEXT,
    state TEXT,
    country TEXT,
    country_code TEXT,
    timezone TEXT,
    raw_width BIGINT,
    raw_height BIGINT
);

CREATE TABLE asset_rendition (
    version_id ID_BLOB NOT NULL REFERENCES asset_version (id) ON DELETE CASCADE,
    variant TEXT NOT NULL,
    recipe BIGINT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    checksum BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (version_id, variant)
);

CREATE TABLE asset_version (
    id ID_BLOB NOT NULL PRIMARY KEY,
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    checksum BLOB NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    params TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (asset_id, position)
);

CREATE TABLE asset_words (
    number INTEGER PRIMARY KEY,
    asset_id ID_BLOB NOT NULL UNIQUE REFERENCES asset (id) ON DELETE CASCADE,
    words TEXT NOT NULL,
    recipe BIGINT NOT NULL
);

CREATE VIRTUAL TABLE asset_words_index USING fts5 (
    words, content = 'asset_words', content_rowid = 'number', tokenize = 'ascii', detail = 'none', columnsize = 0
);

CREATE TABLE embedding_counter (
    library_id ID_BLOB NOT NULL,
    space TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (library_id, space)
);

CREATE TABLE job (
    id ID_BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject ID_BLOB,
    scope ID_BLOB,
    payload TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'started', 'success', 'failure')),
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    interruptions INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER,
    run_at INTEGER NOT NULL,
    -- who works on it, and until when that holds without a sign of life
    owner TEXT,
    lease_until INTEGER,
    -- it was wanted once more while it was being worked on
    again BOOL_INTEGER NOT NULL,
    error_message TEXT,
    outcome TEXT,
    result TEXT,
    CHECK ((status = 'started') = (owner IS NOT NULL)),
    CHECK ((status = 'started') = (lease_until IS NOT NULL)),
    CHECK ((status IN ('success', 'failure')) = (completed_at IS NOT NULL))
);

CREATE TABLE library (
    id ID_BLOB NOT NULL PRIMARY KEY,
    owner_id ID_BLOB NOT NULL REFERENCES "user" (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT,
    storage_limit_bytes BIGINT CHECK (storage_limit_bytes > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    trashed_at INTEGER,
    UNIQUE (owner_id, name_folded)
);

CREATE TABLE library_usage (
    library_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES library (id) ON DELETE CASCADE,
    live_assets BIGINT NOT NULL DEFAULT 0 CHECK (live_assets >= 0),
    stored_bytes BIGINT NOT NULL DEFAULT 0 CHECK (stored_bytes >= 0)
);

CREATE TABLE model_choice (
    purpose TEXT NOT NULL PRIMARY KEY,
    active TEXT NOT NULL,
    coming TEXT
);

CREATE TABLE original_removal (
    checksum BLOB NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    is_under_way BOOL_INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
);

CREATE TABLE schema_migration (id TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL);

CREATE TABLE server_key (
    purpose TEXT NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE session (
    id ID_BLOB NOT NULL PRIMARY KEY,
    user_id ID_BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    secret_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);

CREATE TABLE "user" (
    id ID_BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    first_name TEXT,
    last_name TEXT,
    is_active BOOL_INTEGER NOT NULL DEFAULT TRUE,
    is_superuser BOOL_INTEGER NOT NULL DEFAULT FALSE,
    is_verified BOOL_INTEGER NOT NULL DEFAULT FALSE,
    demo_mode_enabled BOOL_INTEGER NOT NULL DEFAULT FALSE,
    face_detection_preference BOOL_INTEGER DEFAULT TRUE,
    favorite_display_mode TEXT NOT NULL DEFAULT 'favorite' CHECK (favorite_display_mode IN ('favorite', 'rating')),
    home_country TEXT,
    home_subdivision TEXT,
    immich_library_id ID_BLOB,
    timezone TEXT,
    storage_limit_bytes BIGINT CHECK (storage_limit_bytes > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE INDEX album_asset_asset ON album_asset (asset_id);

CREATE INDEX album_cover ON album (cover_asset_id) WHERE cover_asset_id IS NOT NULL;

CREATE INDEX album_library ON album (library_id, created_at, id);

CREATE INDEX album_name ON album (library_id, name_folded);

CREATE INDEX api_key_library_library ON api_key_library (library_id);

CREATE INDEX api_key_user ON api_key (user_id);

CREATE INDEX asset_device ON asset (library_id, device_id, device_asset_id);

CREATE UNIQUE INDEX asset_embedding_sequence ON asset_embedding (library_id, space, sequence);

CREATE INDEX asset_sha1 ON asset (library_id, checksum_sha1);

CREATE INDEX asset_timeline ON asset (library_id, local_wall, id) WHERE trashed_at IS NULL;

CREATE INDEX asset_timeline_all ON asset (library_id, local_wall, id);

CREATE INDEX asset_trash ON asset (library_id, trashed_at, id) WHERE trashed_at IS NOT NULL;

CREATE INDEX asset_version_checksum ON asset_version (checksum);

CREATE INDEX job_completed ON job (completed_at);

CREATE INDEX job_lease ON job (lease_until) WHERE status = 'started';

CREATE INDEX job_ready ON job (kind, priority DESC, run_at, id) WHERE status = 'pending';

CREATE INDEX job_scope ON job (scope, id);

CREATE INDEX job_subject ON job (subject, id);

CREATE UNIQUE INDEX job_unfinished ON job (kind, subject) WHERE status IN ('pending', 'started');

CREATE INDEX "session_user" ON session (user_id);

CREATE TRIGGER album_words_delete AFTER DELETE ON album_words BEGIN
    INSERT INTO album_words_index (album_words_index, rowid, words) VALUES ('delete', old.number, old.words);
END;

CREATE TRIGGER album_words_insert AFTER INSERT ON album_words BEGIN
    INSERT INTO album_words_index (rowid, words) VALUES (new.number, new.words);
END;

CREATE TRIGGER album_words_update AFTER UPDATE ON album_words BEGIN
    INSERT INTO album_words_index (album_words_index, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO album_words_index (rowid, words) VALUES (new.number, new.words);
END;

CREATE TRIGGER asset_words_delete AFTER DELETE ON asset_words BEGIN
    INSERT INTO asset_words_index (asset_words_index, rowid, words) VALUES ('delete', old.number, old.words);
END;

CREATE TRIGGER asset_words_insert AFTER INSERT ON asset_words BEGIN
    INSERT INTO asset_words_index (rowid, words) VALUES (new.number, new.words);
END;

CREATE TRIGGER asset_words_update AFTER UPDATE ON asset_words BEGIN
    INSERT INTO asset_words_index (asset_words_index, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO asset_words_index (rowid, words) VALUES (new.number, new.words);
END;

