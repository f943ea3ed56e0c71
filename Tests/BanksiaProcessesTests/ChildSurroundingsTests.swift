import BanksiaProcesses
import Foundation
import Testing

@Suite("What a child inherits") struct ChildSurroundingsTests {
    @Test func `the environment is the few inherited variables and what the command adds`() async throws {
        var command = Peer.command
        command.environment = ["COLOUR": "green", "LANG": "C"]
        setenv("BANKSIA_TEST_SECRET", "hush", 1)
        let pool = Peer.pool(command: command)
        let lines = try await pool.ask("environment").split(separator: "\n").map(String.init)
        #expect(lines.contains("COLOUR=green"))
        #expect(lines.contains("LANG=C"))
        #expect(
            Set(lines.compactMap { $0.split(separator: "=").first.map(String.init) })
                .isSubset(of: Set(ChildCommand.inheritedVariables + ["COLOUR"])))
        await pool.close()
    }

    @Test func `no other descriptor of this process reaches the child`() async throws {
        let leak = open("/dev/null", O_RDONLY)  // without O_CLOEXEC, as a careless library would
        defer { close(leak) }
        let pool = Peer.pool()
        let open = try await pool.ask("descriptors").split(separator: " ").compactMap { Int($0) }
        // 0, 1 and 2, and the one with which the child reads its own list.
        #expect(open.prefix(3) == [0, 1, 2])
        #expect(open.count <= 4)
        await pool.close()
    }

    private static let process = __priority_which_t(PRIO_PROCESS.rawValue)

    @Test func `a child steps back on top of how far this process does`() async throws {
        let pool = Peer.pool(limits: ChildLimits(niceness: 5))
        let child = try #require(Int32(try await pool.ask("pid")))
        #expect(getpriority(Self.process, id_t(child)) == min(19, getpriority(Self.process, getpid().magnitude) + 5))
        await pool.close()
    }

    @Test func `so does the thread that works, wherever it comes from`() async throws {
        let command = ChildCommand(executable: ChildLoopTests.fixture, arguments: ["talk-aside"])
        let pool = Peer.pool(limits: ChildLimits(niceness: 5), command: command)
        #expect(try await pool.ask("niceness") == "\(min(19, getpriority(Self.process, getpid().magnitude) + 5))")
        await pool.close()
    }
}
