internal import BanksiaCore
internal import BanksiaSQL
internal import Logging
internal import Synchronization

// What happens by the clock: renewing leases, taking over from the dead, looking for what others enqueued.
extension JobRunner {
    func keepTime() async {
        let lease = lanes.map(\.lease).min() ?? .seconds(60)
        var renewal = ContinuousClock.now + lease / 3
        var reaping = ContinuousClock.now + timing.reaping
        while true {
            // Throws when the lanes have ended: then there is no more time to keep.
            do { try await Task.sleep(for: timing.poll) } catch { return }
            running.stopOverdue()
            if ContinuousClock.now >= renewal {
                renewal = .now + lease / 3
                await renew()
            }
            if ContinuousClock.now >= reaping {
                reaping = .now + timing.reaping
                await reap()
            }
            if let stopped = stopped.withLock({ $0 }) {
                if ContinuousClock.now >= stopped + timing.shutdownLimit {
                    await giveBack()
                    running.stopAll()
                }
            } else {
                await look()
            }
            progress.ring()
        }
    }

    /// Wakes the lanes when another process enqueued something.
    func listen() async {
        for await _ in database.notifications(on: JobQueue.channel) { queue.bell.ring() }
    }

    /// Wakes the lanes if there is something for them that they were not told of.
    private func look() async {
        await warning("the queue could not be looked at") {
            let isDue = try await database.read { [kinds, now = clock.now] tx in try LeaseStore.isDue(kinds, at: now, tx) }
            if isDue { queue.bell.ring() }
        }
    }

    private func renew() async {
        let ids = running.ids
        guard !ids.isEmpty else { return }
        await warning("leases could not be renewed") {
            let held = try await database.write(.committed) {
                [owner, lease = lanes.map(\.lease).max() ?? .seconds(60), now = clock.now] tx in
                try LeaseStore.renew(ids, for: owner, until: now.adding(lease), tx)
            }
            running.stopLost(asked: ids, held: held)
        }
    }

    /// Takes jobs away from runners that are gone or silent.
    func reap() async {
        await warning("abandoned jobs could not be looked for") {
            let gone = try await database.read { tx in try LeaseStore.owners(tx) }.filter { JobOwner($0)?.isGone ?? false }
            let policies = Dictionary(uniqueKeysWithValues: lanes.flatMap(\.handlers).map { ($0.key, $0.value.policy) })
            try await database.write(.committed) { [kinds, queue, now = clock.now] tx in
                for job in try LeaseStore.abandoned(kinds, at: now, owners: gone, tx) {
                    guard let policy = policies[job.kind] else { continue }
                    let verdict = policy.verdict(on: .interrupted, attempts: job.interruptions + 1, wantedAgain: false, chance: 0)
                    try LeaseStore.interrupt(job.id, verdict, at: now, tx)
                }
                tx.afterCommit { queue.bell.ring() }
            }
        }
    }

    func giveBack() async {
        // A task of its own because this one may be cancelled, and the work of a cancelled task is not committed. It ends
        // by itself, within the time limits of the database.
        await Task {
            await warning("leases could not be given back; they will run out") {
                let count = try await database.write(.committed) { [owner] tx in try LeaseStore.giveBack(owner, tx) }
                if count > 0 { logger.info("jobs went back to the queue", metadata: ["count": "\(count)"]) }
            }
        }.value
    }

    private func warning(_ message: Logger.Message, _ body: () async throws -> Void) async {
        do { try await body() } catch {
            // A runner that is being cancelled finds the database closed to it.
            if !Task.isCancelled { logger.warning(message, metadata: ["error": "\(error)"]) }
        }
    }
}
