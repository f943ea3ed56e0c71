public import BanksiaCore
public import BanksiaSQL
public import Logging
public import ServiceLifecycle
internal import Synchronization

/// Takes jobs out of the queue and has them done, until it is told to stop.
///
/// Any number of runners, in any number of processes, may work on one queue. A job is held under a lease, which its runner
/// renews; when the runner's process dies the job goes to another, at once on the same machine. Results are written in the
/// transaction that ends the job, so they are written once even where work was done twice.
public final class JobRunner: Service, Sendable {
    /// The rhythm of a runner.
    struct Timing: Sendable {
        /// How often it looks for jobs that other processes enqueued, or whose time has come.
        var poll = Duration.seconds(1)
        /// How often it looks for jobs of runners that have died.
        var reaping = Duration.seconds(5)
        /// How long jobs may go on after the order to stop.
        var shutdownLimit = Duration.seconds(10)
    }

    let database: Database
    let queue: JobQueue
    let lanes: [JobLane]
    let clock: any WallClock
    let logger: Logger
    let timing: Timing
    let owner: JobOwner
    let running = RunningJobs()
    /// Rung when a job has ended, and now and then.
    let progress = JobBell()
    let stopped = Mutex<ContinuousClock.Instant?>(nil)

    /// A runner for the kinds of jobs that its lanes have handlers for; others are left to others.
    public convenience init(database: Database, queue: JobQueue, lanes: [JobLane], clock: any WallClock, logger: Logger) {
        self.init(
            database: database, queue: queue, lanes: lanes, clock: clock, logger: logger, timing: Timing(), owner: .current())
    }

    init(
        database: Database, queue: JobQueue, lanes: [JobLane], clock: any WallClock, logger: Logger, timing: Timing,
        owner: JobOwner = .current()
    ) {
        self.database = database
        self.queue = queue
        self.lanes = lanes
        self.clock = clock
        self.logger = logger
        self.timing = timing
        self.owner = owner
    }

    var kinds: [JobKind] { lanes.flatMap(\.kinds) }

    /// Works until graceful shutdown or cancellation.
    ///
    /// After the order to stop nothing new is begun, and what is under way may end within ten seconds. What does not is
    /// stopped and goes back to the queue as if it had not been begun.
    public func run() async throws {
        await reap()
        await withGracefulShutdownHandler {
            await withTaskGroup { group in
                group.addTask { await self.keepTime() }
                group.addTask { await self.listen() }
                await withDiscardingTaskGroup { work in
                    for lane in self.lanes { work.addTask { await self.work(in: lane) } }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.stop()
        }
        await giveBack()
    }

    /// Returns when none of this runner's kinds of jobs is due or being worked on, by anyone. Call it while the runner runs.
    public func waitUntilIdle() async throws {
        let signal = progress.subscribe()
        defer { progress.unsubscribe(signal) }
        while try await isBusy() {
            try Task.checkCancellation()
            await signal.wait()
        }
    }

    private func isBusy() async throws -> Bool {
        try await database.read { [kinds, now = clock.now] tx in
            try LeaseStore.isUnderWay(kinds, tx) || LeaseStore.isDue(kinds, at: now, tx)
        }
    }

    private func stop() {
        stopped.withLock { $0 = $0 ?? .now }
        queue.bell.ring()
    }

    var isStopping: Bool { stopped.withLock { $0 != nil } || Task.isCancelled }
}
