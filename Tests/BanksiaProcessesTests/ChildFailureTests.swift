import BanksiaProcesses
import Foundation
import Testing

@Suite("Failing children") struct ChildFailureTests {
    @Test(arguments: [
        ("exit 3", ChildProblem.crashed(.code(3))), ("exit 0", .crashed(.code(0))), ("signal SEGV", .crashed(.signal(11))),
        ("signal KILL", .crashed(.signal(9))), ("half", .crashed(.code(0))), ("giant", .brokenAnswer), ("garbage", .brokenAnswer),
    ])
    func `a child that fails does so for one call only`(words: String, problem: ChildProblem) async throws {
        let pool = Peer.pool()
        let before = try await pool.ask("pid")
        await #expect(throws: problem) { try await pool.ask(words) }
        #expect(try await pool.ask("pid") != before)
        #expect(!isRunning(Int32(before)!))
        await pool.close()
    }

    @Test(arguments: ["hang", "deaf", "babble"])
    func `a child that takes too long is killed`(words: String) async throws {
        let pool = Peer.pool()
        let before = try #require(Int32(try await pool.ask("pid")))
        await #expect(throws: ChildProblem.timedOut) { try await pool.ask(words, timeout: .milliseconds(150)) }
        #expect(!isRunning(before))
        #expect(try await pool.ask("echo again") == "again")
        await pool.close()
    }

    @Test func `an answer too many is not taken for the next call's`() async throws {
        let pool = Peer.pool()
        // Both may arrive together (broken) or the second while idle (the child is replaced): never as the next answer.
        _ = await pool.outcome(of: "extra")
        let next = await pool.outcome(of: "echo mine")
        #expect(next == nil || next == .brokenAnswer)
        #expect(try await pool.ask("echo mine") == "mine")
        await pool.close()
    }

    @Test func `memory beyond the limit ends the child and says so`() async throws {
        let pool = Peer.pool(limits: ChildLimits(addressSpaceBytes: 256 << 20))
        await #expect(throws: ChildProblem.outOfMemory) { try await pool.ask("hog", timeout: .seconds(60)) }
        #expect(try await pool.ask("echo again") == "again")
        await pool.close()
    }

    @Test func `a file beyond the limit is refused to the child, which lives on`() async throws {
        let folder = try TemporaryFolder()
        let pool = Peer.pool(limits: ChildLimits(fileSizeBytes: 1 << 20))
        #expect(try await pool.ask("write \(folder.path("big"))") == "refused")
        let size = try FileManager.default.attributesOfItem(atPath: folder.path("big"))[.size] as? Int
        #expect(size == 1 << 20)
        await pool.close()
    }

    @Test func `a program that is not there is a clear failure`() async throws {
        let missing = Peer.pool(command: ChildCommand(executable: "/nowhere/at-all"))
        await #expect(throws: ChildProblem.startFailed("/nowhere/at-all is not there")) { try await missing.ask("echo x") }
        await missing.close()
        let unnamed = Peer.pool(command: ChildCommand(executable: "no-such-program-anywhere"))
        await #expect(throws: ChildProblem.startFailed("no-such-program-anywhere is not there")) {
            try await unnamed.ask("echo x")
        }
        await unnamed.close()
    }

    @Test func `what the system will not run is a clear failure`() async throws {
        let folder = try TemporaryFolder()
        let pool = Peer.pool(command: ChildCommand(executable: folder.root))
        await #expect(throws: ChildProblem.startFailed("Permission denied")) { try await pool.ask("echo x") }
        await pool.close()
    }

    @Test func `a child killed while idle is replaced without failing a call`() async throws {
        let pool = Peer.pool()
        let first = try #require(Int32(try await pool.ask("pid")))
        kill(first, SIGKILL)
        #expect(try await eventually { pool.childProcessIDs.isEmpty })
        #expect(try await pool.ask("echo again") == "again")
        await pool.close()
    }

    @Test func `what a child started dies with it`() async throws {
        let pool = Peer.pool()
        let grandchild = try #require(Int32(try await pool.ask("brood")))
        #expect(isRunning(grandchild))
        await pool.close()
        #expect(try await eventually { !isRunning(grandchild) })
    }
}
