import BanksiaSQL

extension Schema {
    /// Assets, their renderings, what their files say, and the renditions made of them.
    ///
    /// Capture times are two columns: the wall clock in microseconds as if it were UTC, and the offset in seconds when known.
    /// What lists are filtered by stands in the row of the asset, at the front of an index in the order of the list, so that a
    /// rare rating is found as soon as a frequent one.
    static let assets = Migration(
        id: "0002-assets",
        """
        CREATE TABLE asset (
            id ID NOT NULL PRIMARY KEY,
            library_id ID NOT NULL REFERENCES library (id),
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            trashed_at INSTANT,
            local_wall INSTANT NOT NULL,
            local_offset BIGINT,
            original_file_name TEXT NOT NULL,
            media_class TEXT NOT NULL CHECK (media_class IN ('image', 'video')),
            checksum BYTES NOT NULL,
            checksum_sha1 BYTES NOT NULL,
            device_asset_id TEXT NOT NULL,
            device_id TEXT NOT NULL,
            file_created_at INSTANT NOT NULL,
            file_modified_at INSTANT NOT NULL,
            uploaded_bytes BIGINT NOT NULL,
            current_version_id ID NOT NULL,
            kind TEXT NOT NULL,
            mime_type TEXT NOT NULL,
            file_size_bytes BIGINT NOT NULL,
            width BIGINT,
            height BIGINT,
            duration REAL8,
            description TEXT,
            quality_score REAL8,
            thumbhash BYTES,
            stack_id ID,
            -- the rating that counts, 0 when there is none
            stars BIGINT NOT NULL DEFAULT 0 CHECK (stars BETWEEN 0 AND 5),
            -- whether any album has it
            is_in_album BOOL NOT NULL DEFAULT FALSE,
            UNIQUE (library_id, checksum)
        );
        CREATE INDEX asset_timeline ON asset (library_id, local_wall, id) WHERE trashed_at IS NULL;
        CREATE INDEX asset_timeline_all ON asset (library_id, local_wall, id);
        CREATE INDEX asset_trash ON asset (library_id, trashed_at, id) WHERE trashed_at IS NOT NULL;
        CREATE INDEX asset_media ON asset (library_id, media_class, local_wall, id) WHERE trashed_at IS NULL;
        CREATE INDEX asset_rated ON asset (library_id, stars, local_wall, id) WHERE trashed_at IS NULL AND stars <> 0;
        CREATE INDEX asset_gathered ON asset (library_id, is_in_album, local_wall, id) WHERE trashed_at IS NULL;
        CREATE INDEX asset_sha1 ON asset (library_id, checksum_sha1);
        CREATE INDEX asset_device ON asset (library_id, device_id, device_asset_id);
        CREATE TABLE asset_version (
            id ID NOT NULL PRIMARY KEY,
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            position BIGINT NOT NULL,
            kind TEXT NOT NULL,
            checksum BYTES NOT NULL,
            mime_type TEXT NOT NULL,
            size_bytes BIGINT NOT NULL,
            width BIGINT,
            height BIGINT,
            params JSON,
            created_at INSTANT NOT NULL,
            UNIQUE (asset_id, position)
        );
        CREATE INDEX asset_version_checksum ON asset_version (checksum);
        CREATE TABLE asset_metadata (
            asset_id ID NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
            created_at INSTANT NOT NULL,
            updated_at INSTANT NOT NULL,
            make TEXT,
            model TEXT,
            lens_model TEXT,
            exposure_time REAL8,
            f_number REAL8,
            iso BIGINT,
            focal_length REAL8,
            exposure_bias REAL8,
            original_wall INSTANT,
            original_offset BIGINT,
            digitized_wall INSTANT,
            digitized_offset BIGINT,
            modified_wall INSTANT,
            modified_offset BIGINT,
            latitude REAL8,
            longitude REAL8,
            altitude REAL8,
            rating BIGINT,
            description TEXT,
            orientation BIGINT,
            profile_description TEXT,
            projection_type TEXT,
            live_photo_cid TEXT,
            auto_stack_id TEXT,
            fps REAL8,
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
            version_id ID NOT NULL REFERENCES asset_version (id) ON DELETE CASCADE,
            variant TEXT NOT NULL,
            recipe BIGINT NOT NULL,
            mime_type TEXT NOT NULL,
            size_bytes BIGINT NOT NULL,
            width BIGINT NOT NULL,
            height BIGINT NOT NULL,
            checksum BYTES NOT NULL,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (version_id, variant)
        );
        -- originals that were or are being removed, for uploads of the same bytes to see
        CREATE TABLE original_removal (
            checksum BYTES NOT NULL PRIMARY KEY,
            count BIGINT NOT NULL,
            is_under_way BOOL NOT NULL,
            changed_at INSTANT NOT NULL
        );
        """)
}
