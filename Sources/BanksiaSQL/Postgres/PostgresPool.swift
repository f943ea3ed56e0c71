internal import Synchronization

/// The connections of a database on a PostgreSQL server.
final class PostgresPool: Sendable {
    let settings: PostgresSettings
    private let slots: [PostgresSlot]
    private let turnstile: Turnstile<PostgresSlot>
    private let epoch = PostgresEpoch()
    let listener: PostgresListener

    init(_ settings: PostgresSettings) {
        self.settings = settings
        let epoch = epoch
        slots = (0..<max(1, settings.connections)).map { _ in PostgresSlot(settings, epoch) }
        // From the end, so that few connections are made while few are needed.
        turnstile = Turnstile(slots, patience: settings.lockTimeout)
        listener = PostgresListener(settings)
    }

    /// Has `body` use a connection, alone, on a thread that may block. When the task is cancelled, so is its statement.
    func use<Result: Sendable>(
        _ body: @Sendable (PostgresConnection, PostgresCancellation) throws -> Result
    ) async throws -> Result {
        let slot = try await turnstile.enter()
        defer { turnstile.exit(slot) }
        let cancellation = PostgresCancellation()
        return try await withTaskCancellationHandler {
            try await slot.run(cancellation) { try body($0, cancellation) }
        } onCancel: {
            cancellation.cancel()
        }
    }

    /// Has all connections made anew before their next use.
    func renew() { epoch.end() }

    func close() {
        turnstile.close()
        listener.close()
        // Cancelled by nobody and over at once: each slot lets its connection go when it is free.
        for slot in slots { Task { await slot.close() } }
    }

    // MARK: Transactions

    /// What came of one attempt at a transaction.
    enum Attempt<Result: Sendable>: Sendable {
        case done(Result)
        case again(any Error, PostgresTransaction.Trouble)
    }

    /// Enough for a dozen writers of the same row that fail each other in turn.
    private static let contentions = 20

    /// Runs `body` in a transaction, again when that may help.
    func transaction<Result: Sendable>(
        _ kind: PostgresTransaction.Kind, _ counter: StatementCounter, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        var contentions = 0
        var breaks = 0
        while true {
            let attempt: Attempt<Result>
            do {
                attempt = try await translating {
                    try await use { connection, cancellation in
                        try connection.transaction(kind, counter, cancellation, body)
                    }
                }
            } catch SQLProblem.readOnly {
                // A server that was made a standby; the one that took its place is found by connecting anew.
                renew()
                throw SQLProblem.readOnly
            }
            switch attempt {
            case .done(let result): return result
            case .again(let error, .contention):
                contentions += 1
                guard contentions < Self.contentions else { throw error }
                try await pause(after: contentions)
            case .again(let error, let trouble):
                breaks += 1
                guard breaks < 2 else { throw error }
                // The other connections have prepared the same statement.
                if trouble == .stale { renew() }
            }
        }
    }

    /// Up to 2, 4, 8 … 256 milliseconds, at random, so that those who met do not meet again.
    private func pause(after contentions: Int) async throws {
        try await Task.sleep(for: .microseconds(Int.random(in: 0...(1000 << min(contentions, 8)))))
    }

    /// A connection that does not come about, in the words of the database's users.
    func translating<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let refusal as PostgresRefusal {
            throw SQLProblem.unavailable(refusal.advice)
        } catch let fault as PostgresFault {
            throw Dialect.translated(fault, statement: "")
        }
    }

    /// Connects once, to see whether everything is as it should be.
    ///
    /// - Throws: `SQLProblem.cannotOpen`.
    func check() async throws {
        do {
            try await use { _, _ in }
        } catch let refusal as PostgresRefusal {
            throw SQLProblem.cannotOpen(refusal.advice)
        } catch let fault as PostgresFault {
            throw SQLProblem.cannotOpen("PostgreSQL could not be opened: \(fault.message)")
        }
    }

    /// Runs statements that may not stand in a transaction.
    func runOutsideTransaction(_ text: String) async throws {
        try await translating {
            try await use { connection, _ in
                do {
                    try connection.pipeline.aside { link in _ = try link.run(text) }
                } catch let fault as PostgresFault {
                    throw Dialect.translated(fault, statement: text)
                }
            }
        }
    }
}

extension PostgresConnection {
    func transaction<Result: Sendable>(
        _ kind: PostgresTransaction.Kind, _ counter: StatementCounter, _ cancellation: PostgresCancellation,
        _ body: (borrowing Transaction) throws -> Result
    ) throws -> PostgresPool.Attempt<Result> {
        let state = PostgresTransaction(self, kind, cancellation)
        let afterwards = Afterwards()
        let transaction = Transaction(.postgres(state), afterwards: afterwards, counter: counter)
        do {
            let result = try body(transaction)
            try state.commit()
            afterwards.run()
            return .done(result)
        } catch {
            state.rollBack()
            guard let trouble = state.trouble, !cancellation.isCancelled else { throw error }
            return .again(error, trouble)
        }
    }
}
