internal import Dispatch
internal import Synchronization

/// A place for one connection, with a thread of its own on which libpq may block.
///
/// The connection is made when it is first needed, and again after it broke.
actor PostgresSlot {
    private let queue: PostgresQueue
    private let settings: PostgresSettings
    /// Counts how often the pool's connections became useless all at once.
    private let epoch: PostgresEpoch
    private var connection: (value: PostgresConnection, epoch: Int)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe queue.asUnownedSerialExecutor() }

    init(_ settings: PostgresSettings, _ epoch: PostgresEpoch) {
        self.settings = settings
        self.epoch = epoch
        queue = PostgresQueue()
    }

    /// - Throws: what `body` throws; `PostgresRefusal` and `PostgresFault` when no connection comes about.
    func run<Result: Sendable>(
        _ cancellation: PostgresCancellation, _ body: @Sendable (PostgresConnection) throws -> Result
    ) throws -> Result {
        try cancellation.check()
        let connection = try connected()
        cancellation.attach(connection.canceller)
        defer {
            cancellation.detach()
            if !connection.pipeline.isUsable { drop(connection) }
        }
        return try body(connection)
    }

    func close() { connection = nil }

    private func connected() throws -> PostgresConnection {
        let now = epoch.value
        if let connection, connection.epoch == now { return connection.value }
        // First away with the old one: the server may count it against its limit.
        connection = nil
        let new = try PostgresConnection(settings)
        connection = (new, now)
        return new
    }

    /// Where one connection broke the others have most likely broken too, as when the server was restarted.
    private func drop(_ connection: PostgresConnection) {
        if connection.pipeline.isBroken { epoch.end() }
        self.connection = nil
    }
}

final class PostgresEpoch: Sendable {
    private let number = Atomic(0)
    var value: Int { number.load(ordering: .acquiring) }
    func end() { number.add(1, ordering: .releasing) }
}

/// Runs an actor on a thread that may block.
final class PostgresQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "banksia.postgres")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }
}
