internal import BanksiaCore
internal import BanksiaSQL
internal import Logging
internal import Synchronization

// Taking jobs and ending them. Each transaction guards itself by the row of its job: it locks that row, or changes it only
// where the job is still ours. So runners need not be kept from each other beyond that.
extension JobRunner {
    func work(in lane: JobLane) async {
        let signal = queue.bell.subscribe()
        defer { queue.bell.unsubscribe(signal) }
        let slots = Slots(lane.width)
        await withDiscardingTaskGroup { group in
            while !isStopping {
                let free = slots.free
                let jobs = free > 0 ? await claim(in: lane, limit: free) : []
                for job in jobs {
                    slots.take()
                    group.addTask {
                        await self.attempt(job, in: lane)
                        slots.release()
                        signal.raise()
                        self.progress.ring()
                    }
                }
                if jobs.count < max(free, 1) { await signal.wait() }
            }
        }
    }

    private func claim(in lane: JobLane, limit: Int) async -> [Job] {
        do {
            return try await database.write(.committed) { [owner, now = clock.now] tx in
                try LeaseStore.claim(lane, limit: limit, for: owner, at: now, tx)
            }
        } catch {
            guard !isStopping else { return [] }
            logger.warning("no jobs could be taken from the queue", metadata: ["lane": "\(lane.name)", "error": "\(error)"])
            return []
        }
    }

    private func attempt(_ job: Job, in lane: JobLane) async {
        guard let handler = lane.handlers[job.kind] else { preconditionFailure("a lane claims only what it handles") }
        let (result, stop) = await running.run(job, handler)
        switch (result, stop) {
        case (.success(let completion), _): await finish(job, completion, handler)
        case (.failure, .lost), (.failure, .shutdown): break  // no longer ours to end
        case (.failure, .overdue):
            await fail(job, .failed(because: "The work took longer than \(handler.timeout) and was stopped."), handler)
        case (.failure(let error), nil):
            // A cancelled runner gives its jobs back instead.
            if !Task.isCancelled { await fail(job, ending(of: job, error), handler) }
        }
    }

    private struct LeaseLost: Error {}

    private func finish(_ job: Job, _ completion: JobCompletion, _ handler: JobHandler) async {
        do {
            try await database.write(.committed) { [owner, queue, now = clock.now] tx in
                if let name = completion.alone { try tx.lock(name) }
                guard try LeaseStore.finish(job, completion, by: owner, at: now, tx) else { throw LeaseLost() }
                try completion.apply(tx)
                tx.afterCommit { queue.bell.ring() }
            }
        } catch is LeaseLost {
            logger.debug("a job was done but no longer ours", metadata: job.metadata)
        } catch {
            if !Task.isCancelled { await fail(job, ending(of: job, error), handler) }
        }
    }

    private func ending(of job: Job, _ error: any Error) -> JobPolicy.Ending {
        if case JobFailure.permanent(let reason) = error { return .hopeless(because: reason) }
        if let problem = error as? any Problem { return .failed(because: problem.detail) }
        logger.error("a job failed", metadata: job.metadata.merging(["error": "\(error)"]) { $1 })
        return .failed(because: "The work failed for a reason that stands in the server's log.")
    }

    private func fail(_ job: Job, _ ending: JobPolicy.Ending, _ handler: JobHandler) async {
        do {
            let verdict = try await database.write(.committed) { [owner, queue, now = clock.now] tx -> JobPolicy.Verdict? in
                guard let again = try LeaseStore.isWantedAgain(job, by: owner, tx) else { return nil }
                let verdict = handler.policy.verdict(
                    on: ending, attempts: job.attempts - job.interruptions, wantedAgain: again, chance: .random(in: 0..<1))
                try LeaseStore.settle(job.id, verdict, at: now, tx)
                tx.afterCommit { queue.bell.ring() }
                return verdict
            }
            if case .bury(let reason) = verdict {
                logger.warning("a job was given up", metadata: job.metadata.merging(["reason": "\(reason)"]) { $1 })
            }
        } catch {
            // Its lease runs out and it is tried again.
            logger.error("the end of a job could not be noted", metadata: job.metadata.merging(["error": "\(error)"]) { $1 })
        }
    }
}

/// The places of a lane.
private final class Slots: Sendable {
    private let width: Int
    private let taken = Atomic(0)

    init(_ width: Int) { self.width = width }

    var free: Int { width - taken.load(ordering: .acquiring) }
    func take() { taken.add(1, ordering: .acquiringAndReleasing) }
    func release() { taken.subtract(1, ordering: .acquiringAndReleasing) }
}

extension Job {
    fileprivate var metadata: Logger.Metadata { ["job": "\(id)", "kind": "\(kind.rawValue)", "attempt": "\(attempts)"] }
}
