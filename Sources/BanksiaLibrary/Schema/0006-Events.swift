import BanksiaSQL

extension Schema {
    /// The feed of each library, and the number of its last event.
    static let events = Migration(
        id: "0006-events",
        """
        CREATE TABLE event_counter (
            library_id ID NOT NULL PRIMARY KEY REFERENCES library (id) ON DELETE CASCADE,
            last BIGINT NOT NULL DEFAULT 0,
            last_at INSTANT NOT NULL DEFAULT 0
        );
        INSERT INTO event_counter (library_id) SELECT id FROM library;
        CREATE TABLE event (
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            sequence BIGINT NOT NULL,
            entity_type TEXT NOT NULL,
            event_type TEXT NOT NULL,
            entity_id TEXT NOT NULL,
            payload JSON,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (library_id, sequence)
        );
        CREATE INDEX event_time ON event (library_id, created_at, sequence);
        CREATE INDEX event_entity ON event (library_id, entity_type, sequence);
        """)
}
