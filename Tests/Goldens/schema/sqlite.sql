CREATE TABLE album (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT,
    cover_asset_id ID_BLOB REFERENCES asset (id) ON DELETE SET NULL,
    live_assets BIGINT NOT NULL DEFAULT 0 CHECK (live_assets >= 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE album_asset (
    id ID_BLOB NOT NULL PRIMARY KEY,
    album_id ID_BLOB NOT NULL REFERENCES album (id) ON DELETE CASCADE,
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    library_id ID_BLOB NOT NULL,
    local_wall INTEGER NOT NULL,
    is_live BOOL_INTEGER NOT NULL,
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
    -- the rating that counts, 0 when there is none
    stars BIGINT NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5),
    -- whether any album has it
    is_in_album BOOL_INTEGER NOT NULL DEFAULT FALSE,
    UNIQUE (library_id, checksum)
);

CREATE TABLE asset_embedding (
    -- that of the asset for its first vector
    id ID_BLOB NOT NULL,
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    space TEXT NOT NULL,
    library_id ID_BLOB NOT NULL,
    sequence BIGINT NOT NULL,
    -- where in a film
    timestamp_ms BIGINT,
    vector VECTOR_BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id, space)
);

CREATE TABLE asset_film (
    asset_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
    film_id ID_BLOB REFERENCES asset (id) ON DELETE CASCADE,
    start BIGINT,
    length BIGINT,
    mime_type TEXT NOT NULL,
    CHECK ((film_id IS NULL) = (start IS NOT NULL) AND (film_id IS NULL) = (length IS NOT NULL))
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

CREATE TABLE asset_metadata_layer (
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    layer TEXT NOT NULL CHECK (layer IN ('user', 'file', 'derived')),
    facts TEXT NOT NULL,
    PRIMARY KEY (asset_id, layer)
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

CREATE TABLE asset_sidecar (
    asset_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
    checksum BLOB NOT NULL,
    size_bytes BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    facts TEXT NOT NULL
);

CREATE TABLE asset_text (
    asset_id ID_BLOB PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
    -- what search finds it by: the lines below each other
    text TEXT NOT NULL,
    -- the lines with their places, as `PictureText` writes them
    lines TEXT NOT NULL
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
    created_at INTEGER NOT NULL, upload_digest BLOB,
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

CREATE TABLE correction (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    -- the order in which a library's were made
    number BIGINT NOT NULL,
    user_id ID_BLOB REFERENCES "user" (id) ON DELETE SET NULL,
    kind TEXT NOT NULL,
    -- how many faces it concerned
    faces BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    undone_at INTEGER
);

CREATE TABLE correction_detachment (
    correction_id ID_BLOB NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
    face_id ID_BLOB NOT NULL,
    person_id ID_BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (correction_id, face_id, person_id)
);

CREATE TABLE correction_face (
    correction_id ID_BLOB NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
    face_id ID_BLOB NOT NULL,
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    person_id ID_BLOB,
    is_assigned_by_user BOOL_INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- all the rest of a face that the correction deleted
    deleted TEXT,
    PRIMARY KEY (correction_id, face_id)
);

CREATE TABLE correction_likeness (
    correction_id ID_BLOB NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
    person_id ID_BLOB NOT NULL,
    space TEXT NOT NULL,
    vector VECTOR_BLOB NOT NULL,
    faces BIGINT NOT NULL,
    pairwise_mean REAL NOT NULL,
    pairwise_p90 REAL NOT NULL,
    PRIMARY KEY (correction_id, person_id, space)
);

CREATE TABLE correction_parting (
    correction_id ID_BLOB NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
    person_id ID_BLOB NOT NULL,
    other_id ID_BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (correction_id, person_id, other_id)
);

CREATE TABLE correction_person (
    correction_id ID_BLOB NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
    person_id ID_BLOB NOT NULL,
    -- FALSE: the correction made them
    was_there BOOL_INTEGER NOT NULL,
    name TEXT,
    birth_date TEXT,
    is_favorite BOOL_INTEGER NOT NULL,
    is_hidden BOOL_INTEGER NOT NULL,
    thumbnail_face_id ID_BLOB,
    is_found BOOL_INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (correction_id, person_id)
);

CREATE TABLE derivation (
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    recipe BIGINT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (asset_id, kind)
);

CREATE TABLE embedding_counter (
    library_id ID_BLOB NOT NULL,
    space TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (library_id, space)
);

CREATE TABLE event (
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    entity_type TEXT NOT NULL,
    event_type TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    payload TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (library_id, sequence)
);

CREATE TABLE event_counter (
    library_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES library (id) ON DELETE CASCADE,
    last BIGINT NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE face (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    person_id ID_BLOB REFERENCES person (id) ON DELETE SET NULL,
    -- whether the present person is a user's word, which no clustering takes back
    is_assigned_by_user BOOL_INTEGER NOT NULL DEFAULT FALSE,
    source TEXT NOT NULL CHECK (source IN ('automatic', 'manual')),
    -- display pixels of the upload
    x BIGINT NOT NULL CHECK (x >= 0),
    y BIGINT NOT NULL CHECK (y >= 0),
    width BIGINT NOT NULL CHECK (width > 0),
    height BIGINT NOT NULL CHECK (height > 0),
    -- position in a video, milliseconds
    timestamp_ms BIGINT CHECK (timestamp_ms >= 0),
    confidence REAL,
    -- how good a portrait it is, 0 to 1
    quality REAL NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE face_detachment (
    face_id ID_BLOB NOT NULL REFERENCES face (id) ON DELETE CASCADE,
    person_id ID_BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (face_id, person_id)
);

CREATE TABLE face_knot (
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    space TEXT NOT NULL,
    knot ID_BLOB NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (library_id, space, knot)
);

CREATE TABLE face_refusal (
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    x BIGINT NOT NULL,
    y BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    -- position in a video, milliseconds; -1 in a picture
    timestamp_ms BIGINT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (asset_id, timestamp_ms, x, y, width, height)
);

CREATE TABLE face_rendition (
    face_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE,
    recipe BIGINT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    checksum BLOB NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE face_vector (
    face_id ID_BLOB NOT NULL REFERENCES face (id) ON DELETE CASCADE,
    -- the model pack that made it; vectors of two packs are never compared
    space TEXT NOT NULL,
    vector VECTOR_BLOB NOT NULL,
    -- how much the model made of the face
    strength REAL NOT NULL,
    -- the knot it is in: the id of one of its faces
    knot ID_BLOB,
    PRIMARY KEY (face_id, space)
);

CREATE TABLE feedback (
    id ID_BLOB NOT NULL PRIMARY KEY,
    user_id ID_BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('bug', 'missing_capability', 'confusing_behavior', 'suggestion', 'other')),
    message TEXT NOT NULL,
    task_completed BOOL_INTEGER,
    tool_names TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id ID_BLOB REFERENCES "user" (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
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
    -- not to be begun until what it belongs to goes on
    paused BOOL_INTEGER NOT NULL DEFAULT FALSE,
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
    trashed_at INTEGER, purging_since INTEGER, purged_at INTEGER, finds_faces BOOL_INTEGER NOT NULL DEFAULT TRUE,
    UNIQUE (owner_id, name_folded)
);

CREATE TABLE library_invitation (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    created_by ID_BLOB NOT NULL REFERENCES "user" (id),
    role TEXT NOT NULL CHECK (role IN ('viewer', 'collaborator')),
    expires_at INTEGER NOT NULL,
    max_joiners BIGINT NOT NULL CHECK (max_joiners > 0),
    joiner_count BIGINT NOT NULL DEFAULT 0,
    -- encrypted, because the link can be shown again
    sealed_secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    disabled_at INTEGER,
    UNIQUE (library_id, role, expires_at, max_joiners),
    CHECK (joiner_count BETWEEN 0 AND max_joiners)
);

CREATE TABLE library_invitation_joiner (
    invitation_id ID_BLOB NOT NULL REFERENCES library_invitation (id) ON DELETE CASCADE,
    user_id ID_BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (invitation_id, user_id)
);

CREATE TABLE library_member (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    user_id ID_BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'collaborator')),
    state TEXT NOT NULL CHECK (state IN ('active', 'left', 'removed')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- invitations from before this do not let them in again
    last_removed_at INTEGER,
    UNIQUE (library_id, user_id),
    CHECK ((state = 'active') = (ended_at IS NULL))
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

CREATE TABLE near_duplicate (
    asset_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    other_id ID_BLOB NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
    cosine REAL NOT NULL,
    distance BIGINT NOT NULL,
    PRIMARY KEY (asset_id, other_id)
);

CREATE TABLE oauth_state (
    hash BLOB NOT NULL PRIMARY KEY,
    nonce TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT,
    verifier TEXT,
    expires_at INTEGER NOT NULL
);

CREATE TABLE one_time_code (
    user_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
    secret BLOB NOT NULL,
    is_confirmed BOOL_INTEGER NOT NULL DEFAULT FALSE,
    last_step BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE openid_client (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    redirect_uris TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE openid_code (
    hash BLOB NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    user_id ID_BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    nonce TEXT,
    challenge TEXT,
    signed_in_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);

CREATE TABLE original_removal (
    checksum BLOB NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    is_under_way BOOL_INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
);

CREATE TABLE password (
    user_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL
);

CREATE TABLE perceptual_hash (
    asset_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    hash BIGINT NOT NULL
);

CREATE TABLE person (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    name TEXT,
    name_folded TEXT,
    -- what names are sorted by, on both engines alike
    name_order TEXT,
    birth_date TEXT,
    is_favorite BOOL_INTEGER NOT NULL DEFAULT FALSE,
    is_hidden BOOL_INTEGER NOT NULL DEFAULT FALSE,
    thumbnail_face_id ID_BLOB,
    asset_count BIGINT NOT NULL DEFAULT 0 CHECK (asset_count >= 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, is_found BOOL_INTEGER NOT NULL DEFAULT FALSE,
    CHECK ((name IS NULL) = (name_folded IS NULL) AND (name IS NULL) = (name_order IS NULL))
);

CREATE TABLE person_likeness (
    person_id ID_BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    space TEXT NOT NULL,
    -- the mean of their vectors, not scaled
    vector VECTOR_BLOB NOT NULL,
    faces BIGINT NOT NULL,
    pairwise_mean REAL NOT NULL,
    pairwise_p90 REAL NOT NULL,
    PRIMARY KEY (person_id, space)
);

CREATE TABLE person_parting (
    person_id ID_BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    other_id ID_BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, other_id)
);

CREATE TABLE person_words (
    number INTEGER PRIMARY KEY,
    person_id ID_BLOB NOT NULL UNIQUE REFERENCES person (id) ON DELETE CASCADE,
    words TEXT NOT NULL,
    recipe BIGINT NOT NULL
);

CREATE VIRTUAL TABLE person_words_index USING fts5 (
    words, content = 'person_words', content_rowid = 'number', tokenize = 'ascii', detail = 'none', columnsize = 0
);

CREATE TABLE request_count (
    key TEXT NOT NULL PRIMARY KEY,
    minute BIGINT NOT NULL,
    used BIGINT NOT NULL
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

CREATE TABLE setup_link (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id ID_BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
);

CREATE TABLE shot (
    asset_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
    content_id TEXT,
    burst_id TEXT,
    camera TEXT,
    wall INTEGER,
    wall_offset BIGINT,
    -- the file's name without its number and extension, and the number
    series TEXT NOT NULL,
    number BIGINT NOT NULL,
    is_raw BOOL_INTEGER NOT NULL
);

CREATE TABLE sign_in_attempt (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at INTEGER NOT NULL
);

CREATE TABLE stack (
    id ID_BLOB NOT NULL PRIMARY KEY,
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    origin TEXT NOT NULL CHECK (origin IN ('auto_burst', 'user')),
    primary_asset_id ID_BLOB REFERENCES asset (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE token_floor (
    user_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
    issued_from INTEGER NOT NULL
);

CREATE TABLE unstacked_asset (
    asset_id ID_BLOB NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL
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

CREATE TABLE vocabulary (
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    -- 'word', 'place' or 'camera'
    kind TEXT NOT NULL,
    -- folded, words with one space between
    text TEXT NOT NULL,
    -- as it was written first
    name TEXT NOT NULL,
    PRIMARY KEY (library_id, kind, text)
);

CREATE TABLE vocabulary_three (
    library_id ID_BLOB NOT NULL REFERENCES library (id) ON DELETE CASCADE,
    three TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (library_id, three, word)
);

CREATE INDEX album_asset_album ON album_asset (album_id, created_at, id) WHERE is_live;

CREATE INDEX album_asset_asset ON album_asset (asset_id);

CREATE INDEX album_asset_library ON album_asset (library_id, created_at, id) WHERE is_live;

CREATE INDEX album_asset_timeline ON album_asset (album_id, local_wall, asset_id) WHERE is_live;

CREATE INDEX album_cover ON album (cover_asset_id) WHERE cover_asset_id IS NOT NULL;

CREATE INDEX album_library ON album (library_id, created_at, id);

CREATE INDEX album_name ON album (library_id, name_folded);

CREATE INDEX api_key_library_library ON api_key_library (library_id);

CREATE INDEX api_key_user ON api_key (user_id);

CREATE INDEX asset_device ON asset (library_id, device_id, device_asset_id);

CREATE INDEX asset_embedding_asset ON asset_embedding (asset_id, space);

CREATE INDEX asset_embedding_further ON asset_embedding (library_id, space, id, asset_id) WHERE id <> asset_id;

CREATE UNIQUE INDEX asset_embedding_sequence ON asset_embedding (library_id, space, sequence);

CREATE INDEX asset_film_film ON asset_film (film_id) WHERE film_id IS NOT NULL;

CREATE INDEX asset_gathered ON asset (library_id, is_in_album, local_wall, id) WHERE trashed_at IS NULL;

CREATE INDEX asset_media ON asset (library_id, media_class, local_wall, id) WHERE trashed_at IS NULL;

CREATE INDEX asset_metadata_position ON asset_metadata (latitude, longitude, asset_id) WHERE latitude IS NOT NULL;

CREATE INDEX asset_rated ON asset (library_id, stars, local_wall, id) WHERE trashed_at IS NULL AND stars <> 0;

CREATE INDEX asset_sha1 ON asset (library_id, checksum_sha1);

CREATE INDEX asset_sidecar_checksum ON asset_sidecar (checksum);

CREATE INDEX asset_stack ON asset (stack_id, trashed_at, local_wall, id) WHERE stack_id IS NOT NULL;

CREATE INDEX asset_timeline ON asset (library_id, local_wall, id) WHERE trashed_at IS NULL;

CREATE INDEX asset_timeline_all ON asset (library_id, local_wall, id);

CREATE INDEX asset_trash ON asset (library_id, trashed_at, id) WHERE trashed_at IS NOT NULL;

CREATE INDEX asset_version_checksum ON asset_version (checksum);

CREATE INDEX correction_created ON correction (created_at);

CREATE INDEX correction_face_asset ON correction_face (asset_id);

CREATE INDEX correction_face_face ON correction_face (face_id);

CREATE UNIQUE INDEX correction_number ON correction (library_id, number);

CREATE INDEX correction_person_person ON correction_person (person_id);

CREATE INDEX correction_user ON correction (user_id);

CREATE INDEX event_entity ON event (library_id, entity_type, sequence);

CREATE INDEX event_time ON event (library_id, created_at, sequence);

CREATE INDEX face_asset ON face (asset_id, created_at, id);

CREATE INDEX face_detachment_person ON face_detachment (person_id);

CREATE INDEX face_library ON face (library_id, created_at, id);

CREATE INDEX face_person ON face (person_id, created_at, id) WHERE person_id IS NOT NULL;

CREATE INDEX face_person_asset ON face (person_id, asset_id) WHERE person_id IS NOT NULL;

CREATE INDEX face_portrait ON face (person_id, quality, id) WHERE person_id IS NOT NULL;

CREATE INDEX feedback_time ON feedback (created_at, id);

CREATE INDEX feedback_user ON feedback (user_id);

CREATE INDEX identity_user ON identity (user_id);

CREATE INDEX job_completed ON job (completed_at);

CREATE INDEX job_lease ON job (lease_until) WHERE status = 'started';

CREATE INDEX job_ready ON job (kind, priority DESC, run_at, id) WHERE status = 'pending' AND NOT paused;

CREATE INDEX job_scope ON job (scope, id);

CREATE INDEX job_scope_failure ON job (scope, id) WHERE status = 'failure';

CREATE INDEX job_scope_kind ON job (scope, kind, id);

CREATE INDEX job_scope_pending ON job (scope, id) WHERE status = 'pending';

CREATE INDEX job_subject ON job (subject, id);

CREATE UNIQUE INDEX job_unfinished ON job (subject, kind) WHERE status IN ('pending', 'started');

CREATE INDEX library_invitation_creator ON library_invitation (created_by);

CREATE INDEX library_invitation_joiner_user ON library_invitation_joiner (user_id);

CREATE INDEX library_invitation_list ON library_invitation (library_id, created_at, id);

CREATE INDEX library_member_list ON library_member (library_id, created_at, id);

CREATE INDEX library_member_user ON library_member (user_id) WHERE state = 'active';

CREATE INDEX library_trash ON library (trashed_at) WHERE trashed_at IS NOT NULL;

CREATE INDEX near_duplicate_other ON near_duplicate (other_id);

CREATE INDEX oauth_state_expiry ON oauth_state (expires_at);

CREATE INDEX openid_code_expiry ON openid_code (expires_at);

CREATE INDEX openid_code_user ON openid_code (user_id);

CREATE INDEX perceptual_hash_library ON perceptual_hash (library_id, hash, asset_id);

CREATE INDEX person_counted ON person (library_id, asset_count, id);

CREATE INDEX person_created ON person (library_id, created_at, id);

CREATE UNIQUE INDEX person_name ON person (library_id, name_folded) WHERE name IS NOT NULL;

CREATE INDEX person_named ON person (library_id, created_at, id) WHERE name IS NOT NULL;

CREATE INDEX person_named_counted ON person (library_id, asset_count, id) WHERE name IS NOT NULL;

CREATE INDEX person_named_order ON person (library_id, name_order, id) WHERE name IS NOT NULL;

CREATE INDEX person_parting_other ON person_parting (other_id);

CREATE INDEX person_unnamed ON person (library_id, created_at, id) WHERE name IS NULL;

CREATE INDEX request_count_minute ON request_count (minute);

CREATE INDEX "session_user" ON session (user_id);

CREATE INDEX setup_link_user ON setup_link (user_id);

CREATE INDEX shot_burst ON shot (burst_id) WHERE burst_id IS NOT NULL;

CREATE INDEX shot_camera ON shot (camera, series, number, wall) WHERE camera IS NOT NULL AND wall IS NOT NULL;

CREATE INDEX shot_content ON shot (content_id) WHERE content_id IS NOT NULL;

CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last_at);

CREATE INDEX stack_library ON stack (library_id, id);

CREATE INDEX stack_primary ON stack (primary_asset_id) WHERE primary_asset_id IS NOT NULL;

CREATE TRIGGER album_asset_follow AFTER UPDATE OF local_wall, trashed_at ON asset
WHEN new.local_wall <> old.local_wall OR (new.trashed_at IS NULL) <> (old.trashed_at IS NULL) BEGIN
    UPDATE album_asset SET local_wall = new.local_wall, is_live = (new.trashed_at IS NULL) WHERE asset_id = new.id;
END;

CREATE TRIGGER album_asset_loss AFTER DELETE ON album_asset BEGIN
    UPDATE asset SET is_in_album = FALSE
    WHERE id = old.asset_id AND NOT EXISTS (SELECT 1 FROM album_asset WHERE asset_id = old.asset_id);
END;

CREATE TRIGGER album_count_change AFTER UPDATE OF is_live ON album_asset WHEN new.is_live <> old.is_live BEGIN
    UPDATE album SET live_assets = live_assets + CASE WHEN new.is_live THEN 1 ELSE -1 END WHERE id = new.album_id;
END;

CREATE TRIGGER album_count_loss AFTER DELETE ON album_asset WHEN old.is_live BEGIN
    UPDATE album SET live_assets = live_assets - 1 WHERE id = old.album_id;
END;

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

CREATE TRIGGER person_words_delete AFTER DELETE ON person_words BEGIN
    INSERT INTO person_words_index (person_words_index, rowid, words) VALUES ('delete', old.number, old.words);
END;

CREATE TRIGGER person_words_insert AFTER INSERT ON person_words BEGIN
    INSERT INTO person_words_index (rowid, words) VALUES (new.number, new.words);
END;

CREATE TRIGGER person_words_update AFTER UPDATE ON person_words BEGIN
    INSERT INTO person_words_index (person_words_index, rowid, words) VALUES ('delete', old.number, old.words);
    INSERT INTO person_words_index (rowid, words) VALUES (new.number, new.words);
END;

