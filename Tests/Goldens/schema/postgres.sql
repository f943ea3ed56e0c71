CREATE TABLE album (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    cover_asset_id uuid,
    live_assets bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT album_cover_asset_id_fkey FOREIGN KEY (cover_asset_id) REFERENCES asset(id) ON DELETE SET NULL,
    CONSTRAINT album_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT album_live_assets_check CHECK ((live_assets >= 0)),
    CONSTRAINT album_pkey PRIMARY KEY (id)
);

CREATE TABLE album_asset (
    id uuid NOT NULL,
    album_id uuid NOT NULL,
    asset_id uuid NOT NULL,
    library_id uuid NOT NULL,
    local_wall bigint NOT NULL,
    is_live boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT album_asset_album_id_asset_id_key UNIQUE (album_id, asset_id),
    CONSTRAINT album_asset_album_id_fkey FOREIGN KEY (album_id) REFERENCES album(id) ON DELETE CASCADE,
    CONSTRAINT album_asset_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT album_asset_pkey PRIMARY KEY (id)
);

CREATE TABLE album_words (
    number bigint NOT NULL DEFAULT (((floor((random() * ('2147483648'::bigint)::double precision)))::bigint << 31) + (floor((random() * ('2147483648'::bigint)::double precision)))::bigint),
    album_id uuid NOT NULL,
    words text COLLATE "C" NOT NULL,
    recipe bigint NOT NULL,
    tokens tsvector NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '::text))) STORED,
    CONSTRAINT album_words_album_id_fkey FOREIGN KEY (album_id) REFERENCES album(id) ON DELETE CASCADE,
    CONSTRAINT album_words_album_id_key UNIQUE (album_id),
    CONSTRAINT album_words_pkey PRIMARY KEY (number)
);

CREATE TABLE api_key (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text COLLATE "C",
    secret_hash bytea NOT NULL,
    actions text COLLATE "C" NOT NULL,
    all_libraries boolean NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at bigint NOT NULL,
    last_used_at bigint,
    CONSTRAINT api_key_pkey PRIMARY KEY (id),
    CONSTRAINT api_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE api_key_library (
    api_key_id uuid NOT NULL,
    library_id uuid NOT NULL,
    CONSTRAINT api_key_library_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id) ON DELETE CASCADE,
    CONSTRAINT api_key_library_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT api_key_library_pkey PRIMARY KEY (api_key_id, library_id)
);

CREATE TABLE asset (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    trashed_at bigint,
    local_wall bigint NOT NULL,
    local_offset bigint,
    original_file_name text COLLATE "C" NOT NULL,
    media_class text COLLATE "C" NOT NULL,
    checksum bytea NOT NULL,
    checksum_sha1 bytea NOT NULL,
    device_asset_id text COLLATE "C" NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    file_created_at bigint NOT NULL,
    file_modified_at bigint NOT NULL,
    uploaded_bytes bigint NOT NULL,
    current_version_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    mime_type text COLLATE "C" NOT NULL,
    file_size_bytes bigint NOT NULL,
    width bigint,
    height bigint,
    duration double precision,
    description text COLLATE "C",
    quality_score double precision,
    thumbhash bytea,
    stack_id uuid,
    stars bigint NOT NULL DEFAULT 0,
    is_in_album boolean NOT NULL DEFAULT false,
    CONSTRAINT asset_library_id_checksum_key UNIQUE (library_id, checksum),
    CONSTRAINT asset_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id),
    CONSTRAINT asset_media_class_check CHECK ((media_class = ANY (ARRAY['image'::text, 'video'::text]))),
    CONSTRAINT asset_pkey PRIMARY KEY (id),
    CONSTRAINT asset_stars_check CHECK (((stars >= 0) AND (stars <= 5)))
);

CREATE TABLE asset_embedding (
    id uuid NOT NULL,
    asset_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    library_id uuid NOT NULL,
    sequence bigint NOT NULL,
    timestamp_ms bigint,
    vector vector NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT asset_embedding_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_embedding_pkey PRIMARY KEY (id, space)
);

CREATE TABLE asset_film (
    asset_id uuid NOT NULL,
    film_id uuid,
    start bigint,
    length bigint,
    mime_type text COLLATE "C" NOT NULL,
    CONSTRAINT asset_film_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_film_check CHECK ((((film_id IS NULL) = (start IS NOT NULL)) AND ((film_id IS NULL) = (length IS NOT NULL)))),
    CONSTRAINT asset_film_film_id_fkey FOREIGN KEY (film_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_film_pkey PRIMARY KEY (asset_id)
);

CREATE TABLE asset_metadata (
    asset_id uuid NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    make text COLLATE "C",
    model text COLLATE "C",
    lens_model text COLLATE "C",
    exposure_time double precision,
    f_number double precision,
    iso bigint,
    focal_length double precision,
    exposure_bias double precision,
    original_wall bigint,
    original_offset bigint,
    digitized_wall bigint,
    digitized_offset bigint,
    modified_wall bigint,
    modified_offset bigint,
    latitude double precision,
    longitude double precision,
    altitude double precision,
    rating bigint,
    description text COLLATE "C",
    orientation bigint,
    profile_description text COLLATE "C",
    projection_type text COLLATE "C",
    live_photo_cid text COLLATE "C",
    auto_stack_id text COLLATE "C",
    fps double precision,
    place_name text COLLATE "C",
    sublocation text COLLATE "C",
    city text COLLATE "C",
    state text COLLATE "C",
    country text COLLATE "C",
    country_code text COLLATE "C",
    timezone text COLLATE "C",
    raw_width bigint,
    raw_height bigint,
    CONSTRAINT asset_metadata_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_metadata_pkey PRIMARY KEY (asset_id)
);

CREATE TABLE asset_metadata_layer (
    asset_id uuid NOT NULL,
    layer text COLLATE "C" NOT NULL,
    facts text COLLATE "C" NOT NULL,
    CONSTRAINT asset_metadata_layer_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_metadata_layer_layer_check CHECK ((layer = ANY (ARRAY['user'::text, 'file'::text, 'derived'::text]))),
    CONSTRAINT asset_metadata_layer_pkey PRIMARY KEY (asset_id, layer)
);

CREATE TABLE asset_rendition (
    version_id uuid NOT NULL,
    variant text COLLATE "C" NOT NULL,
    recipe bigint NOT NULL,
    mime_type text COLLATE "C" NOT NULL,
    size_bytes bigint NOT NULL,
    width bigint NOT NULL,
    height bigint NOT NULL,
    checksum bytea NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT asset_rendition_pkey PRIMARY KEY (version_id, variant),
    CONSTRAINT asset_rendition_version_id_fkey FOREIGN KEY (version_id) REFERENCES asset_version(id) ON DELETE CASCADE
);

CREATE TABLE asset_sidecar (
    asset_id uuid NOT NULL,
    checksum bytea NOT NULL,
    size_bytes bigint NOT NULL,
    file_name text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    facts text COLLATE "C" NOT NULL,
    CONSTRAINT asset_sidecar_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_sidecar_pkey PRIMARY KEY (asset_id)
);

CREATE TABLE asset_text (
    asset_id uuid NOT NULL,
    text text COLLATE "C" NOT NULL,
    lines text COLLATE "C" NOT NULL,
    CONSTRAINT asset_text_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_text_pkey PRIMARY KEY (asset_id)
);

CREATE TABLE asset_version (
    id uuid NOT NULL,
    asset_id uuid NOT NULL,
    "position" bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    checksum bytea NOT NULL,
    mime_type text COLLATE "C" NOT NULL,
    size_bytes bigint NOT NULL,
    width bigint,
    height bigint,
    params text COLLATE "C",
    created_at bigint NOT NULL,
    upload_digest bytea,
    CONSTRAINT asset_version_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_version_asset_id_position_key UNIQUE (asset_id, "position"),
    CONSTRAINT asset_version_pkey PRIMARY KEY (id)
);

CREATE TABLE asset_words (
    number bigint NOT NULL DEFAULT (((floor((random() * ('2147483648'::bigint)::double precision)))::bigint << 31) + (floor((random() * ('2147483648'::bigint)::double precision)))::bigint),
    asset_id uuid NOT NULL,
    words text COLLATE "C" NOT NULL,
    recipe bigint NOT NULL,
    tokens tsvector NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '::text))) STORED,
    CONSTRAINT asset_words_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_words_asset_id_key UNIQUE (asset_id),
    CONSTRAINT asset_words_pkey PRIMARY KEY (number)
);

CREATE TABLE correction (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    number bigint NOT NULL,
    user_id uuid,
    kind text COLLATE "C" NOT NULL,
    faces bigint NOT NULL,
    created_at bigint NOT NULL,
    undone_at bigint,
    CONSTRAINT correction_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT correction_pkey PRIMARY KEY (id),
    CONSTRAINT correction_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE SET NULL
);

CREATE TABLE correction_detachment (
    correction_id uuid NOT NULL,
    face_id uuid NOT NULL,
    person_id uuid NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT correction_detachment_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES correction(id) ON DELETE CASCADE,
    CONSTRAINT correction_detachment_pkey PRIMARY KEY (correction_id, face_id, person_id)
);

CREATE TABLE correction_face (
    correction_id uuid NOT NULL,
    face_id uuid NOT NULL,
    asset_id uuid NOT NULL,
    person_id uuid,
    is_assigned_by_user boolean NOT NULL,
    updated_at bigint NOT NULL,
    deleted text COLLATE "C",
    CONSTRAINT correction_face_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT correction_face_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES correction(id) ON DELETE CASCADE,
    CONSTRAINT correction_face_pkey PRIMARY KEY (correction_id, face_id)
);

CREATE TABLE correction_likeness (
    correction_id uuid NOT NULL,
    person_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    vector vector NOT NULL,
    faces bigint NOT NULL,
    pairwise_mean double precision NOT NULL,
    pairwise_p90 double precision NOT NULL,
    CONSTRAINT correction_likeness_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES correction(id) ON DELETE CASCADE,
    CONSTRAINT correction_likeness_pkey PRIMARY KEY (correction_id, person_id, space)
);

CREATE TABLE correction_parting (
    correction_id uuid NOT NULL,
    person_id uuid NOT NULL,
    other_id uuid NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT correction_parting_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES correction(id) ON DELETE CASCADE,
    CONSTRAINT correction_parting_pkey PRIMARY KEY (correction_id, person_id, other_id)
);

CREATE TABLE correction_person (
    correction_id uuid NOT NULL,
    person_id uuid NOT NULL,
    was_there boolean NOT NULL,
    name text COLLATE "C",
    birth_date text COLLATE "C",
    is_favorite boolean NOT NULL,
    is_hidden boolean NOT NULL,
    thumbnail_face_id uuid,
    is_found boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT correction_person_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES correction(id) ON DELETE CASCADE,
    CONSTRAINT correction_person_pkey PRIMARY KEY (correction_id, person_id)
);

CREATE TABLE derivation (
    asset_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    recipe bigint NOT NULL,
    made_at bigint NOT NULL,
    CONSTRAINT derivation_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT derivation_pkey PRIMARY KEY (asset_id, kind)
);

CREATE TABLE embedding_counter (
    library_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT embedding_counter_pkey PRIMARY KEY (library_id, space)
);

CREATE TABLE event (
    library_id uuid NOT NULL,
    sequence bigint NOT NULL,
    entity_type text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    entity_id text COLLATE "C" NOT NULL,
    payload text COLLATE "C",
    created_at bigint NOT NULL,
    CONSTRAINT event_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT event_pkey PRIMARY KEY (library_id, sequence)
);

CREATE TABLE event_counter (
    library_id uuid NOT NULL,
    last bigint NOT NULL DEFAULT 0,
    last_at bigint NOT NULL DEFAULT 0,
    CONSTRAINT event_counter_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT event_counter_pkey PRIMARY KEY (library_id)
);

CREATE TABLE face (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    asset_id uuid NOT NULL,
    person_id uuid,
    is_assigned_by_user boolean NOT NULL DEFAULT false,
    source text COLLATE "C" NOT NULL,
    x bigint NOT NULL,
    y bigint NOT NULL,
    width bigint NOT NULL,
    height bigint NOT NULL,
    timestamp_ms bigint,
    confidence double precision,
    quality double precision NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT face_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT face_height_check CHECK ((height > 0)),
    CONSTRAINT face_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT face_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE SET NULL,
    CONSTRAINT face_pkey PRIMARY KEY (id),
    CONSTRAINT face_source_check CHECK ((source = ANY (ARRAY['automatic'::text, 'manual'::text]))),
    CONSTRAINT face_timestamp_ms_check CHECK ((timestamp_ms >= 0)),
    CONSTRAINT face_width_check CHECK ((width > 0)),
    CONSTRAINT face_x_check CHECK ((x >= 0)),
    CONSTRAINT face_y_check CHECK ((y >= 0))
);

CREATE TABLE face_detachment (
    face_id uuid NOT NULL,
    person_id uuid NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT face_detachment_face_id_fkey FOREIGN KEY (face_id) REFERENCES face(id) ON DELETE CASCADE,
    CONSTRAINT face_detachment_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
    CONSTRAINT face_detachment_pkey PRIMARY KEY (face_id, person_id)
);

CREATE TABLE face_knot (
    library_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    knot uuid NOT NULL,
    size bigint NOT NULL,
    CONSTRAINT face_knot_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT face_knot_pkey PRIMARY KEY (library_id, space, knot)
);

CREATE TABLE face_refusal (
    asset_id uuid NOT NULL,
    x bigint NOT NULL,
    y bigint NOT NULL,
    width bigint NOT NULL,
    height bigint NOT NULL,
    timestamp_ms bigint NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT face_refusal_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT face_refusal_pkey PRIMARY KEY (asset_id, timestamp_ms, x, y, width, height)
);

CREATE TABLE face_rendition (
    face_id uuid NOT NULL,
    recipe bigint NOT NULL,
    mime_type text COLLATE "C" NOT NULL,
    size_bytes bigint NOT NULL,
    checksum bytea NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT face_rendition_face_id_fkey FOREIGN KEY (face_id) REFERENCES face(id) ON DELETE CASCADE,
    CONSTRAINT face_rendition_pkey PRIMARY KEY (face_id)
);

CREATE TABLE face_vector (
    face_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    vector vector NOT NULL,
    strength double precision NOT NULL,
    knot uuid,
    CONSTRAINT face_vector_face_id_fkey FOREIGN KEY (face_id) REFERENCES face(id) ON DELETE CASCADE,
    CONSTRAINT face_vector_pkey PRIMARY KEY (face_id, space)
);

CREATE TABLE feedback (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    message text COLLATE "C" NOT NULL,
    task_completed boolean,
    tool_names text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT feedback_kind_check CHECK ((kind = ANY (ARRAY['bug'::text, 'missing_capability'::text, 'confusing_behavior'::text, 'suggestion'::text, 'other'::text]))),
    CONSTRAINT feedback_pkey PRIMARY KEY (id),
    CONSTRAINT feedback_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE identity (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    user_id uuid,
    created_at bigint NOT NULL,
    CONSTRAINT identity_pkey PRIMARY KEY (issuer, subject),
    CONSTRAINT identity_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE SET NULL
);

CREATE TABLE job (
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject uuid,
    scope uuid,
    payload text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    priority bigint NOT NULL,
    attempts bigint NOT NULL,
    interruptions bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    started_at bigint,
    completed_at bigint,
    run_at bigint NOT NULL,
    owner text COLLATE "C",
    lease_until bigint,
    again boolean NOT NULL,
    paused boolean NOT NULL DEFAULT false,
    error_message text COLLATE "C",
    outcome text COLLATE "C",
    result text COLLATE "C",
    CONSTRAINT job_check CHECK (((status = 'started'::text) = (owner IS NOT NULL))),
    CONSTRAINT job_check1 CHECK (((status = 'started'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT job_check2 CHECK (((status = ANY (ARRAY['success'::text, 'failure'::text])) = (completed_at IS NOT NULL))),
    CONSTRAINT job_pkey PRIMARY KEY (id),
    CONSTRAINT job_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'started'::text, 'success'::text, 'failure'::text])))
);

CREATE TABLE library (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    storage_limit_bytes bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    trashed_at bigint,
    purging_since bigint,
    purged_at bigint,
    finds_faces boolean NOT NULL DEFAULT true,
    CONSTRAINT library_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES "user"(id),
    CONSTRAINT library_owner_id_name_folded_key UNIQUE (owner_id, name_folded),
    CONSTRAINT library_pkey PRIMARY KEY (id),
    CONSTRAINT library_storage_limit_bytes_check CHECK ((storage_limit_bytes > 0))
);

CREATE TABLE library_invitation (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    created_by uuid NOT NULL,
    role text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL,
    max_joiners bigint NOT NULL,
    joiner_count bigint NOT NULL DEFAULT 0,
    sealed_secret bytea NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    disabled_at bigint,
    CONSTRAINT library_invitation_check CHECK (((joiner_count >= 0) AND (joiner_count <= max_joiners))),
    CONSTRAINT library_invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES "user"(id),
    CONSTRAINT library_invitation_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT library_invitation_library_id_role_expires_at_max_joiners_key UNIQUE (library_id, role, expires_at, max_joiners),
    CONSTRAINT library_invitation_max_joiners_check CHECK ((max_joiners > 0)),
    CONSTRAINT library_invitation_pkey PRIMARY KEY (id),
    CONSTRAINT library_invitation_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'collaborator'::text])))
);

CREATE TABLE library_invitation_joiner (
    invitation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    joined_at bigint NOT NULL,
    CONSTRAINT library_invitation_joiner_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES library_invitation(id) ON DELETE CASCADE,
    CONSTRAINT library_invitation_joiner_pkey PRIMARY KEY (invitation_id, user_id),
    CONSTRAINT library_invitation_joiner_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE library_member (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    joined_at bigint NOT NULL,
    ended_at bigint,
    last_removed_at bigint,
    CONSTRAINT library_member_check CHECK (((state = 'active'::text) = (ended_at IS NULL))),
    CONSTRAINT library_member_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT library_member_library_id_user_id_key UNIQUE (library_id, user_id),
    CONSTRAINT library_member_pkey PRIMARY KEY (id),
    CONSTRAINT library_member_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'collaborator'::text]))),
    CONSTRAINT library_member_state_check CHECK ((state = ANY (ARRAY['active'::text, 'left'::text, 'removed'::text]))),
    CONSTRAINT library_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE library_usage (
    library_id uuid NOT NULL,
    live_assets bigint NOT NULL DEFAULT 0,
    stored_bytes bigint NOT NULL DEFAULT 0,
    CONSTRAINT library_usage_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT library_usage_live_assets_check CHECK ((live_assets >= 0)),
    CONSTRAINT library_usage_pkey PRIMARY KEY (library_id),
    CONSTRAINT library_usage_stored_bytes_check CHECK ((stored_bytes >= 0))
);

CREATE TABLE model_choice (
    purpose text COLLATE "C" NOT NULL,
    active text COLLATE "C" NOT NULL,
    coming text COLLATE "C",
    CONSTRAINT model_choice_pkey PRIMARY KEY (purpose)
);

CREATE TABLE near_duplicate (
    asset_id uuid NOT NULL,
    other_id uuid NOT NULL,
    cosine double precision NOT NULL,
    distance bigint NOT NULL,
    CONSTRAINT near_duplicate_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT near_duplicate_other_id_fkey FOREIGN KEY (other_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT near_duplicate_pkey PRIMARY KEY (asset_id, other_id)
);

CREATE TABLE oauth_state (
    hash bytea NOT NULL,
    nonce text COLLATE "C" NOT NULL,
    redirect_uri text COLLATE "C" NOT NULL,
    challenge text COLLATE "C",
    verifier text COLLATE "C",
    expires_at bigint NOT NULL,
    CONSTRAINT oauth_state_pkey PRIMARY KEY (hash)
);

CREATE TABLE one_time_code (
    user_id uuid NOT NULL,
    secret bytea NOT NULL,
    is_confirmed boolean NOT NULL DEFAULT false,
    last_step bigint NOT NULL DEFAULT 0,
    CONSTRAINT one_time_code_pkey PRIMARY KEY (user_id),
    CONSTRAINT one_time_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE openid_client (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    secret_hash bytea NOT NULL,
    redirect_uris text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT openid_client_pkey PRIMARY KEY (id)
);

CREATE TABLE openid_code (
    hash bytea NOT NULL,
    client_id text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL,
    redirect_uri text COLLATE "C" NOT NULL,
    nonce text COLLATE "C",
    challenge text COLLATE "C",
    signed_in_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT openid_code_pkey PRIMARY KEY (hash),
    CONSTRAINT openid_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE original_removal (
    checksum bytea NOT NULL,
    count bigint NOT NULL,
    is_under_way boolean NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT original_removal_pkey PRIMARY KEY (checksum)
);

CREATE TABLE password (
    user_id uuid NOT NULL,
    hash text COLLATE "C" NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT password_pkey PRIMARY KEY (user_id),
    CONSTRAINT password_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE perceptual_hash (
    asset_id uuid NOT NULL,
    library_id uuid NOT NULL,
    hash bigint NOT NULL,
    CONSTRAINT perceptual_hash_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT perceptual_hash_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT perceptual_hash_pkey PRIMARY KEY (asset_id)
);

CREATE TABLE person (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    name text COLLATE "C",
    name_folded text COLLATE "C",
    name_order text COLLATE "C",
    birth_date text COLLATE "C",
    is_favorite boolean NOT NULL DEFAULT false,
    is_hidden boolean NOT NULL DEFAULT false,
    thumbnail_face_id uuid,
    asset_count bigint NOT NULL DEFAULT 0,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    is_found boolean NOT NULL DEFAULT false,
    CONSTRAINT person_asset_count_check CHECK ((asset_count >= 0)),
    CONSTRAINT person_check CHECK ((((name IS NULL) = (name_folded IS NULL)) AND ((name IS NULL) = (name_order IS NULL)))),
    CONSTRAINT person_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT person_pkey PRIMARY KEY (id)
);

CREATE TABLE person_likeness (
    person_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    vector vector NOT NULL,
    faces bigint NOT NULL,
    pairwise_mean double precision NOT NULL,
    pairwise_p90 double precision NOT NULL,
    CONSTRAINT person_likeness_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
    CONSTRAINT person_likeness_pkey PRIMARY KEY (person_id, space)
);

CREATE TABLE person_parting (
    person_id uuid NOT NULL,
    other_id uuid NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT person_parting_other_id_fkey FOREIGN KEY (other_id) REFERENCES person(id) ON DELETE CASCADE,
    CONSTRAINT person_parting_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
    CONSTRAINT person_parting_pkey PRIMARY KEY (person_id, other_id)
);

CREATE TABLE person_words (
    number bigint NOT NULL DEFAULT (((floor((random() * ('2147483648'::bigint)::double precision)))::bigint << 31) + (floor((random() * ('2147483648'::bigint)::double precision)))::bigint),
    person_id uuid NOT NULL,
    words text COLLATE "C" NOT NULL,
    recipe bigint NOT NULL,
    tokens tsvector NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '::text))) STORED,
    CONSTRAINT person_words_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
    CONSTRAINT person_words_person_id_key UNIQUE (person_id),
    CONSTRAINT person_words_pkey PRIMARY KEY (number)
);

CREATE TABLE request_count (
    key text COLLATE "C" NOT NULL,
    minute bigint NOT NULL,
    used bigint NOT NULL,
    CONSTRAINT request_count_pkey PRIMARY KEY (key)
);

CREATE TABLE schema_migration (
    id text COLLATE "C" NOT NULL,
    applied_at bigint NOT NULL,
    CONSTRAINT schema_migration_pkey PRIMARY KEY (id)
);

CREATE TABLE server_key (
    purpose text COLLATE "C" NOT NULL,
    bytes bytea NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT server_key_pkey PRIMARY KEY (purpose)
);

CREATE TABLE session (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE setup_link (
    hash bytea NOT NULL,
    user_id uuid NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT setup_link_pkey PRIMARY KEY (hash),
    CONSTRAINT setup_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE shot (
    asset_id uuid NOT NULL,
    content_id text COLLATE "C",
    burst_id text COLLATE "C",
    camera text COLLATE "C",
    wall bigint,
    wall_offset bigint,
    series text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    is_raw boolean NOT NULL,
    CONSTRAINT shot_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT shot_pkey PRIMARY KEY (asset_id)
);

CREATE TABLE sign_in_attempt (
    subject text COLLATE "C" NOT NULL,
    failures bigint NOT NULL,
    last_at bigint NOT NULL,
    CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (subject)
);

CREATE TABLE stack (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    origin text COLLATE "C" NOT NULL,
    primary_asset_id uuid,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT stack_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT stack_origin_check CHECK ((origin = ANY (ARRAY['auto_burst'::text, 'user'::text]))),
    CONSTRAINT stack_pkey PRIMARY KEY (id),
    CONSTRAINT stack_primary_asset_id_fkey FOREIGN KEY (primary_asset_id) REFERENCES asset(id) ON DELETE SET NULL
);

CREATE TABLE token_floor (
    user_id uuid NOT NULL,
    issued_from bigint NOT NULL,
    CONSTRAINT token_floor_pkey PRIMARY KEY (user_id),
    CONSTRAINT token_floor_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE
);

CREATE TABLE unstacked_asset (
    asset_id uuid NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT unstacked_asset_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT unstacked_asset_pkey PRIMARY KEY (asset_id)
);

CREATE TABLE "user" (
    id uuid NOT NULL,
    email text COLLATE "C" NOT NULL,
    email_folded text COLLATE "C" NOT NULL,
    first_name text COLLATE "C",
    last_name text COLLATE "C",
    is_active boolean NOT NULL DEFAULT true,
    is_superuser boolean NOT NULL DEFAULT false,
    is_verified boolean NOT NULL DEFAULT false,
    demo_mode_enabled boolean NOT NULL DEFAULT false,
    face_detection_preference boolean DEFAULT true,
    favorite_display_mode text COLLATE "C" NOT NULL DEFAULT 'favorite'::text,
    home_country text COLLATE "C",
    home_subdivision text COLLATE "C",
    immich_library_id uuid,
    timezone text COLLATE "C",
    storage_limit_bytes bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT user_email_folded_key UNIQUE (email_folded),
    CONSTRAINT user_favorite_display_mode_check CHECK ((favorite_display_mode = ANY (ARRAY['favorite'::text, 'rating'::text]))),
    CONSTRAINT user_pkey PRIMARY KEY (id),
    CONSTRAINT user_storage_limit_bytes_check CHECK ((storage_limit_bytes > 0))
);

CREATE TABLE vocabulary (
    library_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    CONSTRAINT vocabulary_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT vocabulary_pkey PRIMARY KEY (library_id, kind, text)
);

CREATE TABLE vocabulary_three (
    library_id uuid NOT NULL,
    three text COLLATE "C" NOT NULL,
    word text COLLATE "C" NOT NULL,
    CONSTRAINT vocabulary_three_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id) ON DELETE CASCADE,
    CONSTRAINT vocabulary_three_pkey PRIMARY KEY (library_id, three, word)
);

CREATE INDEX album_asset_album ON public.album_asset USING btree (album_id, created_at, id) WHERE is_live;

CREATE INDEX album_asset_asset ON public.album_asset USING btree (asset_id);

CREATE INDEX album_asset_library ON public.album_asset USING btree (library_id, created_at, id) WHERE is_live;

CREATE INDEX album_asset_timeline ON public.album_asset USING btree (album_id, local_wall, asset_id) WHERE is_live;

CREATE INDEX album_cover ON public.album USING btree (cover_asset_id) WHERE (cover_asset_id IS NOT NULL);

CREATE INDEX album_library ON public.album USING btree (library_id, created_at, id);

CREATE INDEX album_name ON public.album USING btree (library_id, name_folded);

CREATE INDEX album_words_tokens ON public.album_words USING gin (tokens);

CREATE INDEX api_key_library_library ON public.api_key_library USING btree (library_id);

CREATE INDEX api_key_user ON public.api_key USING btree (user_id);

CREATE INDEX asset_device ON public.asset USING btree (library_id, device_id, device_asset_id);

CREATE INDEX asset_embedding_asset ON public.asset_embedding USING btree (asset_id, space);

CREATE INDEX asset_embedding_further ON public.asset_embedding USING btree (library_id, space, id, asset_id) WHERE (id <> asset_id);

CREATE UNIQUE INDEX asset_embedding_sequence ON public.asset_embedding USING btree (library_id, space, sequence);

CREATE INDEX asset_film_film ON public.asset_film USING btree (film_id) WHERE (film_id IS NOT NULL);

CREATE INDEX asset_gathered ON public.asset USING btree (library_id, is_in_album, local_wall, id) WHERE (trashed_at IS NULL);

CREATE INDEX asset_media ON public.asset USING btree (library_id, media_class, local_wall, id) WHERE (trashed_at IS NULL);

CREATE INDEX asset_metadata_position ON public.asset_metadata USING btree (latitude, longitude, asset_id) WHERE (latitude IS NOT NULL);

CREATE INDEX asset_rated ON public.asset USING btree (library_id, stars, local_wall, id) WHERE ((trashed_at IS NULL) AND (stars <> 0));

CREATE INDEX asset_sha1 ON public.asset USING btree (library_id, checksum_sha1);

CREATE INDEX asset_sidecar_checksum ON public.asset_sidecar USING btree (checksum);

CREATE INDEX asset_stack ON public.asset USING btree (stack_id, trashed_at, local_wall, id) WHERE (stack_id IS NOT NULL);

CREATE INDEX asset_timeline ON public.asset USING btree (library_id, local_wall, id) WHERE (trashed_at IS NULL);

CREATE INDEX asset_timeline_all ON public.asset USING btree (library_id, local_wall, id);

CREATE INDEX asset_trash ON public.asset USING btree (library_id, trashed_at, id) WHERE (trashed_at IS NOT NULL);

CREATE INDEX asset_version_checksum ON public.asset_version USING btree (checksum);

CREATE INDEX asset_words_tokens ON public.asset_words USING gin (tokens);

CREATE INDEX correction_created ON public.correction USING btree (created_at);

CREATE INDEX correction_face_asset ON public.correction_face USING btree (asset_id);

CREATE INDEX correction_face_face ON public.correction_face USING btree (face_id);

CREATE UNIQUE INDEX correction_number ON public.correction USING btree (library_id, number);

CREATE INDEX correction_person_person ON public.correction_person USING btree (person_id);

CREATE INDEX correction_user ON public.correction USING btree (user_id);

CREATE INDEX event_entity ON public.event USING btree (library_id, entity_type, sequence);

CREATE INDEX event_time ON public.event USING btree (library_id, created_at, sequence);

CREATE INDEX face_asset ON public.face USING btree (asset_id, created_at, id);

CREATE INDEX face_detachment_person ON public.face_detachment USING btree (person_id);

CREATE INDEX face_library ON public.face USING btree (library_id, created_at, id);

CREATE INDEX face_person ON public.face USING btree (person_id, created_at, id) WHERE (person_id IS NOT NULL);

CREATE INDEX face_person_asset ON public.face USING btree (person_id, asset_id) WHERE (person_id IS NOT NULL);

CREATE INDEX face_portrait ON public.face USING btree (person_id, quality, id) WHERE (person_id IS NOT NULL);

CREATE INDEX feedback_time ON public.feedback USING btree (created_at, id);

CREATE INDEX feedback_user ON public.feedback USING btree (user_id);

CREATE INDEX identity_user ON public.identity USING btree (user_id);

CREATE INDEX job_completed ON public.job USING btree (completed_at);

CREATE INDEX job_lease ON public.job USING btree (lease_until) WHERE (status = 'started'::text);

CREATE INDEX job_ready ON public.job USING btree (kind, priority DESC, run_at, id) WHERE ((status = 'pending'::text) AND (NOT paused));

CREATE INDEX job_scope ON public.job USING btree (scope, id);

CREATE INDEX job_scope_failure ON public.job USING btree (scope, id) WHERE (status = 'failure'::text);

CREATE INDEX job_scope_kind ON public.job USING btree (scope, kind, id);

CREATE INDEX job_scope_pending ON public.job USING btree (scope, id) WHERE (status = 'pending'::text);

CREATE INDEX job_subject ON public.job USING btree (subject, id);

CREATE UNIQUE INDEX job_unfinished ON public.job USING btree (subject, kind) WHERE (status = ANY (ARRAY['pending'::text, 'started'::text]));

CREATE INDEX library_invitation_creator ON public.library_invitation USING btree (created_by);

CREATE INDEX library_invitation_joiner_user ON public.library_invitation_joiner USING btree (user_id);

CREATE INDEX library_invitation_list ON public.library_invitation USING btree (library_id, created_at, id);

CREATE INDEX library_member_list ON public.library_member USING btree (library_id, created_at, id);

CREATE INDEX library_member_user ON public.library_member USING btree (user_id) WHERE (state = 'active'::text);

CREATE INDEX library_trash ON public.library USING btree (trashed_at) WHERE (trashed_at IS NOT NULL);

CREATE INDEX near_duplicate_other ON public.near_duplicate USING btree (other_id);

CREATE INDEX oauth_state_expiry ON public.oauth_state USING btree (expires_at);

CREATE INDEX openid_code_expiry ON public.openid_code USING btree (expires_at);

CREATE INDEX openid_code_user ON public.openid_code USING btree (user_id);

CREATE INDEX perceptual_hash_library ON public.perceptual_hash USING btree (library_id, hash, asset_id);

CREATE INDEX person_counted ON public.person USING btree (library_id, asset_count, id);

CREATE INDEX person_created ON public.person USING btree (library_id, created_at, id);

CREATE UNIQUE INDEX person_name ON public.person USING btree (library_id, name_folded) WHERE (name IS NOT NULL);

CREATE INDEX person_named ON public.person USING btree (library_id, created_at, id) WHERE (name IS NOT NULL);

CREATE INDEX person_named_counted ON public.person USING btree (library_id, asset_count, id) WHERE (name IS NOT NULL);

CREATE INDEX person_named_order ON public.person USING btree (library_id, name_order, id) WHERE (name IS NOT NULL);

CREATE INDEX person_parting_other ON public.person_parting USING btree (other_id);

CREATE INDEX person_unnamed ON public.person USING btree (library_id, created_at, id) WHERE (name IS NULL);

CREATE INDEX person_words_tokens ON public.person_words USING gin (tokens);

CREATE INDEX request_count_minute ON public.request_count USING btree (minute);

CREATE INDEX "session_user" ON public.session USING btree (user_id);

CREATE INDEX setup_link_user ON public.setup_link USING btree (user_id);

CREATE INDEX shot_burst ON public.shot USING btree (burst_id) WHERE (burst_id IS NOT NULL);

CREATE INDEX shot_camera ON public.shot USING btree (camera, series, number, wall) WHERE ((camera IS NOT NULL) AND (wall IS NOT NULL));

CREATE INDEX shot_content ON public.shot USING btree (content_id) WHERE (content_id IS NOT NULL);

CREATE INDEX sign_in_attempt_last ON public.sign_in_attempt USING btree (last_at);

CREATE INDEX stack_library ON public.stack USING btree (library_id, id);

CREATE INDEX stack_primary ON public.stack USING btree (primary_asset_id) WHERE (primary_asset_id IS NOT NULL);

CREATE TRIGGER album_asset_follow AFTER UPDATE OF local_wall, trashed_at ON public.asset FOR EACH ROW WHEN (((new.local_wall <> old.local_wall) OR ((new.trashed_at IS NULL) <> (old.trashed_at IS NULL)))) EXECUTE FUNCTION album_asset_follow();

CREATE TRIGGER album_asset_loss AFTER DELETE ON public.album_asset FOR EACH ROW EXECUTE FUNCTION album_asset_loss();

CREATE TRIGGER album_count_change AFTER UPDATE OF is_live ON public.album_asset FOR EACH ROW WHEN ((new.is_live <> old.is_live)) EXECUTE FUNCTION album_count_change();

CREATE TRIGGER album_count_loss AFTER DELETE ON public.album_asset FOR EACH ROW WHEN (old.is_live) EXECUTE FUNCTION album_count_loss();

