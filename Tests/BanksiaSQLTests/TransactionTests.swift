import Synchronization
import Testing

@testable import BanksiaSQL

@Suite("Transactions") struct TransactionTests {
    private struct Refused: Error {}
    private static let schema = """
        CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE CHECK (name <> ''));
        CREATE TABLE house (owner_id INTEGER NOT NULL REFERENCES owner ON DELETE RESTRICT);
        CREATE TRIGGER no_zed BEFORE INSERT ON owner WHEN NEW.name = 'zed' BEGIN SELECT RAISE(ABORT, 'no zed'); END;
        CREATE TABLE album (owner_id INTEGER NOT NULL REFERENCES owner, name TEXT NOT NULL, UNIQUE (owner_id, name));
        """

    private func names(_ database: Database) async throws -> [String] {
        try await database.read { tx in try tx.rows("SELECT name FROM owner ORDER BY id") { try $0.value(0) } }
    }

    @Test func `what is written can be read`() async throws {
        let scratch = try await Scratch(Self.schema)
        let changed = try await scratch.database.write { tx in
            [
                try tx.execute("INSERT INTO owner (name) VALUES ('ana'), ('ben')"),
                try tx.execute("UPDATE owner SET name = name || '!' WHERE name = \("ana")"),
                try tx.execute("DELETE FROM owner WHERE name = \("nobody")"),
                try tx.value("INSERT INTO owner (name) VALUES ('cem') RETURNING id", as: Int.self),
            ]
        }
        #expect(changed == [2, 1, 0, 3])
        #expect(try await names(scratch.database) == ["ana!", "ben", "cem"])
    }

    @Test func `an error takes everything back`() async throws {
        let scratch = try await Scratch(Self.schema)
        let after = Flag()
        await #expect(throws: Refused.self) {
            try await scratch.database.write { tx in
                try tx.execute("INSERT INTO owner (name) VALUES ('ana')")
                tx.afterCommit { after.raise() }
                throw Refused()
            }
        }
        #expect(try await names(scratch.database) == [])
        #expect(!after.isRaised)
    }

    @Test func `work for after the commit runs in order and sees it done`() async throws {
        let scratch = try await Scratch(Self.schema)
        let notes = Notes()
        try await scratch.database.write { tx in
            tx.afterCommit { notes.append(1) }
            try tx.execute("INSERT INTO owner (name) VALUES ('ana')")
            tx.afterCommit { notes.append(2) }
            #expect(notes.values == [])
        }
        #expect(notes.values == [1, 2])
    }

    @Test func `a row that is there already is named by its columns`() async throws {
        let scratch = try await Scratch(Self.schema)
        let add: @Sendable (borrowing Transaction) throws -> Void = { tx in
            try tx.execute("INSERT INTO owner (id, name) VALUES (1, 'ana') ON CONFLICT (id) DO NOTHING")
            try tx.execute("INSERT INTO album (owner_id, name) VALUES (1, 'Coast')")
        }
        try await scratch.database.write(add)
        await #expect(throws: SQLProblem.uniqueViolation(columns: ["album.owner_id", "album.name"])) {
            try await scratch.database.write(add)
        }
    }

    @Test(arguments: [
        ("INSERT INTO album (owner_id, name) VALUES (9, 'x')", SQLProblem.foreignKeyViolation),
        ("INSERT INTO owner VALUES (1, 'ana'); INSERT INTO house VALUES (1); DELETE FROM owner", .foreignKeyViolation),
        ("INSERT INTO owner (name) VALUES ('zed')", .checkViolation("no zed")),
        ("INSERT INTO owner (name) VALUES ('')", .checkViolation("name <> ''")),
        ("INSERT INTO owner (name) VALUES (NULL)", .notNullViolation(column: "owner.name")),
    ])
    func `constraints are told apart`(statement: String, problem: SQLProblem) async throws {
        let scratch = try await Scratch(Self.schema)
        await #expect(throws: problem) {
            try await scratch.database.write { tx in
                for part in statement.split(separator: "; ") { try tx.execute(SQL(trusted: String(part))) }
            }
        }
    }

    @Test func `a read cannot write`() async throws {
        let scratch = try await Scratch(Self.schema)
        await #expect(throws: SQLProblem.readOnly) {
            try await scratch.database.read { tx in try tx.execute("DELETE FROM owner") }
        }
    }

    @Test func `the same statement may run inside its own rows`() async throws {
        let scratch = try await Scratch(Self.schema)
        let pairs = try await scratch.database.write { tx in
            try tx.execute("INSERT INTO owner (name) VALUES ('ana'), ('ben')")
            let all: SQL = "SELECT name FROM owner ORDER BY id"
            return try tx.rows(all) { outer in
                let name: String = try outer.value(0)
                return try tx.rows(all) { name + "+" + (try $0.value(0, as: String.self)) }
            }
        }
        #expect(pairs == [["ana+ana", "ana+ben"], ["ben+ana", "ben+ben"]])
    }

    @Test func `the first row is enough`() async throws {
        let scratch = try await Scratch(Self.schema)
        try await scratch.database.write { tx in
            try tx.execute("INSERT INTO owner (name) VALUES ('ana'), ('ben')")
            #expect(try tx.value("SELECT name FROM owner ORDER BY id", as: String.self) == "ana")
            #expect(try tx.value("SELECT name FROM owner WHERE id = 9", as: String.self) == nil)
            try tx.execute("DELETE FROM owner")
        }
        #expect(try await names(scratch.database) == [])
    }

    @Test func `statements are counted`() async throws {
        let scratch = try await Scratch(Self.schema)
        let before = scratch.database.statementCount
        try await scratch.database.read { tx in
            for _ in 1...3 { _ = try tx.value("SELECT 1", as: Int.self) }
        }
        #expect(scratch.database.statementCount - before == 3)
    }

    @Test func `prepared statements do not pile up`() async throws {
        let scratch = try await Scratch(Self.schema)
        var largest = 0
        for number in 0..<400 {
            let sizes = try await scratch.database.write { tx in
                let columns = SQL.joined((0..<60).map { SQL(trusted: "name AS n\($0)_\(number)") }, separator: ", ")
                _ = try tx.row("SELECT \(columns) FROM owner") { try $0.value(0, as: String.self) }
                return tx.statementBytes
            }
            largest = max(largest, sizes)
        }
        #expect(largest > StatementMemory.limitBytes / 2)
        #expect(largest < 2 * StatementMemory.limitBytes)
    }

    @Test func `a cancelled task writes nothing`() async throws {
        let scratch = try await Scratch(Self.schema)
        let writing = Task {
            try await scratch.database.write { tx in
                try tx.execute("INSERT INTO owner (name) VALUES ('ana')")
                withUnsafeCurrentTask { $0?.cancel() }
                try tx.execute("INSERT INTO owner (name) VALUES ('ben')")
            }
        }
        await #expect(throws: CancellationError.self) { try await writing.value }
        #expect(try await names(scratch.database) == [])
    }
}

/// A flag that is raised once.
final class Flag: Sendable {
    private let raised = Atomic(false)
    func raise() { raised.store(true, ordering: .sequentiallyConsistent) }
    var isRaised: Bool { raised.load(ordering: .sequentiallyConsistent) }
}

/// Numbers in the order in which they came.
final class Notes: Sendable {
    private let noted = Mutex<[Int]>([])
    func append(_ value: Int) { noted.withLock { $0.append(value) } }
    var values: [Int] { noted.withLock { $0 } }
}
