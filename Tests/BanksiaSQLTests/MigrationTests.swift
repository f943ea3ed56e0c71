import BanksiaSQL
import Testing

@Suite("Migrations") struct MigrationTests {
    private static let first = Migration(id: "1", "CREATE TABLE a (id ID PRIMARY KEY); CREATE INDEX a_id ON a (id);")
    private static let second = Migration(id: "2", "ALTER TABLE a ADD COLUMN at INSTANT;")

    @Test func `steps run once, in order`() async throws {
        let scratch = try await Scratch()
        try await scratch.database.migrate([Self.first])
        try await scratch.database.migrate([Self.first, Self.second])
        try await scratch.database.migrate([Self.first, Self.second])
        let ids = try await scratch.database.read { tx in
            try tx.rows("SELECT id FROM schema_migration ORDER BY id") { try $0.value(0, as: String.self) }
        }
        #expect(ids == ["1", "2"])
    }

    @Test func `type words are spelled for the engine, and only they`() async throws {
        let scratch = try await Scratch()
        let text = """
            CREATE TABLE a (id ID, at INSTANT, b BYTES, r REAL8, j JSON, t BOOL, "JSON" TEXT DEFAULT 'ID JSON', IDEA TEXT, MY_ID TEXT);
            -- ID stays here
            """
        try await scratch.database.migrate([Migration(id: "1", text)])
        let expected = """
            CREATE TABLE a (id BLOB, at INTEGER, b BLOB, r REAL, j TEXT, t INTEGER, "JSON" TEXT DEFAULT 'ID JSON', IDEA TEXT, MY_ID TEXT);
            """
        #expect(try await scratch.database.schema().hasPrefix(expected))
    }

    @Test func `the schema reads the same however it came about`() async throws {
        let one = try await Scratch()
        let two = try await Scratch()
        let parts = [
            "CREATE TABLE b (x INTEGER);", "CREATE TABLE a (x INTEGER);", "CREATE VIRTUAL TABLE words USING fts5 (text);",
        ]
        try await one.database.migrate(parts.map { Migration(id: $0, $0) })
        try await two.database.migrate(parts.reversed().map { Migration(id: $0, $0) })
        let schema = try await one.database.schema()
        #expect(try await two.database.schema() == schema)
        #expect(schema.hasPrefix("CREATE TABLE a (x INTEGER);\n\nCREATE TABLE b"))
        #expect(!schema.contains("words_content"))
    }

    @Test func `a step that fails leaves nothing behind and runs again`() async throws {
        let scratch = try await Scratch()
        let broken = Migration(id: "2", "CREATE TABLE c (id ID); CREATE TABLE c (id ID);")
        await #expect(throws: SQLMistake.self) { try await scratch.database.migrate([Self.first, broken]) }
        try await scratch.database.migrate([Self.first, Migration(id: "2", "CREATE TABLE c (id ID);")])
        #expect(try await scratch.database.schema().contains("CREATE TABLE c"))
    }

    @Test func `a database of a newer program is left alone`() async throws {
        let scratch = try await Scratch()
        try await scratch.database.migrate([Self.first, Self.second])
        await #expect(throws: SQLProblem.newerSchema("2")) {
            try await scratch.database.migrate([Self.first, Migration(id: "3", "CREATE TABLE d (id ID);")])
        }
        #expect(try await !scratch.database.schema().contains("CREATE TABLE d"))
    }
}
