import BanksiaSQL
import Testing

@Suite("SQL text", .scratch) struct SQLTests {
    @Test(arguments: Engine.all) func `an interpolated value is bound and never text`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let evil = "'; DROP TABLE x; --"
        #expect(try await scratch.database.read { tx in try tx.value("SELECT \(evil)", as: String.self) } == evil)
    }

    @Test(arguments: Engine.all) func `spliced pieces bring their values to the right places`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let inner: SQL = "\("2") || \("b")"
        let outer: SQL = "SELECT \("1") || \(inner) || \("3")"
        #expect(try await scratch.database.read { tx in try tx.value(outer, as: String.self) } == "12b3")
    }

    @Test(arguments: Engine.all) func `pieces are joined with their values`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let sum = SQL.joined((1...4).map { "\($0)" }, separator: " + ")
        #expect(try await scratch.database.read { tx in try tx.value("SELECT " + sum, as: Int.self) } == 10)
        #expect(SQL.joined([], separator: ", ").isEmpty)
    }

    @Test(arguments: Engine.all, 0...9) func `a list holds exactly its values`(engine: Engine, count: Int) async throws {
        let scratch = try await Scratch(engine)
        let found = try await scratch.database.read { tx in
            try tx.rows(
                """
                WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 20)
                SELECT n FROM number WHERE n IN \(SQL.list(Array(0..<count))) ORDER BY n
                """
            ) { try $0.value(0, as: Int.self) }
        }
        #expect(found == Array(0..<count))
    }

    @Test func `lists of similar lengths share one statement`() {
        #expect(Set((1...128).map { SQL.list(Array(0..<$0)).text }).count == 8)
        #expect(SQL.list(Array(0..<5)).text == "(?, ?, ?, ?, ?, ?, ?, ?)")
        #expect(SQL.list([1]).text == "(?)")
    }

    @Test(arguments: Engine.all) func `the longest list of the contract is taken`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let count = try await scratch.database.read { tx in
            try tx.value("SELECT 4999 IN \(SQL.list(Array(0..<5000)))", as: Int.self)
        }
        #expect(count == 1)
    }

    @Test(arguments: Engine.all) func `case folding knows all alphabets`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let same = try await scratch.database.read { tx in
            try tx.value("SELECT \(SQL.caseFolded("\("ÄÖÜ Ñ Жук")")) = \(SQL.caseFolded("\("äöü ñ жУК")"))", as: Bool.self)
        }
        #expect(same == true)
        #expect(
            try await scratch.database.read { tx in try tx.value("SELECT \(SQL.caseFolded("NULL"))", as: String?.self) }
                == .some(nil))
    }

    @Test(arguments: Engine.all) func `differing bits are counted`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let numbers: [(Int64, Int64)] = [(0, 0), (0, -1), (5, 6), (.min, 1), (.max, .min), (-7, 7)]
        for (one, other) in numbers {
            let count = try await scratch.database.read { tx in
                try tx.value("SELECT \(SQL.differingBits("\(one)", "\(other)"))", as: Int.self)
            }
            #expect(count == (one ^ other).nonzeroBitCount, "\(one) \(other)")
        }
    }

    @Test(arguments: Engine.all, ["SELEC 1", "SELECT 1; SELECT 2", "SELECT * FROM nowhere", ""]) func `wrong SQL is a mistake`(
        engine: Engine, text: String
    )
        async throws
    {
        let scratch = try await Scratch(engine)
        await #expect(throws: SQLMistake.self) {
            try await scratch.database.read { tx in try tx.value(SQL(trusted: text), as: Int.self) }
        }
    }
}
