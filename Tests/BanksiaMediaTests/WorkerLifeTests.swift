import BanksiaCore
import BanksiaMedia
import BanksiaProcesses
import Foundation
import Testing

@Suite("Media workers") struct WorkerLifeTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    /// Children of a process, by the kernel's list.
    private func children(of process: Int32) -> [Int32] {
        // A process that is gone has no children.
        let list = (try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)) ?? ""
        return list.split(separator: " ").compactMap { Int32($0) }
    }

    private func isRunning(_ process: Int32) -> Bool {
        // The file goes away with the process, which is the answer.
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    private func eventually(_ condition: () -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline, !condition() { try await Task.sleep(for: .milliseconds(5)) }
        return condition()
    }

    @Test func `exiftool dies with its child`() async throws {
        let workers = Studio.workers(width: 1)
        let path = try studio.picture(.quarters(60, 40), "photo.jpg")
        _ = try await workers.probe(path)
        let child = try #require(workers.childProcessIDs.first)
        let exiftool = try #require(children(of: child).first)
        kill(child, SIGKILL)
        #expect(try await eventually { !isRunning(exiftool) })
        #expect(try await eventually { workers.childProcessIDs.isEmpty })
        #expect(try await workers.probe(path).displaySize == PixelSize(width: 60, height: 40))
        let next = try #require(workers.childProcessIDs.first.flatMap { children(of: $0).first })
        await workers.close()
        #expect(try await eventually { !isRunning(next) })
    }

    @Test func `an exiftool that dies is started again`() async throws {
        let workers = Studio.workers(width: 1)
        let path = try studio.picture(.quarters(60, 40), "photo.jpg")
        try studio.run("exiftool", "-q", "-overwrite_original", "-Make=Maker", path)
        _ = try await workers.probe(path)
        let exiftool = try #require(workers.childProcessIDs.first.flatMap { children(of: $0).first })
        kill(exiftool, SIGKILL)
        // The file at which it is missed may go without; the next one does not.
        _ = try await workers.probe(path)
        #expect(try await workers.probe(path).metadata.make == "Maker")
        await workers.close()
    }

    @Test func `without exiftool the header still tells`() async throws {
        var command = Studio.command
        command.environment["PATH"] = studio.root
        let workers = Studio.workers(command, width: 1)
        let probe = try await workers.probe(try studio.picture(.quarters(60, 40), "photo.jpg"))
        #expect(probe.displaySize == PixelSize(width: 60, height: 40))
        #expect(probe.metadataProblem?.contains("exiftool") == true)
        let capabilities = await workers.capabilities()
        guard case .available = capabilities.decoding, case .unavailable = capabilities.metadata else {
            Issue.record("\(capabilities)")
            return
        }
        await workers.close()
    }

    @Test func `what the machine has is reported with versions`() async throws {
        let capabilities = await Studio.workers.capabilities()
        guard case .available(let vips) = capabilities.decoding, case .available(let exiftool) = capabilities.metadata else {
            Issue.record("\(capabilities)")
            return
        }
        #expect(vips.first?.isNumber == true)
        #expect(exiftool.first?.isNumber == true)
    }

    @Test func `a program that does not start is a capability that is missing`() async throws {
        let workers = Studio.workers(ChildCommand(executable: "/nowhere/banksia"), width: 1)
        let capabilities = await workers.capabilities()
        guard case .unavailable(let reason) = capabilities.decoding else {
            Issue.record("\(capabilities)")
            return
        }
        #expect(reason.contains("/nowhere/banksia"))
        await workers.close()
    }

    @Test func `a file that takes too long fails alone`() async throws {
        let workers = Studio.workers(width: 1, timeout: .zero)
        let path = try studio.picture(.quarters(60, 40), "photo.jpg")
        await #expect(throws: MediaProblem.child(.timedOut)) { try await workers.thumbHash(path) }
        await workers.close()
        await #expect(throws: MediaProblem.child(.closed)) { try await workers.thumbHash(path) }
    }
}
