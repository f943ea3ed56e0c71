import BanksiaSQL

extension Schema {
    /// What ties files of one shot together, and the films of stills. Derived from the files: it can be made again.
    static let siblings = Migration(
        id: "0016-siblings",
        """
        -- what siblings are found by, as the asset's own file says it
        CREATE TABLE shot (
            asset_id ID NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
            content_id TEXT,
            burst_id TEXT,
            camera TEXT,
            wall INSTANT,
            wall_offset BIGINT,
            -- the file's name without its number and extension, and the number
            series TEXT NOT NULL,
            number BIGINT NOT NULL,
            is_raw BOOL NOT NULL
        );
        CREATE INDEX shot_content ON shot (content_id) WHERE content_id IS NOT NULL;
        CREATE INDEX shot_burst ON shot (burst_id) WHERE burst_id IS NOT NULL;
        CREATE INDEX shot_camera ON shot (camera, series, number, wall) WHERE camera IS NOT NULL AND wall IS NOT NULL;
        -- the film that belongs to a still: the other half of a live photo, or a part of its own file
        CREATE TABLE asset_film (
            asset_id ID NOT NULL PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
            film_id ID REFERENCES asset (id) ON DELETE CASCADE,
            start BIGINT,
            length BIGINT,
            mime_type TEXT NOT NULL,
            CHECK ((film_id IS NULL) = (start IS NOT NULL) AND (film_id IS NULL) = (length IS NOT NULL))
        );
        CREATE INDEX asset_film_film ON asset_film (film_id) WHERE film_id IS NOT NULL;
        """)
}
