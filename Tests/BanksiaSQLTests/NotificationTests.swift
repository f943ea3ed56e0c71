import BanksiaSQL
import Testing

@Suite("Waking others", .scratch) struct NotificationTests {
    @Test(.needsPostgres) func `a commit wakes those who listen, in another process too`() async throws {
        let scratch = try await Scratch(.postgres)
        let other = try await scratch.another()
        var here = scratch.database.notifications(on: "jobs").makeAsyncIterator()
        var there = other.notifications(on: "jobs").makeAsyncIterator()
        // Each is woken once when it listens.
        #expect(await here.next() != nil)
        #expect(await there.next() != nil)
        for _ in 0..<3 {
            try await other.write { tx in
                tx.notify("jobs")
                tx.notify("jobs")
            }
            #expect(await here.next() != nil)
            #expect(await there.next() != nil)
        }
    }

    @Test(.needsPostgres) func `only the channel that was named is woken, and only by a commit`() async throws {
        struct Refused: Error {}
        let scratch = try await Scratch(.postgres)
        let database = scratch.database
        let woken = Notes()
        let listening = Task {
            await withTaskGroup(of: Void.self) { group in
                for (number, channel) in [(1, "a"), (2, "b \"quoted\"")] {
                    group.addTask { for await _ in database.notifications(on: channel) { woken.append(number) } }
                }
            }
        }
        while woken.values.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
        await #expect(throws: Refused.self) {
            try await database.write { tx in
                try tx.execute("SELECT 1")
                tx.notify("a")
                throw Refused()
            }
        }
        try await database.write { tx in
            try tx.execute("SELECT 1")
            tx.notify("b \"quoted\"")
        }
        while woken.values.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(woken.values.sorted() == [1, 2, 2])
        listening.cancel()
    }

    @Test(.needsPostgres) func `a listener whose connection ended listens again and is woken`() async throws {
        let scratch = try await Scratch(.postgres)
        var stream = scratch.database.notifications(on: "jobs").makeAsyncIterator()
        #expect(await stream.next() != nil)
        for _ in 0..<2 {
            try await scratch.database.write { tx in
                let ended = try tx.rows(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()
                    """
                ) { try $0.value(0, as: Bool.self) }
                #expect(ended == [true])
            }
            #expect(await stream.next() != nil)
            try await scratch.database.write { tx in tx.notify("jobs") }
            #expect(await stream.next() != nil)
        }
    }

    @Test(arguments: Engine.all) func `listening ends with the database`(engine: Engine) async throws {
        let scratch = try await Scratch(engine)
        let stream = scratch.database.notifications(on: "jobs")
        let listening = Task { for await _ in stream {} }
        if engine == .postgres { try scratch.database.close() } else { listening.cancel() }
        await listening.value
    }

    @Test func `in a single process nobody is woken and nothing fails`() async throws {
        let scratch = try await Scratch(.sqlite)
        try await scratch.database.write { tx in tx.notify("jobs") }
        #expect(!scratch.database.isShared)
    }
}
