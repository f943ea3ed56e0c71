import BanksiaCore
import BanksiaSQL
import Foundation
import Testing

@Suite("Bulk inserts and rows of unknown types", .scratch) struct CopyTests {
    private static let schema = """
        CREATE TABLE kept (
            number INTEGER PRIMARY KEY, id ID, at INSTANT, bytes BYTES, real REAL8, text TEXT, json JSON, flag BOOL, vector VECTOR(3)
        );
        """
    private static let columns = ["number", "id", "at", "bytes", "real", "text", "json", "flag", "vector"]

    private static func row(_ number: Int) -> [SQLValue] {
        [
            .integer(Int64(number)), .uuid(UUID(high: UInt64(number), low: 7)), .integer(-5), .bytes(Array(0...255)), .real(0.25),
            .text("it's \t\\N Ünï"), .text("{}"), .boolean(number.isMultiple(of: 2)), .vector([1, -0.5, .leastNonzeroMagnitude]),
        ]
    }

    private func all(_ database: Database) async throws -> [[SQLValue]] {
        try await database.read { tx in try tx.rows("SELECT * FROM kept ORDER BY number") { try $0.values } }
    }

    @Test(arguments: Engine.all) func `every type comes back as the case that went in`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.schema)
        let empty = [SQLValue.integer(99)] + Array(repeating: .null, count: 8)
        let rows = (0..<20).map(Self.row) + [empty]
        let count = try await scratch.database.write { tx in try tx.copy(into: "kept", columns: Self.columns, rows: rows) }
        #expect(count == 21)
        #expect(try await all(scratch.database) == rows)
    }

    @Test(arguments: Engine.all) func `statements write the same as copies`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.schema)
        try await scratch.database.write { tx in
            let values = SQL.joined(Self.row(1).map { SQL($0) }, separator: ", ")
            try tx.execute("INSERT INTO kept VALUES (\(values))")
        }
        #expect(try await all(scratch.database) == [Self.row(1)])
    }

    @Test(arguments: Engine.all) func `rows are taken one by one`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, "CREATE TABLE kept (number INTEGER PRIMARY KEY, text TEXT);")
        let text = String(repeating: "x", count: 1000)
        let count = try await scratch.database.write { tx in
            try tx.copy(
                into: "kept", columns: ["number", "text"], rows: (0..<5000).lazy.map { [.integer(Int64($0)), .text(text)] })
        }
        #expect(count == 5000)
        let found = try await scratch.database.read { tx in
            try tx.row("SELECT COUNT(*), SUM(number) FROM kept") {
                (try $0.value(0, as: Int.self), try $0.value(1, as: Int.self))
            }
        }
        #expect(try #require(found) == (5000, 12_497_500))
    }

    @Test(arguments: Engine.all) func `one wrong row takes all back`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.schema)
        let columns = ["number", "text"]
        await #expect(throws: SQLProblem.uniqueViolation(columns: ["kept.number"])) {
            try await scratch.database.write { tx in
                try tx.copy(
                    into: "kept", columns: columns, rows: [[.integer(1), .null], [.integer(2), .null], [.integer(1), .null]])
            }
        }
        await #expect(throws: SQLProblem.zeroInText) {
            try await scratch.database.write { tx in
                try tx.copy(into: "kept", columns: columns, rows: [[.integer(1), .null], [.integer(2), .text("\u{0}")]])
            }
        }
        await #expect(throws: (any Error).self) {
            try await scratch.database.write { tx in try tx.copy(into: "kept", columns: columns, rows: [[.integer(1)]]) }
        }
        #expect(try await all(scratch.database) == [])
        // The connection is none the worse.
        try await scratch.database.write { tx in try tx.copy(into: "kept", columns: columns, rows: [[.integer(1), .null]]) }
        #expect(try await all(scratch.database).count == 1)
    }

    @Test(arguments: Engine.all) func `no rows are no work`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.schema)
        let count = try await scratch.database.write { tx in
            try tx.copy(into: "kept", columns: ["number"], rows: [[SQLValue]]())
        }
        #expect(count == 0)
    }

    @Test(arguments: Engine.all) func `vectors come back as they were`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, "CREATE TABLE kept (vector VECTOR);")
        let vector = (0..<512).map { Float($0) / 511 - 0.5 }
        let found = try await scratch.database.write { tx in
            try tx.execute("INSERT INTO kept (vector) VALUES (\(vector)), (\([Float]?.none))")
            return try tx.rows("SELECT vector FROM kept ORDER BY vector IS NULL") { try $0.value(0, as: [Float]?.self) }
        }
        #expect(found == [vector, nil])
    }

    /// What one engine gave is what the other takes, also where it does not know the types any more.
    @Test(.needsPostgres) func `a table moves from one engine to the other`() async throws {
        let old = try await Scratch(.sqlite, Self.schema)
        let new = try await Scratch(.postgres, Self.schema)
        let rows = (0..<20).map(Self.row)
        try await old.database.write { tx in try tx.copy(into: "kept", columns: Self.columns, rows: rows) }
        let known = try await all(old.database)
        let unknown = try await old.database.read { tx in
            try tx.rows(
                "SELECT number + 100, substr(id, 1), at, bytes, real, text, json, flag + 0, substr(vector, 1) FROM kept ORDER BY number"
            ) {
                try $0.values
            }
        }
        try await new.database.write { tx in
            try tx.copy(into: "kept", columns: Self.columns, rows: known)
            try tx.copy(into: "kept", columns: Self.columns, rows: unknown)
        }
        let moved = try await all(new.database)
        #expect(Array(moved.prefix(20)) == rows)
        #expect(moved.suffix(20).map { $0.dropFirst() } == rows.map { $0.dropFirst() })
    }
}
