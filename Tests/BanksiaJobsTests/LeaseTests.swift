import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import BanksiaTestKit
import Foundation
import ServiceLifecycle
import Testing

@testable import BanksiaJobs

@Suite("Leases", .timeLimit(.minutes(2))) struct LeaseTests {
    let rig: Rig
    init() async throws { rig = try await Rig() }

    private let here = JobOwner.current()
    /// A process of this system whose id is now that of another: the start times differ.
    private var dead: JobOwner { JobOwner(system: here.system, process: here.process, processStart: "1", runner: "x") }
    private var elsewhere: JobOwner { JobOwner(system: "another", process: 1, processStart: "1", runner: "x") }
    private var handler: JobHandler { JobHandler(kind: .work) { _ in JobCompletion() } }

    private func claim(for owner: JobOwner) async throws -> [Job] {
        try await rig.database.write { [now = rig.clock.now, handler] tx in
            try LeaseStore.claim(JobLane(name: "x", width: 1, handlers: [handler]), limit: 1, for: owner, at: now, tx)
        }
    }

    @Test func `the owner's text names one process`() throws {
        #expect(JobOwner(here.text) == here)
        #expect(!here.isGone)
        #expect(dead.isGone)
        #expect(!elsewhere.isGone)
        #expect(JobOwner("nonsense") == nil)
        let child = Process()
        child.executableURL = URL(filePath: "/bin/true")
        try child.run()
        child.waitUntilExit()
        #expect(JobOwner(system: here.system, process: child.processIdentifier, processStart: "5", runner: "x").isGone)
    }

    @Test func `a job of a process that died is done at once`() async throws {
        let id = try await rig.enqueue()
        #expect(try await claim(for: dead).map(\.id) == [id])
        let runner = rig.runner(handler)
        try await runner.during { try await runner.waitUntilIdle() }
        let job = try #require(try await rig.job(id))
        #expect(job.status == .success && job.attempts == 2)
    }

    @Test func `a job of a silent process is done when its lease has run out`() async throws {
        let id = try await rig.enqueue()
        _ = try await claim(for: elsewhere)
        let runner = rig.runner(handler)
        try await runner.during {
            let progress = runner.progress.subscribe()
            for _ in 0..<5 { await progress.wait() }
            #expect(try await rig.job(id)?.status == .started)
            rig.clock.advance(by: .seconds(61))
            try await runner.waitUntilIdle()
        }
        #expect(try await rig.job(id)?.status == .success)
    }

    @Test func `a job that ends its process each time is given up`() async throws {
        let id = try await rig.enqueue()
        for _ in 0..<JobPolicy.maximumInterruptions {
            #expect(try await claim(for: dead).count == 1)
            let runner = rig.runner(handler, width: 1)
            await runner.reap()
        }
        let job = try #require(try await rig.job(id))
        #expect(job.status == .failure && job.interruptions == 100)
        #expect(job.errorMessage?.contains("interrupted 100 times") == true)
    }

    @Test func `a result for a lost lease is dropped`() async throws {
        let id = try await rig.enqueue()
        let started = Event()
        let mayEnd = Event()
        let runner = rig.runner(
            JobHandler(kind: .work) { job in
                if job.attempts == 1 {
                    started.happen()
                    await mayEnd.wait()
                }
                return JobCompletion(result: "attempt \(job.attempts)") { tx in
                    try tx.execute("INSERT INTO done (subject) VALUES (\(UUID()))")
                }
            })
        try await runner.during {
            await started.wait()
            // The runner stalls for so long that its lease runs out; the job is done by someone else meanwhile.
            rig.clock.advance(by: .seconds(61))
            let progress = runner.progress.subscribe()
            while try await rig.job(id)?.status != .success { await progress.wait() }
            mayEnd.happen()
        }
        #expect(try await rig.job(id)?.result == "attempt 2")
        #expect(try await rig.database.read { tx in try tx.value("SELECT COUNT(*) FROM done", as: Int.self) } == 1)
    }

    @Test func `a live runner keeps its lease`() async throws {
        let id = try await rig.enqueue()
        let started = Event()
        let mayEnd = Event()
        let runner = rig.runner(
            JobHandler(kind: .work, lease: .milliseconds(30)) { _ in
                started.happen()
                await mayEnd.wait()
                return JobCompletion()
            })
        try await runner.during {
            await started.wait()
            let progress = runner.progress.subscribe()
            for _ in 0..<20 {
                await progress.wait()
                rig.clock.advance(by: .milliseconds(2))
            }
            #expect(try await rig.job(id)?.attempts == 1)
            mayEnd.happen()
            try await runner.waitUntilIdle()
        }
        #expect(try await rig.job(id)?.attempts == 1)
    }

    @Test func `shutdown lets jobs end`() async throws {
        // Made within one millisecond, so either may be the first.
        let jobs = [try await rig.enqueue(), try await rig.enqueue()]
        let started = Event()
        let mayEnd = Event()
        let runner = rig.runner(
            JobHandler(kind: .work) { _ in
                started.happen()
                await mayEnd.wait()
                return JobCompletion()
            }, width: 1)
        let group = ServiceGroup(services: [runner], logger: runner.logger)
        let running = Task { try await group.run() }
        await started.wait()
        await group.triggerGracefulShutdown()
        mayEnd.happen()
        try await running.value
        var statuses: [JobStatus?] = []
        for job in jobs { statuses.append(try await rig.job(job)?.status) }
        #expect(statuses.contains(.success) && statuses.contains(.pending), "\(statuses)")
    }

    @Test(arguments: [true, false]) func `what does not end in time goes back uncounted`(gracefully: Bool) async throws {
        let id = try await rig.enqueue()
        let started = Event()
        let runner = rig.runner(
            JobHandler(kind: .work) { _ in
                started.happen()
                try await Task.sleep(for: .seconds(3600))
                return JobCompletion()
            }, shutdownLimit: .milliseconds(30))
        let group = ServiceGroup(services: [runner], logger: runner.logger)
        let running = Task { try await group.run() }
        await started.wait()
        if gracefully { await group.triggerGracefulShutdown() } else { running.cancel() }
        _ = await running.result
        let job = try #require(try await rig.job(id))
        #expect(job.status == .pending && job.attempts == 0)
    }

    @Test func `two processes do every job exactly once`() async throws {
        let (database, queue) = try await rig.anotherProcess()
        let done: @Sendable (Job) -> JobCompletion = { job in
            JobCompletion { tx in try tx.execute("INSERT INTO done (subject) VALUES (\(job.subject))") }
        }
        let one = rig.runner(JobHandler(kind: .work, run: done), width: 4)
        let two = JobRunner(
            database: database, queue: queue,
            lanes: [JobLane(name: "test", width: 4, handlers: [JobHandler(kind: .work, run: done)])],
            clock: rig.clock, logger: one.logger, timing: one.timing)
        try await one.during {
            try await two.during {
                for _ in 0..<10 {
                    try await rig.database.write { [queue = rig.queue] tx in
                        for _ in 0..<50 { try queue.enqueue(NewJob(kind: .work, subject: UUID()), tx) }
                    }
                }
                try await one.waitUntilIdle()
            }
        }
        let counts = try await rig.database.read { tx in
            try tx.row("SELECT COUNT(*), COUNT(DISTINCT subject) FROM done") {
                [try $0.value(0, as: Int.self), try $0.value(1, as: Int.self)]
            }
        }
        #expect(counts == [500, 500])
        #expect(try await rig.all().allSatisfy { $0.status == .success && $0.attempts == 1 })
        try database.close()
    }

    @Test func `what another process enqueues is found`() async throws {
        let (database, queue) = try await rig.anotherProcess()
        let runner = rig.runner(handler)
        try await runner.during {
            let id = try await database.write { tx in try queue.enqueue(NewJob(kind: .work), tx) }
            let progress = runner.progress.subscribe()
            while try await rig.job(id)?.status != .success { await progress.wait() }
        }
        try database.close()
    }

    @Test(.needsSharedEngine, .timeLimit(.minutes(1)))
    func `a runner that hardly ever looks hears at once of what another process enqueues`() async throws {
        let (database, queue) = try await rig.anotherProcess()
        let done = Event()
        let runner = rig.runner(
            JobHandler(kind: .work) { _ in
                done.happen()
                return JobCompletion()
            }, poll: .seconds(3600))
        try await runner.during {
            // Nothing tells when it has begun to listen; later notes find it listening.
            let enqueuing = Task {
                while !Task.isCancelled {
                    _ = try await database.write { tx in try queue.enqueue(NewJob(kind: .work, subject: UUID()), tx) }
                    try await Task.sleep(for: .milliseconds(200))
                }
            }
            await done.wait()
            enqueuing.cancel()
            _ = await enqueuing.result
        }
        try database.close()
    }
}
