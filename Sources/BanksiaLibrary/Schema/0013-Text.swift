import BanksiaSQL

extension Schema {
    /// What stands in pictures.
    static let pictureText = Migration(
        id: "0013-text",
        """
        CREATE TABLE asset_text (
            asset_id ID PRIMARY KEY REFERENCES asset (id) ON DELETE CASCADE,
            -- what search finds it by: the lines below each other
            text TEXT NOT NULL,
            -- the lines with their places, as `PictureText` writes them
            lines TEXT NOT NULL
        );
        """)
}
