import BanksiaCore
import Foundation
import Testing

@testable import BanksiaSQL

@Suite("Statements on a server", .scratch) struct PostgresStatementTests {
    private static let prepared: SQL = "SELECT COUNT(*) FROM pg_prepared_statements WHERE name NOT LIKE 'control%'"

    @Test(.needsPostgres) func `one statement serves all mixtures of what is there and what is not`() async throws {
        let scratch = try await Scratch(
            .postgres, "CREATE TABLE kept (a INTEGER, b TEXT, c ID, d BYTES, e REAL8, f BOOL, g VECTOR);")
        let narrow = try await scratch.another(connections: 1)
        let values: [SQLValue] = [
            .integer(1), .text("x"), .uuid(UUID(high: 1, low: 2)), .bytes([1]), .real(0.5), .boolean(true), .vector([1]),
        ]
        let counts = try await narrow.write { tx in
            for mixture in 0..<128 {
                let row = values.enumerated().map { SQL(mixture >> $0.offset & 1 == 1 ? $0.element : .null) }
                try tx.execute("INSERT INTO kept VALUES (\(SQL.joined(row, separator: ", ")))")
            }
            return [
                try tx.value(Self.prepared, as: Int.self), try tx.value("SELECT COUNT(*) FROM kept", as: Int.self),
                try tx.value("SELECT COUNT(a) + COUNT(g) FROM kept", as: Int.self),
            ]
        }
        #expect(counts == [2, 128, 128])
    }

    @Test(.needsPostgres) func `prepared statements do not pile up`() async throws {
        let scratch = try await Scratch(.postgres, connections: 1)
        for first in [0, 300, 600] {
            let count = try await scratch.database.read { tx in
                for number in first..<first + 300 { _ = try tx.value(SQL(trusted: "SELECT \(number)"), as: Int.self) }
                return try tx.value(Self.prepared, as: Int.self) ?? 0
            }
            #expect(count <= PostgresStatements.limit + 1)
        }
    }

    @Test(.needsPostgres) func `a sum of whole numbers is a whole number`() async throws {
        let scratch = try await Scratch(.postgres, "CREATE TABLE kept (a INTEGER);")
        let found = try await scratch.database.write { tx in
            try tx.copy(into: "kept", columns: ["a"], rows: [[.integer(.max - 10)], [.integer(3)], [.integer(-20_003)]])
            return try tx.row("SELECT COALESCE(SUM(a), 0), AVG(a - a) + 0.125, SUM(a) FROM kept") {
                (try $0.value(0, as: Int64.self), try $0.value(1, as: Double.self), try $0.value(2, as: SQLCellValue.self).value)
            }
        }
        let (sum, real, value) = try #require(found)
        #expect(sum == .max - 20_010)
        #expect(real == 0.125)
        #expect(value == .integer(.max - 20_010))
    }

    private struct SQLCellValue: SQLDecodable {
        let value: SQLValue
        init(_ cell: SQLCell) throws { value = try cell.value }
    }

    /// As `numeric_send` writes them.
    @Test(
        arguments: [
            ([], 0, 0, 0, 0), ([1], 0, 0, 1, 1), ([1], 1, 0, 10_000, 10_000), ([1, 2], 1, 0x4000, -10_002, -10_002),
            ([5000], -1, 0, nil, 0.5), ([1, 5000], 0, 0x4000, nil, -1.5),
            ([922, 3372, 368, 5477, 5807], 4, 0, .max, 9.223372036854775807e18),
            ([922, 3372, 368, 5477, 5808], 4, 0, nil, 9.223372036854775808e18),
            ([922, 3372, 368, 5477, 5808], 4, 0x4000, .min, -9.223372036854775808e18), ([1], 100, 0, nil, .infinity),
            ([1234], -3, 0, nil, 0.000_000_001_234),
        ] as [([Int], Int, Int, Int64?, Double)])
    func `decimals are read`(digits: [Int], weight: Int, sign: Int, integer: Int64?, real: Double) throws {
        var bytes: [UInt8] = []
        for word in [digits.count, weight, sign, 0] + digits {
            PostgresBinary.append(UInt16(truncatingIfNeeded: word), to: &bytes)
        }
        let decimal = try #require(bytes.withUnsafeBytes { PostgresDecimal($0) })
        #expect(decimal.integer == integer)
        #expect(decimal.real == real)
        #expect(bytes.dropLast().withUnsafeBytes { PostgresDecimal($0) } == nil)
    }

    @Test func `text is numbered for a server`() {
        let sql: SQL = "SELECT '?' || \(1) \(SQL.claimLock) AND \(SQL.list(["a", "b"]))"
        #expect(SQLStatement(sql, marks: .numbered).text == "SELECT '?' || $1 FOR UPDATE SKIP LOCKED AND ($2, $3)")
        #expect(SQLStatement(sql, marks: .question).text == "SELECT '?' || ?  AND (?, ?)")
        #expect(sql.values == [.integer(1), .text("a"), .text("b")])
        #expect(("a" + SQL(trusted: "b") as SQL) == "ab")
    }

    @Test func `type words are spelled for a server, and only they`() {
        let text =
            #"CREATE TABLE a (id ID, b BYTES, t TEXT, "TEXT" JSON DEFAULT 'TEXT', n INTEGER, c TEXT AS (CAST(b AS TEXT))); -- ID"#
        let expected =
            #"CREATE TABLE a (id uuid, b bytea, t text COLLATE "C", "TEXT" text COLLATE "C" DEFAULT 'TEXT', n bigint, c text COLLATE "C" AS (CAST(b AS text))); -- ID"#
        #expect(Dialect.spelledForPostgres(text) == expected)
    }
}
