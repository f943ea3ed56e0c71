import BanksiaSQL
import Testing

@Suite("What the schema says of itself", .scratch) struct CatalogTests {
    @Test(arguments: Engine.all) func `tables come after those they point to`(engine: Engine) async throws {
        let scratch = try await Scratch(
            engine,
            """
            CREATE TABLE zoo (id ID PRIMARY KEY, parent ID REFERENCES zoo (id));
            CREATE TABLE keeper (id ID PRIMARY KEY, zoo_id ID REFERENCES zoo (id), name TEXT);
            CREATE TABLE animal (id ID PRIMARY KEY, keeper_id ID REFERENCES keeper (id), zoo_id ID REFERENCES zoo (id));
            CREATE TABLE bench (id ID PRIMARY KEY);
            """)
        let tables = try await scratch.database.tables()
        #expect(tables.map(\.name) == ["bench", "zoo", "keeper", "animal"])
        #expect(tables.map(\.columns).dropFirst(2).first == ["id", "zoo_id", "name"])
    }

    @Test(arguments: Engine.all) func `computed columns are left out`(engine: Engine) async throws {
        let scratch = try await Scratch(
            engine, "CREATE TABLE a (x INTEGER, y INTEGER GENERATED ALWAYS AS (x + 1) STORED, z INTEGER);")
        #expect(try await scratch.database.tables().map(\.columns) == [["x", "z"]])
    }

    @Test(arguments: Engine.all) func `text orders byte by byte`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, "CREATE TABLE word (text TEXT);")
        let words = ["", "Z", "a", "a b", "ab", "z", "ä", "Ω", "日", "😀"]
        let ordered = try await scratch.database.write { tx in
            try tx.copy(into: "word", columns: ["text"], rows: words.shuffled().map { [.text($0)] })
            return try tx.rows("SELECT text FROM word ORDER BY text") { try $0.value(0, as: String.self) }
        }
        #expect(ordered == words)
    }

    @Test(.needsPostgres) func `a schema on a server is told as SQL`() async throws {
        let scratch = try await Scratch(
            .postgres,
            """
            CREATE TABLE a (id ID NOT NULL PRIMARY KEY, name TEXT DEFAULT 'x', at INSTANT CHECK (at > 0), v VECTOR(3),
                upper TEXT GENERATED ALWAYS AS (upper(name)) STORED, note JSON DEFAULT CAST('y' AS TEXT));
            CREATE UNIQUE INDEX a_name ON a (name) WHERE at IS NOT NULL;
            """)
        let expected = """
            CREATE TABLE a (
                id uuid NOT NULL,
                name text COLLATE "C" DEFAULT 'x'::text,
                at bigint,
                v vector(3),
                upper text COLLATE "C" GENERATED ALWAYS AS (upper(name)) STORED,
                note text COLLATE "C" DEFAULT 'y'::text,
                CONSTRAINT a_at_check CHECK ((at > 0)),
                CONSTRAINT a_pkey PRIMARY KEY (id)
            );

            """
        let schema = try await scratch.database.schema()
        #expect(schema.hasPrefix(expected))
        #expect(schema.hasSuffix("CREATE UNIQUE INDEX a_name ON public.a USING btree (name) WHERE (at IS NOT NULL);\n"))
    }
}
