import BanksiaSQL

extension Schema {
    /// What search by content needs: a vector per asset and model pack, of a film one per scene, numbered in the order of arrival within a
    /// library so that an index can follow, and which pack answers searches. What search by name needs: the words of
    /// assets and albums.
    static let search = Migration(
        id: "0004-search",
        """
        CREATE TABLE asset_embedding (
            -- that of the asset for its first vector
            id ID NOT NULL,
            asset_id ID NOT NULL REFERENCES asset (id) ON DELETE CASCADE,
            space TEXT NOT NULL,
            library_id ID NOT NULL,
            sequence BIGINT NOT NULL,
            -- where in a film
            timestamp_ms BIGINT,
            vector VECTOR NOT NULL,
            created_at INSTANT NOT NULL,
            PRIMARY KEY (id, space)
        );
        CREATE INDEX asset_embedding_asset ON asset_embedding (asset_id, space);
        CREATE INDEX asset_embedding_further ON asset_embedding (library_id, space, id, asset_id) WHERE id <> asset_id;
        CREATE UNIQUE INDEX asset_embedding_sequence ON asset_embedding (library_id, space, sequence);
        CREATE TABLE embedding_counter (
            library_id ID NOT NULL,
            space TEXT NOT NULL,
            last BIGINT NOT NULL,
            PRIMARY KEY (library_id, space)
        );
        CREATE TABLE model_choice (
            purpose TEXT NOT NULL PRIMARY KEY,
            active TEXT NOT NULL,
            coming TEXT
        );
        """,
        sqlite: wordsForSQLite(of: "asset") + wordsForSQLite(of: "album"),
        postgres: wordsForPostgres(of: "asset") + wordsForPostgres(of: "album") + vectorsBesideTheirRows)

    /// The words of a thing, with an index of FTS5 over them that triggers keep right.
    ///
    /// The index knows rows by number, and only a column declared like this one keeps its numbers through `VACUUM`
    /// (sqlite.org/lang_vacuum.html). The words come cut, so the tokenizer that leaves everything beyond ASCII alone gives
    /// back just them (sqlite.org/fts5.html#ascii_tokenizer); nobody asks where in a row a word stands, so that is not kept.
    static func wordsForSQLite(of thing: String) -> String {
        let table = "\(thing)_words"
        return """
            CREATE TABLE \(table) (
                number INTEGER PRIMARY KEY,
                \(thing)_id ID NOT NULL UNIQUE REFERENCES \(thing) (id) ON DELETE CASCADE,
                words TEXT NOT NULL,
                recipe BIGINT NOT NULL
            );
            CREATE VIRTUAL TABLE \(table)_index USING fts5 (
                words, content = '\(table)', content_rowid = 'number', tokenize = 'ascii', detail = 'none', columnsize = 0
            );
            CREATE TRIGGER \(table)_insert AFTER INSERT ON \(table) BEGIN
                INSERT INTO \(table)_index (rowid, words) VALUES (new.number, new.words);
            END;
            CREATE TRIGGER \(table)_delete AFTER DELETE ON \(table) BEGIN
                INSERT INTO \(table)_index (\(table)_index, rowid, words) VALUES ('delete', old.number, old.words);
            END;
            CREATE TRIGGER \(table)_update AFTER UPDATE ON \(table) BEGIN
                INSERT INTO \(table)_index (\(table)_index, rowid, words) VALUES ('delete', old.number, old.words);
                INSERT INTO \(table)_index (rowid, words) VALUES (new.number, new.words);
            END;

            """
    }

    /// The same for PostgreSQL. The vector of words is put together from the words as they are: its parser would cut them
    /// another way and drop those it takes for small.
    ///
    /// Nothing here needs the number, but rows are copied from engine to engine. It is random and comes from no sequence,
    /// which a copy would leave behind its numbers: of 62 bits, two of a million rows are equal once in ten million times.
    static func wordsForPostgres(of thing: String) -> String {
        let table = "\(thing)_words"
        return """
            CREATE TABLE \(table) (
                number INTEGER NOT NULL PRIMARY KEY
                    DEFAULT ((CAST(floor(random() * 2147483648) AS bigint) << 31) + CAST(floor(random() * 2147483648) AS bigint)),
                \(thing)_id ID NOT NULL UNIQUE REFERENCES \(thing) (id) ON DELETE CASCADE,
                words TEXT NOT NULL,
                recipe BIGINT NOT NULL,
                tokens tsvector NOT NULL GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
            );
            CREATE INDEX \(table)_tokens ON \(table) USING gin (tokens);

            """
    }

    /// A vector of 512 numbers is just over the size from which values move to a table of their own (PostgreSQL, "TOAST"),
    /// where reading each takes another look-up. Up to a whole page they stay in their row.
    private static let vectorsBesideTheirRows = "ALTER TABLE asset_embedding SET (toast_tuple_target = 8160);"
}
