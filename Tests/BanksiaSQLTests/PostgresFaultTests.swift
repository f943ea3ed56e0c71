import BanksiaSQL
import BanksiaTestKit
import Dispatch
import Synchronization
import Testing

/// What a server may do to those who use it, on a real one.
@Suite("Faults of a server", .scratch, .needsPostgres) struct PostgresFaultTests {
    private static let schema = "CREATE TABLE note (text TEXT NOT NULL UNIQUE);"

    private func count(_ database: Database) async throws -> Int? {
        try await database.read { tx in try tx.value("SELECT COUNT(*) FROM note", as: Int.self) }
    }

    // MARK: Connections that end

    @Test func `connections that ended while nobody used them are made anew`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        try await IsolationTests.eight { number in
            _ = try await scratch.database.write { tx in try tx.execute("INSERT INTO note VALUES (\("\(number)"))") }
        }
        try await terminate(all: scratch)
        #expect(try await count(scratch.database) == 8)
        try await terminate(all: scratch)
        try await scratch.database.write { tx in try tx.execute("INSERT INTO note VALUES ('after')") }
        #expect(try await count(scratch.database) == 9)
    }

    @Test func `a read is read again on another connection`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        let runs = Atomic(0)
        let found = try await scratch.database.read { tx in
            if runs.add(1, ordering: .relaxed).newValue == 1 { try tx.endOwnConnection() }
            return try tx.value("SELECT 'here'", as: String.self)
        }
        #expect(found == "here")
        #expect(runs.load(ordering: .relaxed) == 2)
    }

    @Test func `a write is written again when it had not got to its commit`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        let runs = Atomic(0)
        let after = Atomic(0)
        try await scratch.database.write { tx in
            try tx.execute("INSERT INTO note VALUES ('once')")
            tx.afterCommit { after.add(1, ordering: .relaxed) }
            if runs.add(1, ordering: .relaxed).newValue == 1 { try tx.endOwnConnection() }
            try tx.execute("INSERT INTO note VALUES ('twice')")
        }
        #expect(try await count(scratch.database) == 2)
        #expect(runs.load(ordering: .relaxed) == 2)
        #expect(after.load(ordering: .relaxed) == 1)
    }

    @Test func `a server that always hangs up is unavailable, and not for ever tried`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        let runs = Atomic(0)
        await #expect { () async throws -> Void in
            try await scratch.database.write { tx in
                runs.add(1, ordering: .relaxed)
                try tx.endOwnConnection()
                try tx.execute("INSERT INTO note VALUES ('never')")
            }
        } throws: { $0.isUnavailable }
        #expect(runs.load(ordering: .relaxed) == 2)
        #expect(try await count(scratch.database) == 0)
    }

    /// The trigger runs inside the commit, so the answer to it is never heard.
    @Test func `what broke during its commit is not written a second time`() async throws {
        let scratch = try await Scratch(
            .postgres,
            Migration(
                id: "1", Self.schema,
                postgres: """
                    CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION hang_up();
                    """))
        let runs = Atomic(0)
        await #expect { () async throws -> Void in
            try await scratch.database.write { tx in
                runs.add(1, ordering: .relaxed)
                try tx.execute("INSERT INTO note VALUES ('perhaps')")
            }
        } throws: { $0.isUnavailable }
        #expect(runs.load(ordering: .relaxed) == 1)
        #expect(try await count(scratch.database) == 0)
    }

    // MARK: Time

    @Test func `a lock that takes too long is given up`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        let hurried = try await scratch.another(limit: .seconds(1))
        try await scratch.database.write { tx in try tx.execute("INSERT INTO note VALUES ('mine')") }
        let held = Gate()
        async let holding: Void = scratch.database.write { tx in
            try tx.lock(Array("thing".utf8))
            try tx.execute("UPDATE note SET text = 'still mine'")
            held.open()
            held.waitUntilClosed()
        }
        await held.opened()
        await #expect(throws: SQLProblem.busy) { try await hurried.write { tx in try tx.lock(Array("thing".utf8)) } }
        await #expect(throws: SQLProblem.busy) {
            try await hurried.write { tx in try tx.execute("UPDATE note SET text = 'yours'") }
        }
        held.close()
        try await holding
    }

    @Test func `a statement stops when its task is cancelled`() async throws {
        let scratch = try await Scratch(.postgres)
        let task = Task { try await scratch.database.read { tx in try tx.sleep() } }
        while try await sleepers(scratch) == 0 { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await sleepers(scratch) == 0)
        #expect(try await scratch.database.read { tx in try tx.value("SELECT 1", as: Int.self) } == 1)
    }

    @Test func `who waits for a connection waits in line, and not for ever`() async throws {
        let scratch = try await Scratch(.postgres)
        let narrow = try await scratch.another(limit: .seconds(1), connections: 1)
        let held = Gate()
        async let holding: Void = narrow.write { _ in
            held.open()
            held.waitUntilClosed()
        }
        await held.opened()
        let cancelled = Task { try await narrow.read { tx in try tx.value("SELECT 1", as: Int.self) } }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        await #expect(throws: SQLProblem.busy) { try await narrow.read { tx in try tx.value("SELECT 1", as: Int.self) } }
        async let served = narrow.read { tx in try tx.value("SELECT 1", as: Int.self) }
        held.close()
        #expect(try await served == 1)
        try await holding
    }

    // MARK: Refusals

    @Test(arguments: [
        ("40001", SQLProblem.busy), ("40P01", .busy), ("55P03", .busy), ("53100", .diskFull), ("25006", .readOnly),
        ("23503", .foreignKeyViolation), ("42501", .forbidden("42501")),
    ])
    func `codes of the server are told apart`(code: String, problem: SQLProblem) async throws {
        let scratch = try await Scratch(.postgres)
        let runs = Atomic(0)
        await #expect(throws: problem) {
            try await scratch.database.write { tx in
                runs.add(1, ordering: .relaxed)
                try tx.raise(code)
            }
        }
        // Those that may go away when tried again were tried for a while.
        #expect(runs.load(ordering: .relaxed) == (code.hasPrefix("40") ? 20 : 1))
    }

    @Test(arguments: ["57P01", "57P03", "53300", "08006", "58030", "28P01"])
    func `codes of trouble are unavailable`(code: String) async throws {
        let scratch = try await Scratch(.postgres)
        await #expect { () async throws -> Void in try await scratch.database.write { tx in try tx.raise(code) } } throws: {
            $0.isUnavailable
        }
    }

    @Test func `an error that the caller overlooked is not committed`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        await #expect(throws: SQLProblem.notNullViolation(column: "note.text")) {
            try await scratch.database.write { tx in
                try tx.execute("INSERT INTO note VALUES ('lost')")
                // What this test is about.
                _ = try? tx.execute("INSERT INTO note VALUES (NULL)")
            }
        }
        #expect(try await count(scratch.database) == 0)
    }

    @Test func `a database that may only be read says so`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        let name = try #require(
            try await scratch.database.read { tx in try tx.value("SELECT current_database()", as: String.self) })
        try await PostgresScratch.administer("ALTER DATABASE \(name) SET default_transaction_read_only = on")
        let other = try await scratch.another()
        await #expect(throws: SQLProblem.readOnly) {
            try await other.write { tx in try tx.execute("INSERT INTO note VALUES ('no')") }
        }
        #expect(try await count(other) == 0)
    }

    @Test func `a statement whose table changed is prepared again`() async throws {
        let scratch = try await Scratch(.postgres, Self.schema)
        let narrow = try await scratch.another(connections: 1)
        let all: @Sendable (borrowing Transaction) throws -> [[SQLValue]] = { tx in
            try tx.rows("SELECT * FROM note") { try $0.values }
        }
        try await narrow.write { tx in try tx.execute("INSERT INTO note VALUES ('a')") }
        #expect(try await narrow.read(all) == [[.text("a")]])
        try await scratch.database.executeOutsideTransaction("ALTER TABLE note ADD COLUMN number bigint DEFAULT 7")
        #expect(try await narrow.read(all) == [[.text("a"), .integer(7)]])
    }

    private func sleepers(_ scratch: Scratch) async throws -> Int {
        try await scratch.database.read { tx in
            try tx.value(
                """
                SELECT COUNT(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()
                """) ?? 0
        }
    }

    /// Ends all connections to a database.
    private func terminate(all scratch: Scratch) async throws {
        let other = try await scratch.another(connections: 1)
        try await other.write { tx in
            _ = try tx.rows(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            ) { _ in }
        }
    }
}

extension Transaction {
    fileprivate borrowing func sleep() throws { _ = try row("SELECT pg_sleep(30)") { _ in } }

    /// Has the server end the connection that this runs on, as `pg_terminate_backend` by someone else would.
    fileprivate borrowing func endOwnConnection() throws {
        _ = try row("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)") { _ in }
    }

    fileprivate borrowing func raise(_ code: String) throws {
        try execute(SQL(trusted: "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '\(code)'; END $$"))
    }
}

extension Error {
    var isUnavailable: Bool { if case .unavailable = self as? SQLProblem { true } else { false } }
}

/// Opened once and closed once: lets a test and the closure of a transaction wait for each other.
final class Gate: Sendable {
    private let opening = DispatchSemaphore(value: 0)
    private let closing = DispatchSemaphore(value: 0)

    func open() { opening.signal() }
    func close() { closing.signal() }
    /// Blocks; for closures of transactions, which run on threads of the engine.
    func waitUntilClosed() { closing.wait() }

    func opened() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                opening.wait()
                continuation.resume()
            }
        }
    }
}
