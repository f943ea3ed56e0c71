import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaJobs

@Suite("The queue") struct QueueTests {
    let rig: Rig
    let subject = UUID()
    init() async throws { rig = try await Rig() }

    @Test func `a job is kept as it was given`() async throws {
        let scope = UUID()
        let id = try await rig.database.write { [queue = rig.queue, subject] tx in
            try queue.enqueue(NewJob(kind: .work, subject: subject, scope: scope, payload: "{\"a\":1}", priority: .fresh), tx)
        }
        let job = try #require(try await rig.job(id))
        #expect(job.kind == .work && job.subject == subject && job.scope == scope && job.payload == "{\"a\":1}")
        #expect(job.status == .pending && job.priority == 20 && job.attempts == 0 && job.createdAt == rig.clock.now)
        #expect("\(id)".hasPrefix("btask_"))
    }

    @Test func `what waits already is not enqueued twice but takes the higher priority`() async throws {
        let first = try await rig.enqueue(subject: subject, priority: .normal, after: .seconds(60))
        let second = try await rig.enqueue(subject: subject, payload: "new", priority: .fresh)
        let third = try await rig.enqueue(subject: subject, payload: "newest", priority: .backlog, after: .seconds(5))
        #expect(first == second && second == third)
        let job = try #require(try await rig.job(first))
        #expect(job.priority == JobPriority.fresh.rawValue && job.runAt == rig.clock.now && job.payload == "newest")
    }

    @Test func `jobs of other kinds, other subjects and without a subject are other jobs`() async throws {
        try await rig.enqueue(subject: subject)
        try await rig.enqueue(.other, subject: subject)
        try await rig.enqueue(subject: UUID())
        try await rig.enqueue()
        try await rig.enqueue()
        #expect(try await rig.all().count == 5)
    }

    @Test func `a rolled back transaction enqueues nothing`() async throws {
        struct Refused: Error {}
        await #expect(throws: Refused.self) {
            try await rig.database.write { [queue = rig.queue] tx in
                _ = try queue.enqueue(NewJob(kind: .work), tx)
                throw Refused()
            }
        }
        #expect(try await rig.all().isEmpty)
    }

    @Test func `lists are newest first and filtered`() async throws {
        let scopes = [UUID(), UUID(), UUID()]
        let ids = try await rig.database.write { [queue = rig.queue, subject] tx in
            try (0..<9).map { number in
                let kind: JobKind = number % 2 == 0 ? .work : .other
                return try queue.enqueue(
                    NewJob(kind: kind, subject: number == 4 ? subject : UUID(), scope: scopes[number % 3]), tx)
            }
        }.sorted()
        func list(_ scopes: [UUID]?, subject: UUID? = nil, kind: JobKind? = nil, status: JobStatus? = nil, limit: Int = 100)
            async throws -> [JobID]
        {
            try await rig.database.read { [queue = rig.queue] tx in
                try queue.list(scopes: scopes, subject: subject, kinds: kind.map { [$0] } ?? [], status: status, limit: limit, tx)
                    .map(\.id)
            }
        }
        #expect(try await list(nil) == ids.reversed())
        #expect(try await list(scopes) == ids.reversed())
        #expect(try await list(scopes, limit: 2) == ids.suffix(2).reversed())
        #expect(try await list([]) == [])
        #expect(try await list([scopes[0]]).count == 3)
        #expect(try await list([scopes[0], scopes[1]]).count == 6)
        #expect(try await list(scopes, kind: .other).count == 4)
        #expect(try await list(scopes, status: .success) == [])
        #expect(try await list([scopes[1]], subject: subject).count == 1)
        #expect(try await list([scopes[0]], subject: subject).isEmpty)
    }

    @Test func `cancelling removes all jobs of a subject`() async throws {
        try await rig.enqueue(subject: subject)
        try await rig.enqueue(.other, subject: subject)
        let kept = try await rig.enqueue(subject: UUID())
        try await rig.database.write { [queue = rig.queue, subject] tx in try queue.cancel(subject: subject, tx) }
        #expect(try await rig.all().map(\.id) == [kept])
    }

    @Test func `finished jobs are forgotten after a while`() async throws {
        let old = try await rig.enqueue()
        let runner = rig.runner(JobHandler(kind: .work) { _ in JobCompletion() })
        try await runner.during { try await runner.waitUntilIdle() }
        rig.clock.advance(by: .seconds(100))
        let waiting = try await rig.enqueue()
        let limit = rig.clock.now
        let count = try await rig.database.write { [queue = rig.queue] tx in
            (try queue.prune(finishedBefore: limit.adding(.seconds(-200)), tx), try queue.prune(finishedBefore: limit, tx))
        }
        #expect(count == (0, 1))
        #expect(try await rig.all().map(\.id) == [waiting])
        #expect(try await rig.job(old) == nil)
    }

    @Test func `what was given up can be tried again, once for each subject`() async throws {
        var failed: [JobID] = []
        for _ in 0..<2 {
            let runner = rig.runner(JobHandler(kind: .work) { _ in throw JobFailure.permanent("no") })
            failed.append(try await rig.enqueue(subject: subject))
            try await runner.during { try await runner.waitUntilIdle() }
        }
        let counts = try await rig.database.write { [queue = rig.queue] tx in
            (try queue.retryFailed(kind: .other, tx), try queue.retryFailed(tx), try queue.retryFailed(tx))
        }
        #expect(counts == (0, 1, 0))
        #expect(try await rig.job(failed[1])?.status == .pending)
        #expect(try await rig.job(failed[0])?.status == .failure)
    }

    @Test func `unfinished work is known`() async throws {
        let before = try await rig.database.read { [queue = rig.queue] tx in try queue.hasUnfinished(kind: .work, tx) }
        try await rig.enqueue()
        let after = try await rig.database.read { [queue = rig.queue] tx in
            (try queue.hasUnfinished(kind: .work, tx), try queue.hasUnfinished(kind: .other, tx))
        }
        #expect(!before)
        #expect(after == (true, false))
    }

    @Test(.readsSQLitePlans) func `a long queue is neither read through nor sorted`() async throws {
        let handlers = [JobKind.work, .other].map { JobHandler(kind: $0) { _ in JobCompletion() } }
        let lane = JobLane(name: "x", width: 1, handlers: handlers)
        let claim = LeaseStore.claim(lane, limit: 4, for: .current(), at: rig.clock.now)
        let plan = try await rig.database.read { tx in
            try tx.rows("EXPLAIN QUERY PLAN " + claim) { try $0.value(3, as: String.self) }
        }
        let readings = plan.filter { $0.contains(" job") }
        #expect(readings.filter { $0.contains("job_ready") }.count == 2)
        #expect(readings.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
        // The only thing sorted is the handful of candidates.
        #expect(plan.filter { $0.contains("TEMP B-TREE") }.count <= 1, "\(plan)")
    }
}
