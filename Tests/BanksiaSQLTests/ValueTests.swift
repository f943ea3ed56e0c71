import BanksiaCore
import BanksiaSQL
import Foundation
import Testing

private enum Thing: IdentifierSubject { static let idPrefix = "thing_" }
private enum Colour: String, SQLBindable, SQLDecodable { case red, green }
private struct Weight: RawRepresentable, Hashable, SQLBindable, SQLDecodable { let rawValue: Int }

@Suite("Values in and out of the database") struct ValueTests {
    private func echo<Value: SQLBindable & SQLDecodable & Sendable>(_ value: Value, as word: String) async throws -> Value? {
        let scratch = try await Scratch("CREATE TABLE kept (value \(word));")
        return try await scratch.database.write { [bind = value.sqlValue] tx in
            try tx.execute("INSERT INTO kept (value) VALUES (\(bind))")
            return try tx.value("SELECT value FROM kept")
        }
    }

    @Test(arguments: [0, 1, -1, Int.max, Int.min]) func `whole numbers come back as they were`(value: Int) async throws {
        #expect(try await echo(value, as: "INTEGER") == value)
        #expect(try await echo(Int64(value), as: "INTEGER") == Int64(value))
    }

    @Test(arguments: [0, -0.5, 1e300, .leastNonzeroMagnitude, 3]) func `reals come back as they were`(value: Double) async throws
    {
        #expect(try await echo(value, as: "REAL8") == value)
    }

    @Test(arguments: ["", "plain", "it's", "Ünïcødé 👩‍👩‍👧", String(repeating: "x", count: 100_000)])
    func `text comes back as it was`(value: String) async throws {
        #expect(try await echo(value, as: "TEXT") == value)
    }

    @Test func `text that would be cut short is refused`() async throws {
        await #expect(throws: SQLProblem.zeroInText) { try await echo("a\u{0}b", as: "TEXT") }
    }

    @Test(arguments: [[], [0], Array(0...255)] as [[UInt8]]) func `bytes come back as they were`(value: [UInt8]) async throws {
        #expect(try await echo(value, as: "BYTES") == value)
    }

    @Test func `the words of the house come back as they were`() async throws {
        let uuid = try #require(UUID(uuidString: "550e8400-e29b-41d4-a716-446655440000"))
        #expect(try await echo(uuid, as: "ID") == uuid)
        #expect(try await echo(Identifier<Thing>(uuid: uuid), as: "ID") == Identifier(uuid: uuid))
        #expect(try await echo(Instant(microseconds: -1), as: "INSTANT") == Instant(microseconds: -1))
        #expect(try await echo(true, as: "BOOL") == true)
        #expect(try await echo(false, as: "BOOL") == false)
        #expect(try await echo(Colour.green, as: "TEXT") == .green)
        #expect(try await echo(Weight(rawValue: 7), as: "INTEGER") == Weight(rawValue: 7))
    }

    @Test func `nothing comes back as nothing`() async throws {
        #expect(try await echo(String?.none, as: "TEXT") == .some(nil))
        #expect(try await echo(Int?.some(3), as: "INTEGER") == .some(3))
        #expect(try await echo(Identifier<Thing>?.none, as: "ID") == .some(nil))
    }

    @Test func `ids order as they were made`() async throws {
        let scratch = try await Scratch("CREATE TABLE thing (id ID NOT NULL PRIMARY KEY);")
        let ids: [Identifier<Thing>] = [3, 1, 2].map { Identifier(uuid: UUID(high: $0, low: 0)) }
        let read = try await scratch.database.write { tx in
            for id in ids { try tx.execute("INSERT INTO thing (id) VALUES (\(id))") }
            return try tx.rows("SELECT id FROM thing ORDER BY id") { try $0.value(0, as: Identifier<Thing>.self) }
        }
        #expect(read == ids.sorted())
    }

    @Test(arguments: ["NULL", "'text'", "1.5", "x'00'"]) func `a column of another type is an error, not a zero`(literal: String)
        async throws
    {
        let scratch = try await Scratch()
        await #expect(throws: SQLMistake.self) {
            try await scratch.database.read { tx in try tx.value("SELECT \(SQL(trusted: literal))", as: Int.self) }
        }
    }

    @Test func `a column that does not exist is an error`() async throws {
        let scratch = try await Scratch()
        await #expect(throws: SQLMistake.self) {
            try await scratch.database.read { tx in try tx.row("SELECT 1") { try $0.value(1, as: Int.self) } }
        }
    }

    @Test func `a raw value that the program does not know is an error`() async throws {
        let scratch = try await Scratch()
        await #expect(throws: SQLMistake.self) {
            try await scratch.database.read { tx in try tx.value("SELECT 'blue'", as: Colour.self) }
        }
    }
}
