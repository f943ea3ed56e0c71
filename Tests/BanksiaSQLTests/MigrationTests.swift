import BanksiaSQL
import BanksiaTestKit
import Testing

@Suite("Migrations", .scratch) struct MigrationTests {
    private static let first = Migration(id: "1", "CREATE TABLE a (id ID PRIMARY KEY); CREATE INDEX a_id ON a (id);")
    private static let second = Migration(id: "2", "ALTER TABLE a ADD COLUMN at INSTANT;")

    @Test(arguments: Engine.all) func `steps run once, in order`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        try await scratch.database.migrate([Self.first])
        try await scratch.database.migrate([Self.first, Self.second])
        try await scratch.database.migrate([Self.first, Self.second])
        let ids = try await scratch.database.read { tx in
            try tx.rows("SELECT id FROM schema_migration ORDER BY id") { try $0.value(0, as: String.self) }
        }
        #expect(ids == ["1", "2"])
    }

    @Test func `type words are spelled for the engine, and only they`() async throws {
        let scratch = try await Scratch(.sqlite)
        let text = """
            CREATE TABLE a (id ID, at INSTANT, b BYTES, r REAL8, j JSON, t BOOL, v VECTOR(3), "JSON" TEXT DEFAULT 'ID JSON', IDEA TEXT, MY_ID TEXT);
            -- ID stays here
            """
        try await scratch.database.migrate([Migration(id: "1", text)])
        let expected = """
            CREATE TABLE a (id ID_BLOB, at INTEGER, b BLOB, r REAL, j TEXT, t BOOL_INTEGER, v VECTOR_BLOB(3), "JSON" TEXT DEFAULT 'ID JSON', IDEA TEXT, MY_ID TEXT);
            """
        #expect(try await scratch.database.schema().hasPrefix(expected))
    }

    @Test(arguments: Engine.all) func `the schema reads the same however it came about`(engine: Engine) async throws {
        let one = try await Scratch(engine)
        let two = try await Scratch(engine)
        let parts = [
            Migration(id: "b", "CREATE TABLE b (x INTEGER);"), Migration(id: "a", "CREATE TABLE a (x INTEGER);"),
            Migration(id: "words", "", sqlite: "CREATE VIRTUAL TABLE words USING fts5 (text);"),
        ]
        try await one.database.migrate(parts)
        try await two.database.migrate(parts.reversed())
        let schema = try await one.database.schema()
        #expect(try await two.database.schema() == schema)
        let text = schema.replacing(/\s+/, with: " ")
        #expect(
            text.hasPrefix(
                engine == .sqlite ? "CREATE TABLE a (x INTEGER); CREATE TABLE b" : "CREATE TABLE a ( x bigint ); CREATE TABLE b"))
        #expect(!schema.contains("words_content"))
    }

    @Test(arguments: Engine.all) func `a step that fails leaves nothing behind and runs again`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let broken = Migration(id: "2", "CREATE TABLE c (id ID); CREATE TABLE c (id ID);")
        await #expect(throws: SQLMistake.self) { try await scratch.database.migrate([Self.first, broken]) }
        try await scratch.database.migrate([Self.first, Migration(id: "2", "CREATE TABLE c (id ID);")])
        #expect(try await scratch.database.schema().contains("CREATE TABLE c"))
    }

    @Test(arguments: Engine.all) func `a database of a newer program is left alone`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        try await scratch.database.migrate([Self.first, Self.second])
        await #expect(throws: SQLProblem.newerSchema("2")) {
            try await scratch.database.migrate([Self.first, Migration(id: "3", "CREATE TABLE d (id ID);")])
        }
        #expect(try await !scratch.database.schema().contains("CREATE TABLE d"))
    }

    @Test(arguments: Engine.all) func `two that migrate at once run each step once`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let steps = [
            Migration(id: "1", "CREATE TABLE counter (value INTEGER); INSERT INTO counter VALUES (0);"),
            Migration(id: "2", "UPDATE counter SET value = value + 1;"),
            Migration(id: "3", "UPDATE counter SET value = value + 1;"),
        ]
        let others = [try await scratch.another(), try await scratch.another(), scratch.database]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for database in others { group.addTask { try await database.migrate(steps) } }
            try await group.waitForAll()
        }
        #expect(try await scratch.database.read { tx in try tx.value("SELECT value FROM counter", as: Int.self) } == 2)
    }

    @Test(.needsPostgres) func `a refused database on a server is not even prepared`() async throws {
        let (url, drop) = try await PostgresScratch.make()
        let database = try await Database.open(postgres: PostgresScratch.settings(url))
        try await database.executeOutsideTransaction(
            """
            CREATE TABLE schema_migration (id text PRIMARY KEY, applied_at bigint NOT NULL);
            INSERT INTO schema_migration VALUES ('from the future', 1);
            """)
        await #expect(throws: SQLProblem.newerSchema("from the future")) { try await database.migrate([Self.first]) }
        let made = try await database.read { tx in
            try tx.value(
                "SELECT to_regtype('vector') IS NOT NULL OR to_regprocedure('banksia_fold(text)') IS NOT NULL", as: Bool.self)
        }
        #expect(made == false)
        try database.close()
        try await drop()
    }
}
