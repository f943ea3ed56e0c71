import BanksiaSQL
import Foundation
import Synchronization
import Testing

@Suite("Writes that meet each other", .scratch) struct IsolationTests {
    private static let counter = "CREATE TABLE counter (value INTEGER NOT NULL); INSERT INTO counter VALUES (0);"

    private static let value: SQL = "SELECT value FROM counter"

    @Test(arguments: Engine.all) func `eight tasks lose nothing`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.counter)
        try await Self.eight { _ in
            for _ in 0..<10 {
                try await scratch.database.write { tx in
                    let value = try tx.value(Self.value, as: Int.self) ?? 0
                    try tx.execute("UPDATE counter SET value = \(value + 1)")
                }
            }
        }
        #expect(try await scratch.database.read { tx in try tx.value(Self.value, as: Int.self) } == 80)
    }

    @Test(arguments: Engine.all) func `statements that guard themselves need no isolation`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.counter)
        let runs = Atomic(0)
        try await Self.eight { _ in
            for _ in 0..<10 {
                try await scratch.database.write(.committed) { tx in
                    runs.add(1, ordering: .relaxed)
                    try tx.execute("UPDATE counter SET value = value + 1")
                }
            }
        }
        #expect(runs.load(ordering: .relaxed) == 80)
        #expect(try await scratch.database.read { tx in try tx.value(Self.value, as: Int.self) } == 80)
    }

    /// Each looks whether the other is on duty and goes home if so: one after the other, one stays.
    @Test(arguments: Engine.all) func `two that read what the other writes do not both succeed`(engine: Engine) async throws {
        let scratch = try await Scratch(
            engine, "CREATE TABLE duty (name TEXT PRIMARY KEY); INSERT INTO duty VALUES ('ana'), ('ben');")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in ["ana", "ben"] {
                group.addTask {
                    try await scratch.database.write { tx in
                        guard try tx.value("SELECT COUNT(*) FROM duty", as: Int.self) == 2 else { return }
                        try tx.execute("DELETE FROM duty WHERE name = \(name)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await scratch.database.read { tx in try tx.value("SELECT COUNT(*) FROM duty", as: Int.self) } == 1)
    }

    @Test(arguments: Engine.all) func `who holds a name is alone with it and sees what was done before`(engine: Engine)
        async throws
    {
        let scratch = try await Scratch(engine, Self.counter, connections: 8)
        let name = UUID()
        let runs = Atomic(0)
        try await Self.eight { _ in
            try await scratch.database.write { tx in
                runs.add(1, ordering: .relaxed)
                try tx.lock(name)
                let value = try tx.value(Self.value, as: Int.self) ?? 0
                try tx.execute("UPDATE counter SET value = \(value + 1)")
            }
        }
        // Nobody had to begin again: each began to look when it was its turn.
        #expect(runs.load(ordering: .relaxed) == 8)
        #expect(try await scratch.database.read { tx in try tx.value(Self.value, as: Int.self) } == 8)
    }

    @Test(arguments: Engine.all) func `a name may be taken later and is free after an error`(engine: Engine) async throws {
        struct Refused: Error {}
        let scratch = try await Scratch(engine, Self.counter)
        for _ in 0..<3 {
            await #expect(throws: Refused.self) {
                try await scratch.database.write { tx in
                    try tx.lock(Array("first".utf8))
                    try tx.execute("UPDATE counter SET value = 5")
                    try tx.lock(Array("second".utf8))
                    throw Refused()
                }
            }
        }
        let other = try await scratch.another()
        try await other.write { tx in
            try tx.lock(Array("second".utf8))
            try tx.lock(Array("first".utf8))
        }
    }

    static func eight(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 { group.addTask { try await body(number) } }
            try await group.waitForAll()
        }
    }
}
