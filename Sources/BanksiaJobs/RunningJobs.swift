internal import BanksiaCore
internal import Synchronization

/// The attempts under way in one runner, so that they can be stopped from outside.
final class RunningJobs: Sendable {
    /// Why an attempt was stopped.
    enum Stop {
        /// It took longer than its handler allows.
        case overdue
        /// The job was cancelled, or has another owner.
        case lost
        /// The process ends.
        case shutdown
    }

    private struct Attempt {
        let task: Task<JobCompletion, any Error>
        let deadline: ContinuousClock.Instant
        var stop: Stop?
    }

    /// A job may come back while an older attempt of it still runs.
    private struct Key: Hashable {
        let id: JobID
        let attempt: Int
    }

    private let attempts = Mutex<[Key: Attempt]>([:])

    /// Runs an attempt to its end.
    ///
    /// - Returns: how it ended, and why it was stopped if it was.
    func run(_ job: Job, _ handler: JobHandler) async -> (Result<JobCompletion, any Error>, Stop?) {
        let key = Key(id: job.id, attempt: job.attempts)
        // Cancelled by `stop`, or along with the lane that waits for it here.
        let task = Task { try await Urgency.$current.withValue(job.priority) { try await handler.run(job) } }
        attempts.withLock { $0[key] = Attempt(task: task, deadline: .now + handler.timeout) }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        return (result, attempts.withLock { $0.removeValue(forKey: key)?.stop })
    }

    /// The jobs being worked on.
    var ids: [JobID] { attempts.withLock { $0.keys.map(\.id) } }

    /// Stops what has taken too long.
    func stopOverdue(at now: ContinuousClock.Instant = .now) { stop(.overdue) { _, attempt in attempt.deadline <= now } }

    /// Stops the attempts of those of `asked` jobs that are no longer held.
    func stopLost(asked: [JobID], held: Set<JobID>) {
        let lost = Set(asked).subtracting(held)
        stop(.lost) { key, _ in lost.contains(key.id) }
    }

    /// Stops everything.
    func stopAll() { stop(.shutdown) { _, _ in true } }

    private func stop(_ reason: Stop, where matches: (Key, Attempt) -> Bool) {
        let tasks = attempts.withLock { attempts in
            let keys = attempts.filter { $0.value.stop == nil && matches($0.key, $0.value) }.map(\.key)
            return keys.compactMap { key in
                attempts[key]?.stop = reason
                return attempts[key]?.task
            }
        }
        for task in tasks { task.cancel() }
    }
}
