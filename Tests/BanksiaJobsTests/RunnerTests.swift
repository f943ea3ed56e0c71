import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaJobs

@Suite("Running jobs", .timeLimit(.minutes(2))) struct RunnerTests {
    let rig: Rig
    let subject = UUID()
    init() async throws { rig = try await Rig() }

    @Test func `a job is done and its result kept in one commit`() async throws {
        let id = try await rig.enqueue(subject: subject)
        let runner = rig.runner(
            JobHandler(kind: .work) { job in
                JobCompletion(outcome: "ran", result: "3 of 3") { tx in
                    try tx.execute("INSERT INTO done (subject) VALUES (\(job.subject))")
                }
            })
        try await runner.during { try await runner.waitUntilIdle() }
        let job = try #require(try await rig.job(id))
        #expect(job.status == .success && job.outcome == "ran" && job.result == "3 of 3" && job.retryCount == 0)
        #expect(job.startedAt == rig.clock.now && job.completedAt == rig.clock.now)
        #expect(try await rig.database.read { tx in try tx.value("SELECT subject FROM done", as: UUID.self) } == subject)
    }

    @Test func `a stage enqueues the next`() async throws {
        let subject = subject
        let notes = Notes()
        try await rig.enqueue(subject: subject)
        let queue = rig.queue
        let runner = rig.runner(
            JobHandler(kind: .work) { _ in
                notes.append("first")
                return JobCompletion { tx in try queue.enqueue(NewJob(kind: .other, subject: subject), tx) }
            },
            JobHandler(kind: .other) { _ in
                notes.append("second")
                return JobCompletion()
            })
        try await runner.during { try await runner.waitUntilIdle() }
        #expect(notes.all == ["first", "second"])
    }

    @Test func `a job that enqueues itself runs again`() async throws {
        let subject = subject
        let notes = Notes()
        try await rig.enqueue(subject: subject)
        let queue = rig.queue
        let runner = rig.runner(
            JobHandler(kind: .work) { job in
                notes.append(job.payload)
                return JobCompletion { tx in
                    if job.payload != "last" { try queue.enqueue(NewJob(kind: .work, subject: subject, payload: "last"), tx) }
                }
            })
        try await runner.during { try await runner.waitUntilIdle() }
        #expect(notes.all == ["{}", "last"])
    }

    @Test func `what is more urgent goes first, then what waited longest`() async throws {
        for (priority, name) in [(JobPriority.backlog, "d"), (.normal, "b"), (.normal, "c"), (.fresh, "a")] {
            try await rig.enqueue(name == "c" ? .other : .work, payload: name, priority: priority)
            rig.clock.advance(by: .microseconds(1))
        }
        let notes = Notes()
        let note: @Sendable (Job) -> JobCompletion = { job in
            #expect(Urgency.current == job.priority)
            notes.append(job.payload)
            return JobCompletion()
        }
        let runner = rig.runner(JobHandler(kind: .work, run: note), JobHandler(kind: .other, run: note), width: 1)
        try await runner.during { try await runner.waitUntilIdle() }
        #expect(notes.all == ["a", "b", "c", "d"])
    }

    @Test func `a job wanted again while it runs is done once more`() async throws {
        let started = Event()
        let mayEnd = Event()
        let notes = Notes()
        let id = try await rig.enqueue(subject: subject, payload: "old")
        let runner = rig.runner(
            JobHandler(kind: .work) { job in
                notes.append(job.payload)
                if job.payload == "old" {
                    started.happen()
                    await mayEnd.wait()
                }
                return JobCompletion()
            })
        try await runner.during {
            await started.wait()
            #expect(try await rig.enqueue(subject: subject, payload: "new") == id)
            #expect(try await rig.enqueue(subject: subject, payload: "newer") == id)
            #expect(notes.all == ["old"])
            mayEnd.happen()
            try await runner.waitUntilIdle()
        }
        #expect(notes.all == ["old", "newer"])
        #expect(try await rig.job(id)?.status == .success)
        #expect(try await rig.all().count == 1)
    }

    @Test func `a failure is tried again after a pause and remembered after success`() async throws {
        struct Unlucky: Problem {
            var code: String { "unlucky" }
            var kind: ProblemKind { .unavailable }
            var detail: String { "Not this time." }
        }
        let id = try await rig.enqueue()
        let runner = rig.runner(
            JobHandler(kind: .work) { job in
                if job.attempts < 3 { throw Unlucky() }
                return JobCompletion()
            })
        try await runner.during {
            try await runner.waitUntilIdle()
            let failed = try #require(try await rig.job(id))
            #expect(failed.status == .pending && failed.errorMessage == "Not this time.")
            #expect(failed.runAt > rig.clock.now.adding(.seconds(1)) && failed.runAt < rig.clock.now.adding(.seconds(3)))
            for _ in 0..<2 {
                rig.clock.advance(by: .seconds(6))
                try await runner.waitUntilIdle()
            }
        }
        let job = try #require(try await rig.job(id))
        #expect(job.status == .success && job.retryCount == 2 && job.errorMessage == "Not this time.")
    }

    @Test func `what fails each time is given up with its reason`() async throws {
        struct Secret: Error { let path = "/home/ana/secret.jpg" }
        let unlucky = try await rig.enqueue()
        let hopeless = try await rig.enqueue(.other)
        let runner = rig.runner(
            JobHandler(kind: .work, maxAttempts: 2) { _ in throw Secret() },
            JobHandler(kind: .other) { _ in throw JobFailure.permanent("The file is no picture.") })
        try await runner.during {
            try await runner.waitUntilIdle()
            rig.clock.advance(by: .seconds(60))
            try await runner.waitUntilIdle()
        }
        let first = try #require(try await rig.job(unlucky))
        #expect(first.status == .failure && first.attempts == 2 && first.errorMessage?.contains("secret") == false)
        let second = try #require(try await rig.job(hopeless))
        #expect(second.status == .failure && second.attempts == 1 && second.errorMessage == "The file is no picture.")
    }

    @Test func `a result that cannot be kept is a failure and leaves nothing`() async throws {
        let id = try await rig.enqueue()
        let runner = rig.runner(
            JobHandler(kind: .work, maxAttempts: 1) { _ in
                JobCompletion { tx in
                    try tx.execute("INSERT INTO done (subject) VALUES (\(UUID()))")
                    try tx.execute("INSERT INTO done (subject) VALUES (NULL)")
                }
            })
        try await runner.during { try await runner.waitUntilIdle() }
        #expect(try await rig.job(id)?.status == .failure)
        #expect(try await rig.database.read { tx in try tx.value("SELECT COUNT(*) FROM done", as: Int.self) } == 0)
    }

    @Test func `an attempt that takes too long is stopped and fails`() async throws {
        let id = try await rig.enqueue()
        let runner = rig.runner(
            JobHandler(kind: .work, maxAttempts: 1, timeout: .milliseconds(20)) { _ in
                try await Task.sleep(for: .seconds(3600))
                return JobCompletion()
            })
        try await runner.during { try await runner.waitUntilIdle() }
        #expect(try await rig.job(id)?.errorMessage?.contains("took longer") == true)
    }

    @Test func `a job cancelled while it runs is stopped and leaves no result`() async throws {
        let started = Event()
        let stopped = Event()
        try await rig.enqueue(subject: subject)
        let runner = rig.runner(
            JobHandler(kind: .work, lease: .milliseconds(60)) { _ in
                started.happen()
                defer { stopped.happen() }
                try await Task.sleep(for: .seconds(3600))
                return JobCompletion()
            })
        try await runner.during {
            await started.wait()
            try await rig.database.write { [queue = rig.queue, subject] tx in try queue.cancel(subject: subject, tx) }
            await stopped.wait()
            try await runner.waitUntilIdle()
        }
        #expect(try await rig.all().isEmpty)
    }

    @Test func `lanes do not hold each other up`() async throws {
        let mayEnd = Event()
        try await rig.enqueue(.other)
        let id = try await rig.enqueue(.work)
        let slow = JobHandler(kind: .other) { _ in
            await mayEnd.wait()
            return JobCompletion()
        }
        let runner = JobRunner(
            database: rig.database, queue: rig.queue,
            lanes: [
                JobLane(name: "slow", width: 1, handlers: [slow]),
                JobLane(name: "quick", width: 1, handlers: [JobHandler(kind: .work) { _ in JobCompletion() }]),
            ], clock: rig.clock, logger: rig.runner(slow).logger)
        let progress = runner.progress.subscribe()
        try await runner.during {
            while try await rig.job(id)?.status != .success { await progress.wait() }
            mayEnd.happen()
        }
    }
}
