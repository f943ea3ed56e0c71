import Foundation
import Testing

@testable import BanksiaProcesses

@Suite("Child pool") struct ChildPoolTests {
    @Test func `an answer comes back as it was sent`() async throws {
        let pool = Peer.pool()
        #expect(try await pool.ask("echo hello") == "hello")
        #expect(try await pool.ask("echo ") == "")
        await pool.close()
    }

    @Test func `large frames pass whole in both directions`() async throws {
        let pool = Peer.pool()
        let bytes = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        #expect(try await pool.call(Array("echo ".utf8) + bytes, timeout: .seconds(60)) == bytes)
        await pool.close()
    }

    @Test func `a request beyond the frame limit is refused before any child starts`() async throws {
        let pool = Peer.pool()
        let count = Frame.limitBytes + 1
        await #expect(throws: ChildProblem.requestTooLarge(byteCount: count)) {
            try await pool.call([UInt8](repeating: 0, count: count), timeout: .seconds(1))
        }
        #expect(pool.childProcessIDs.isEmpty)
        await pool.close()
    }

    @Test func `fifty calls at once share two children and all get their own answer`() async throws {
        let pool = Peer.pool(width: 2)
        let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<50 { group.addTask { (number, try await pool.ask("echo \(number)")) } }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        #expect(answers == Dictionary(uniqueKeysWithValues: (0..<50).map { ($0, "\($0)") }))
        #expect((1...2).contains(pool.childProcessIDs.count))
        await pool.close()
    }

    @Test func `the more urgent calls come first, equals as they came`() throws {
        let queue = CallQueue(slots: 1, limit: 10, wakers: [Waker()])
        for (name, urgency) in [("a", 10), ("b", 20), ("c", 0), ("d", 20), ("e", .max), ("f", 10)] {
            #expect(queue.enqueue(ChildCall(request: Array(name.utf8), timeout: .seconds(1), urgency: urgency)) == nil)
        }
        var order = ""
        while case .serve(let call) = queue.turn(of: 0, hasChild: true) { order += String(decoding: call.request, as: UTF8.self) }
        #expect(order == "ebdafc")
    }

    @Test func `whoever has waited for long comes before the more urgent`() throws {
        let queue = CallQueue(slots: 1, limit: 10, patience: .zero, wakers: [Waker()])
        for (name, urgency) in [("a", 0), ("b", 20)] {
            #expect(queue.enqueue(ChildCall(request: Array(name.utf8), timeout: .seconds(1), urgency: urgency)) == nil)
        }
        guard case .serve(let call) = queue.turn(of: 0, hasChild: true) else {
            Issue.record("nothing to serve")
            return
        }
        #expect(call.request == Array("a".utf8))
    }

    @Test func `a refusal carries its code and words, and the child goes on`() async throws {
        let pool = Peer.pool()
        let before = try await pool.ask("pid")
        await #expect(throws: ChildProblem.refused(code: "no_such_thing", detail: "There is no cake.")) {
            try await pool.ask("refuse cake")
        }
        #expect(try await pool.ask("pid") == before)
        await pool.close()
    }

    @Test func `no child lives before the first call, and calls that come one by one do not start one each`() async throws {
        let pool = Peer.pool(width: 40)
        #expect(pool.childProcessIDs.isEmpty)
        for _ in 0..<40 { _ = try await pool.ask("echo x") }
        // A call may come before the children that answered the last ones are back in their seats, but not each time.
        #expect((1...20).contains(pool.childProcessIDs.count))
        await pool.close()
    }

    @Test func `an idle child ends and the next call starts another`() async throws {
        let pool = Peer.pool(idleTimeout: .milliseconds(30))
        let first = try #require(Int32(try await pool.ask("pid")))
        #expect(try await eventually { !isRunning(first) && pool.childProcessIDs.isEmpty })
        let second = try #require(Int32(try await pool.ask("pid")))
        #expect(second != first)
        await pool.close()
    }

    @Test func `a child is replaced after its share of calls`() async throws {
        let pool = Peer.pool(recycleAfter: 3)
        var counts: [String] = []
        for _ in 0..<7 { counts.append(try await pool.ask("count")) }
        #expect(counts == ["1", "2", "3", "1", "2", "3", "1"])
        await pool.close()
    }

    @Test func `more waiting calls than allowed are refused`() async throws {
        let folder = try TemporaryFolder()
        let gate = folder.path("gate")
        let pool = Peer.pool(queueLimit: 3)
        // One call can be with the child and three can wait, so of eight at least four are refused, at once.
        let outcomes = try await withThrowingTaskGroup(of: ChildProblem?.self) { group in
            for _ in 0..<8 { group.addTask { await pool.outcome(of: "wait \(gate)") } }
            var seen: [ChildProblem?] = []
            for try await one in group {
                seen.append(one)
                if seen.count == 4 { try folder.touch("gate") }
            }
            return seen
        }
        #expect(outcomes.prefix(4).allSatisfy { $0 == .queueFull })
        #expect(outcomes.suffix(3).allSatisfy { $0 == nil })
        await pool.close()
    }

    @Test func `closing ends running and waiting calls and all children`() async throws {
        let pool = Peer.pool()
        let process = try #require(Int32(try await pool.ask("pid")))
        async let running = pool.outcome(of: "hang")
        async let waiting = pool.outcome(of: "echo x")
        await pool.close()
        #expect(await running == .closed)
        #expect(await waiting == .closed)
        #expect(!isRunning(process))
        await #expect(throws: ChildProblem.closed) { try await pool.ask("echo late") }
    }
}
