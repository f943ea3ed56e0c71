import BanksiaProcesses
import Foundation
import Testing

@Suite("Cancelled calls") struct CancellationTests {
    @Test func `a running call that is cancelled returns at once, and its child serves the next`() async throws {
        let folder = try TemporaryFolder()
        let gate = folder.path("gate")
        let pool = Peer.pool()
        let process = try await pool.ask("pid")
        let running = Task { await pool.outcome(of: "wait \(gate)") }
        running.cancel()
        #expect(await running.value == .cancelled)
        try folder.touch("gate")
        #expect(try await pool.ask("pid") == process)
        await pool.close()
    }

    @Test func `a call that is to end with its caller takes its child along`() async throws {
        let folder = try TemporaryFolder()
        let pool = Peer.pool(abandoned: .ends)
        let running = Task { await pool.outcome(of: "wait \(folder.path("gate"))") }
        #expect(try await eventually { !pool.childProcessIDs.isEmpty })
        let children = pool.childProcessIDs.map { "\($0)" }
        running.cancel()
        #expect(await running.value == .cancelled)
        #expect(!children.contains(try await pool.ask("pid")))
        await pool.close()
    }

    @Test func `a waiting call that is cancelled is never served`() async throws {
        let folder = try TemporaryFolder()
        let gate = folder.path("gate")
        let mark = folder.path("mark")
        let pool = Peer.pool()
        let running = Task { await pool.outcome(of: "wait \(gate)") }
        #expect(try await eventually { !pool.childProcessIDs.isEmpty })
        let waiting = Task { await pool.outcome(of: "write \(mark)") }
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        try folder.touch("gate")
        #expect(await running.value == nil)
        #expect(try await pool.ask("echo x") == "x")
        #expect(!FileManager.default.fileExists(atPath: mark))
        await pool.close()
    }

    @Test func `a task that is cancelled beforehand makes no call`() async throws {
        let pool = Peer.pool()
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await pool.outcome(of: "echo x")
        }
        #expect(await late.value == .cancelled)
        await pool.close()
    }
}
