CREATE TABLE album (
    id uuid NOT NULL,
    library_id uuid NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    cover_asset_id uuid,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT album_cover_asset_id_fkey FOREIGN KEY (cover_asset_id) REFERENCES asset(id) ON DELETE SET NULL,
    CONSTRAINT album_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id),
    CONSTRAINT album_pkey PRIMARY KEY (id)
);

CREATE TABLE album_asset (
    id uuid NOT NULL,
    album_id uuid NOT NULL,
    asset_id uuid NOT NULL,
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
    CONSTRAINT asset_library_id_checksum_key UNIQUE (library_id, checksum),
    CONSTRAINT asset_library_id_fkey FOREIGN KEY (library_id) REFERENCES library(id),
    CONSTRAINT asset_media_class_check CHECK ((media_class = ANY (ARRAY['image'::text, 'video'::text]))),
    CONSTRAINT asset_pkey PRIMARY KEY (id)
);

CREATE TABLE asset_embedding (
    asset_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    library_id uuid NOT NULL,
    sequence bigint NOT NULL,
    vector vector NOT NULL,
    created_at bigint NOT NULL,
    CONSTRAINT asset_embedding_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES asset(id) ON DELETE CASCADE,
    CONSTRAINT asset_embedding_pkey PRIMARY KEY (asset_id, space)
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

CREATE TABLE embedding_counter (
    library_id uuid NOT NULL,
    space text COLLATE "C" NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT embedding_counter_pkey PRIMARY KEY (library_id, space)
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
    CONSTRAINT library_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES "user"(id),
    CONSTRAINT library_owner_id_name_folded_key UNIQUE (owner_id, name_folded),
    CONSTRAINT library_pkey PRIMARY KEY (id),
    CONSTRAINT library_storage_limit_bytes_check CHECK ((storage_limit_bytes > 0))
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

CREATE TABLE original_removal (
    checksum bytea NOT NULL,
    count bigint NOT NULL,
    is_under_way boolean NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT original_removal_pkey PRIMARY KEY (checksum)
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

CREATE INDEX album_asset_asset ON public.album_asset USING btree (asset_id);

CREATE INDEX album_cover ON public.album USING btree (cover_asset_id) WHERE (cover_asset_id IS NOT NULL);

CREATE INDEX album_library ON public.album USING btree (library_id, created_at, id);

CREATE INDEX album_name ON public.album USING btree (library_id, name_folded);

CREATE INDEX album_words_tokens ON public.album_words USING gin (tokens);

CREATE INDEX api_key_library_library ON public.api_key_library USING btree (library_id);

CREATE INDEX api_key_user ON public.api_key USING btree (user_id);

CREATE INDEX asset_device ON public.asset USING btree (library_id, device_id, device_asset_id);

CREATE UNIQUE INDEX asset_embedding_sequence ON public.asset_embedding USING btree (library_id, space, sequence);

CREATE INDEX asset_sha1 ON public.asset USING btree (library_id, checksum_sha1);

CREATE INDEX asset_timeline ON public.asset USING btree (library_id, local_wall, id) WHERE (trashed_at IS NULL);

CREATE INDEX asset_timeline_all ON public.asset USING btree (library_id, local_wall, id);

CREATE INDEX asset_trash ON public.asset USING btree (library_id, trashed_at, id) WHERE (trashed_at IS NOT NULL);

CREATE INDEX asset_version_checksum ON public.asset_version USING btree (checksum);

CREATE INDEX asset_words_tokens ON public.asset_words USING gin (tokens);

CREATE INDEX job_completed ON public.job USING btree (completed_at);

CREATE INDEX job_lease ON public.job USING btree (lease_until) WHERE (status = 'started'::text);

CREATE INDEX job_ready ON public.job USING btree (kind, priority DESC, run_at, id) WHERE (status = 'pending'::text);

CREATE INDEX job_scope ON public.job USING btree (scope, id);

CREATE INDEX job_subject ON public.job USING btree (subject, id);

CREATE UNIQUE INDEX job_unfinished ON public.job USING btree (kind, subject) WHERE (status = ANY (ARRAY['pending'::text, 'started'::text]));

CREATE INDEX "session_user" ON public.session USING btree (user_id);

