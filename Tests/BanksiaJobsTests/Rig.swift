import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

@testable import BanksiaJobs

/// A queue in a database of its own, and runners over it.
final class Rig: Sendable {
    let folder: String
    private let scratch: ScratchDatabase
    var database: Database { scratch.database }
    let clock = ManualClock()
    let queue: JobQueue

    init() async throws {
        folder = NSTemporaryDirectory() + "/banksia-jobs-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        scratch = try await ScratchDatabase(in: folder)
        try await scratch.database.migrate(
            JobSchema.migrations + [Migration(id: "done", "CREATE TABLE done (subject ID NOT NULL);")])
        queue = JobQueue(ids: .timeOrdered, clock: clock)
    }

    deinit {
        // What cannot be removed from the temporary folder does no harm there.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The same database and a queue of its own, as another process would have them.
    func anotherProcess() async throws -> (Database, JobQueue) {
        (try await scratch.another(), JobQueue(ids: .timeOrdered, clock: clock))
    }

    func runner(
        _ handlers: JobHandler..., width: Int = 2, owner: JobOwner = .current(), shutdownLimit: Duration = .seconds(10),
        poll: Duration = .milliseconds(5)
    ) -> JobRunner {
        let timing = JobRunner.Timing(poll: poll, reaping: .milliseconds(10), shutdownLimit: shutdownLimit)
        return JobRunner(
            database: database, queue: queue, lanes: [JobLane(name: "test", width: width, handlers: handlers)], clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, timing: timing, owner: owner)
    }

    @discardableResult
    func enqueue(
        _ kind: JobKind = .work, subject: UUID? = nil, payload: String = "{}", priority: JobPriority = .normal,
        after: Duration = .zero
    ) async throws -> JobID {
        let job = NewJob(kind: kind, subject: subject, payload: payload, priority: priority, runAt: clock.now.adding(after))
        return try await database.write { [queue] tx in try queue.enqueue(job, tx) }
    }

    func job(_ id: JobID) async throws -> Job? { try await database.read { [queue] tx in try queue.job(id, tx) } }

    func all() async throws -> [Job] { try await database.read { [queue] tx in try queue.list(scopes: nil, limit: 10_000, tx) } }
}

extension JobKind {
    static let work = JobKind(rawValue: "work")
    static let other = JobKind(rawValue: "other")
}

extension JobRunner {
    /// Runs until `body` has ended.
    func during<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let group = ServiceGroup(services: [self], logger: logger)
        let running = Task { try await group.run() }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await running.value
        return try result.get()
    }
}

/// Something that happens in one task and is waited for in another.
final class Event: Sendable {
    private let signal = JobSignal()
    func happen() { signal.raise() }
    func wait() async { await signal.wait() }
}

/// Words in the order in which they came.
final class Notes: Sendable {
    private let noted = Mutex<[String]>([])
    func append(_ note: String) { noted.withLock { $0.append(note) } }
    var all: [String] { noted.withLock { $0 } }
}
