import BanksiaCore
import BanksiaSQL
import Foundation
import Testing

private enum Thing: IdentifierSubject { static let idPrefix = "thing_" }
private enum Colour: String, SQLBindable, SQLDecodable { case red, green }
private struct Weight: RawRepresentable, Hashable, SQLBindable, SQLDecodable { let rawValue: Int }

@Suite("Values in and out of the database", .scratch) struct ValueTests {
    private func echo<Value: SQLBindable & SQLDecodable & Sendable>(_ value: Value, as word: String, _ engine: Engine)
        async throws -> Value?
    {
        let scratch = try await Scratch(engine, "CREATE TABLE kept (value \(word));")
        return try await scratch.database.write { [bind = value.sqlValue] tx in
            try tx.execute("INSERT INTO kept (value) VALUES (\(bind))")
            return try tx.value("SELECT value FROM kept")
        }
    }

    @Test(arguments: Engine.all, [0, 1, -1, Int.max, Int.min]) func `whole numbers come back as they were`(
        engine: Engine, value: Int
    ) async throws {
        #expect(try await echo(value, as: "INTEGER", engine) == value)
        #expect(try await echo(Int64(value), as: "INTEGER", engine) == Int64(value))
    }

    @Test(arguments: Engine.all, [0, -0.5, 1e300, .leastNonzeroMagnitude, 3]) func `reals come back as they were`(
        engine: Engine, value: Double
    ) async throws {
        #expect(try await echo(value, as: "REAL8", engine) == value)
    }

    @Test(arguments: Engine.all, ["", "plain", "it's", "Ünïcødé 👩‍👩‍👧", String(repeating: "x", count: 100_000)])
    func `text comes back as it was`(engine: Engine, value: String) async throws {
        #expect(try await echo(value, as: "TEXT", engine) == value)
    }

    @Test(arguments: Engine.all) func `text that would be cut short is refused`(engine: Engine) async throws {
        await #expect(throws: SQLProblem.zeroInText) { try await echo("a\u{0}b", as: "TEXT", engine) }
    }

    @Test(arguments: Engine.all, [[], [0], Array(0...255)] as [[UInt8]]) func `bytes come back as they were`(
        engine: Engine, value: [UInt8]
    ) async throws {
        #expect(try await echo(value, as: "BYTES", engine) == value)
    }

    @Test(arguments: Engine.all) func `the words of the house come back as they were`(engine: Engine) async throws {
        let uuid = try #require(UUID(uuidString: "550e8400-e29b-41d4-a716-446655440000"))
        #expect(try await echo(uuid, as: "ID", engine) == uuid)
        #expect(try await echo(Identifier<Thing>(uuid: uuid), as: "ID", engine) == Identifier(uuid: uuid))
        #expect(try await echo(Instant(microseconds: -1), as: "INSTANT", engine) == Instant(microseconds: -1))
        #expect(try await echo(true, as: "BOOL", engine) == true)
        #expect(try await echo(false, as: "BOOL", engine) == false)
        #expect(try await echo(Colour.green, as: "TEXT", engine) == .green)
        #expect(try await echo(Weight(rawValue: 7), as: "INTEGER", engine) == Weight(rawValue: 7))
    }

    @Test(arguments: Engine.all) func `nothing comes back as nothing`(engine: Engine) async throws {
        #expect(try await echo(String?.none, as: "TEXT", engine) == .some(nil))
        #expect(try await echo(Int?.some(3), as: "INTEGER", engine) == .some(3))
        #expect(try await echo(Identifier<Thing>?.none, as: "ID", engine) == .some(nil))
    }

    @Test(arguments: Engine.all) func `ids order as they were made`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, "CREATE TABLE thing (id ID NOT NULL PRIMARY KEY);")
        let ids: [Identifier<Thing>] = [3, 1, 2].map { Identifier(uuid: UUID(high: $0, low: 0)) }
        let read = try await scratch.database.write { tx in
            for id in ids { try tx.execute("INSERT INTO thing (id) VALUES (\(id))") }
            return try tx.rows("SELECT id FROM thing ORDER BY id") { try $0.value(0, as: Identifier<Thing>.self) }
        }
        #expect(read == ids.sorted())
    }

    @Test(arguments: Engine.all, ["NULL", "'text'", "1.5", "x'00'"]) func `a column of another type is an error, not a zero`(
        engine: Engine, literal: String
    )
        async throws
    {
        let scratch = try await Scratch(engine)
        await #expect(throws: SQLMistake.self) {
            try await scratch.database.read { tx in try tx.value("SELECT \(SQL(trusted: literal))", as: Int.self) }
        }
    }

    @Test(arguments: Engine.all) func `a column that does not exist is an error`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        await #expect(throws: SQLMistake.self) {
            try await scratch.database.read { tx in try tx.row("SELECT 1") { try $0.value(1, as: Int.self) } }
        }
    }

    @Test(arguments: Engine.all) func `a raw value that the program does not know is an error`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        await #expect(throws: SQLMistake.self) {
            try await scratch.database.read { tx in try tx.value("SELECT 'blue'", as: Colour.self) }
        }
    }
}
