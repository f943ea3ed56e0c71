import BanksiaSQL

extension Schema {
    /// How many requests somebody has made in the present minute, where several servers count together.
    static let limits = Migration(
        id: "0012-limits",
        """
        CREATE TABLE request_count (
            key TEXT NOT NULL PRIMARY KEY,
            minute BIGINT NOT NULL,
            used BIGINT NOT NULL
        );
        CREATE INDEX request_count_minute ON request_count (minute);
        """)
}
