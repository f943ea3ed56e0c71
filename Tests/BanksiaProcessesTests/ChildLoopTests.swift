import BanksiaProcesses
import Foundation
import Testing

@Suite("Child loop") struct ChildLoopTests {
    /// The fixture lies beside the test bundle.
    static let fixture =
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/ChildFixture"

    private let pool = Peer.pool(
        limits: ChildLimits(dataBytes: 512 << 20), command: ChildCommand(executable: ChildLoopTests.fixture, arguments: ["talk"]))

    @Test func `a request is handled and answered`() async throws {
        #expect(try await pool.ask("hello") == "hello")
        await pool.close()
    }

    @Test func `what is printed to standard output does not disturb the talk`() async throws {
        #expect(try await pool.ask("print") == "quiet")
        #expect(try await pool.ask("hello") == "hello")
        await pool.close()
    }

    @Test func `a problem goes back with its code and detail`() async throws {
        await #expect(throws: ChildProblem.refused(code: "told_so", detail: "The child was told to refuse.")) {
            try await pool.ask("refuse")
        }
        await #expect(throws: ChildProblem.refused(code: "internal_error", detail: "Stranger()")) {
            try await pool.ask("stumble")
        }
        #expect(pool.childProcessIDs.count == 1)
        await pool.close()
    }

    @Test func `a trap is a crash`() async throws {
        let problem = await pool.outcome(of: "trap")
        guard case .crashed(.signal) = problem else {
            Issue.record("\(String(describing: problem))")
            return
        }
        await pool.close()
    }

    @Test func `memory beyond the limit is told apart from a crash`() async throws {
        #expect(await pool.outcome(of: "hog") == .outOfMemory)
        await pool.close()
    }

    @Test func `children die with a parent that is killed`() async throws {
        let parent = Process()
        let output = Pipe()
        parent.executableURL = URL(filePath: Self.fixture)
        parent.arguments = ["parent"]
        parent.standardOutput = output
        try parent.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
            line += byte
        }
        let child = try #require(Int32(String(decoding: line, as: UTF8.self)))
        #expect(isRunning(child))
        kill(parent.processIdentifier, SIGKILL)
        #expect(try await eventually { !isRunning(child) })
        await pool.close()
    }
}
