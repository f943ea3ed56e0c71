extension Dialect {
    // Text compares byte by byte, as in SQLite, whatever language the database was made for.
    private static let text = "text COLLATE \"C\""

    static func spelledForPostgres(_ text: String) -> String {
        spelled(
            text,
            words: [
                "ID": "uuid", "INSTANT": "bigint", "BYTES": "bytea", "REAL8": "double precision", "JSON": Self.text,
                "BOOL": "boolean", "VECTOR": "vector", "TEXT": Self.text, "INTEGER": "bigint",
            ],
            casts: ["JSON": "text", "TEXT": "text"])
    }

    /// A lock's number for a name: FNV-1a, 64 bits (RFC 9923 §5).
    static func lockKey(_ name: [UInt8]) -> Int64 {
        Int64(bitPattern: name.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 })
    }

    /// A channel is a name of the program, so it may stand in the text.
    static func notification(_ channel: String) -> String { "NOTIFY \(channel.quotedName)" }

    // MARK: What statements rely on

    /// Makes, where they are missing, the extension for vectors and the function behind `SQL.caseFolded`.
    ///
    /// - Throws: `SQLProblem.cannotOpen`.
    static func preparePostgres(_ tx: borrowing Transaction) throws {
        try prepareVectors(tx)
        guard try tx.value("SELECT to_regprocedure('banksia_fold(text)') IS NULL") ?? true else { return }
        // A locale that knows all alphabets: ICU's, or else those built in since 17 and 18.
        let collation = try tx.value(
            """
            SELECT collname FROM pg_collation
            WHERE collname IN ('und-x-icu', 'pg_unicode_fast', 'pg_c_utf8') AND collencoding IN (-1, pg_char_to_encoding('UTF8'))
            ORDER BY CASE collname WHEN 'und-x-icu' THEN 0 WHEN 'pg_unicode_fast' THEN 1 ELSE 2 END LIMIT 1
            """, as: String.self)
        // Without any of them it is the database's own.
        let folded = "lower($1" + (collation.map { " COLLATE \($0.quotedName)" } ?? "") + ")"
        try tx.runScript(
            """
            CREATE FUNCTION banksia_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $$ SELECT \(folded) COLLATE "C" $$
            """)
    }

    private static func prepareVectors(_ tx: borrowing Transaction) throws {
        let installed = try tx.value("SELECT extversion FROM pg_extension WHERE extname = 'vector'", as: String.self)
        if let installed {
            // Searches go on past the first finds of an index until enough meet the filter, since 0.8.0.
            guard isVersion(installed, atLeast: (0, 8)) else {
                throw SQLProblem.cannotOpen(
                    "The database has pgvector \(installed). Install 0.8.0 or newer on the server and run ALTER EXTENSION vector UPDATE."
                )
            }
            return
        }
        guard
            let available = try tx.value(
                "SELECT default_version FROM pg_available_extensions WHERE name = 'vector'", as: String.self),
            isVersion(available, atLeast: (0, 8))
        else {
            throw SQLProblem.cannotOpen(
                "The PostgreSQL server lacks the extension pgvector, 0.8.0 or newer. Install it there (on Debian the package "
                    + "postgresql-NN-pgvector).")
        }
        do {
            try tx.runScript("CREATE EXTENSION vector")
        } catch SQLProblem.forbidden(let reason) {
            throw SQLProblem.cannotOpen(
                "The extension pgvector could not be made in the database: \(reason). Have an administrator run CREATE EXTENSION vector there."
            )
        }
    }

    private static func isVersion(_ text: String, atLeast least: (Int, Int)) -> Bool {
        let parts = text.split(separator: ".").map { Int($0) ?? 0 } + [0, 0]
        return (parts[0], parts[1]) >= least
    }

    // MARK: The catalog

    /// The whole schema in a stable order, like `sqliteSchema`. What extensions brought is left out.
    static let postgresSchema: SQL = """
        SELECT line FROM (
            SELECT 0 AS part, t.relname AS name, format(E'CREATE TABLE %I (\\n%s\\n)', t.relname, (
                SELECT string_agg('    ' || line, E',\\n' ORDER BY part, place, name) FROM (
                    SELECT 0 AS part, a.attnum AS place, '' AS name, quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                        || CASE WHEN a.attcollation <> y.typcollation THEN ' COLLATE ' || quote_ident(l.collname) ELSE '' END
                        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                        || CASE WHEN d.oid IS NULL THEN '' WHEN a.attgenerated <> '' THEN
                            ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                            ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END AS line
                    FROM pg_attribute AS a JOIN pg_type AS y ON y.oid = a.atttypid LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
                        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                    UNION ALL
                    SELECT 1, 0, c.conname, 'CONSTRAINT ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid)
                    FROM pg_constraint AS c WHERE c.conrelid = t.oid AND c.contype IN ('c', 'f', 'p', 'u', 'x')) AS lines)) AS line
            FROM pg_class AS t WHERE \(ownTable("t"))
            UNION ALL
            SELECT 1, i.relname, pg_get_indexdef(i.oid)
            FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS t ON t.oid = x.indrelid
            WHERE \(ownTable("t")) AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x'))
            UNION ALL
            SELECT 2, g.tgname, pg_get_triggerdef(g.oid) FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid
            WHERE \(ownTable("t")) AND NOT g.tgisinternal
        ) AS objects ORDER BY part, name COLLATE "C"
        """

    /// Table and column of all ordinary columns of ordinary tables, in order, with the place of each in the primary key.
    static let postgresColumns: SQL = """
        SELECT t.relname, a.attname, COALESCE(array_position(key.conkey, a.attnum), 0)
        FROM pg_class AS t JOIN pg_attribute AS a ON a.attrelid = t.oid
            LEFT JOIN pg_constraint AS key ON key.conrelid = t.oid AND key.contype = 'p'
        WHERE \(ownTable("t")) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        ORDER BY t.relname COLLATE "C", a.attnum
        """

    /// Which table has a foreign key to which.
    static let postgresReferences: SQL = """
        SELECT DISTINCT t.relname, parent.relname FROM pg_constraint AS c
            JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_class AS parent ON parent.oid = c.confrelid
        WHERE c.contype = 'f' AND \(ownTable("t"))
        """

    private static func ownTable(_ name: SQL) -> SQL {
        """
        \(name).relkind = 'r' AND \(name).relnamespace = current_schema()::regnamespace AND NOT EXISTS (
            SELECT 1 FROM pg_depend WHERE pg_depend.classid = 'pg_class'::regclass AND pg_depend.objid = \(name).oid AND pg_depend.deptype = 'e')
        """
    }
}
