import BanksiaSQL
import Dispatch
import Foundation
import Testing

@Suite("Several users of one database", .scratch) struct SharingTests {
    private static let counter = "CREATE TABLE counter (value INTEGER NOT NULL); INSERT INTO counter VALUES (0);"

    @Test(arguments: Engine.all) func `two processes lose nothing`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.counter)
        let other = try await scratch.another()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for database in [scratch.database, other] {
                for _ in 0..<100 {
                    group.addTask {
                        try await database.write { tx in
                            let value: Int = try tx.value("SELECT value FROM counter") ?? 0
                            try tx.execute("UPDATE counter SET value = \(value + 1)")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await other.read { tx in try tx.value("SELECT value FROM counter", as: Int.self) } == 200)
        try other.close()
    }

    @Test(arguments: Engine.all) func `readers see the last commit while a write is under way`(engine: Engine) async throws {
        let scratch = try await Scratch(engine, Self.counter)
        let database = scratch.database
        let wrote = DispatchSemaphore(value: 0)
        let mayCommit = DispatchSemaphore(value: 0)
        async let writing: Void = database.write { tx in
            try tx.execute("UPDATE counter SET value = 7")
            wrote.signal()
            mayCommit.wait()
        }
        // The writer waits on a thread of the engine; this one waits on a thread of Dispatch.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                wrote.wait()
                continuation.resume()
            }
        }
        let during = try await database.read { tx in try tx.value("SELECT value FROM counter", as: Int.self) }
        mayCommit.signal()
        try await writing
        let after = try await database.read { tx in try tx.value("SELECT value FROM counter", as: Int.self) }
        #expect(during == 0)
        #expect(after == 7)
    }

    @Test func `many may open a new file at once`() async throws {
        let scratch = try await Scratch(.sqlite)
        let path = scratch.path + ".new"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let database = try Database.open(sqlite: path)
                    try await database.migrate([Migration(id: "1", Self.counter)])
                    try await database.write { tx in try tx.execute("UPDATE counter SET value = value + 1") }
                    try database.close()
                }
            }
            try await group.waitForAll()
        }
        let database = try Database.open(sqlite: path)
        #expect(
            try await database.read { tx in try tx.rows("SELECT value FROM counter") { try $0.value(0, as: Int.self) } } == [8])
        try database.close()
    }

    @Test func `the file is its owner's alone`() async throws {
        let scratch = try await Scratch(.sqlite, Self.counter)
        for suffix in ["", "-wal", "-shm"] {
            let rights = try FileManager.default.attributesOfItem(atPath: scratch.path + suffix)[.posixPermissions] as? Int
            #expect(rights == 0o600, "\(suffix)")
        }
    }

    @Test func `what is no database is refused in plain words`() async throws {
        let scratch = try await Scratch(.sqlite)
        let path = scratch.path + ".txt"
        try Data(repeating: UInt8(ascii: "x"), count: 10_000).write(to: URL(filePath: path))
        #expect {
            _ = try Database.open(sqlite: path)
        } throws: {
            if case SQLProblem.corrupt = $0 { true } else { false }
        }
        #expect {
            _ = try Database.open(sqlite: scratch.path + "/no/such/folder")
        } throws: {
            if case SQLProblem.unavailable = $0 { true } else { false }
        }
    }

    @Test(arguments: Engine.all) func `a closed database refuses`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        try scratch.database.close()
        await #expect(throws: (any Error).self) {
            try await scratch.database.read { tx in try tx.value("SELECT 1", as: Int.self) }
        }
    }
}
