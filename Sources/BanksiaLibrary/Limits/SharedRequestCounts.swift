public import BanksiaCore
public import BanksiaSQL
public import Logging
import Synchronization

/// Counts in the database, for an installation with several servers.
///
/// A server takes a hundredth of a limit at a time and hands it out from memory, so that most requests cost no statement. What
/// it took and did not need is lost to the minute: with many servers somebody may be stopped a little early, never late.
public final class SharedRequestCounts: RequestCounts {
    private struct Share {
        /// Taken from the database and not yet handed out.
        var left = 0
        /// What the database has given to all servers.
        var given = 0
    }

    private struct Minute {
        var number: Int64 = 0
        var shares: [RequestKey: Share] = [:]
    }

    private static let mostKeys = 100_000

    private let database: Database
    private let clock: any WallClock
    private let logger: Logger
    private let minute = Mutex(Minute())

    public init(database: Database, clock: any WallClock, logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    public func take(_ key: RequestKey, of limit: Int) async -> Allowance {
        let window = RequestWindow(at: clock.now)
        if let allowance = hand(out: key, of: limit, in: window) { return allowance }
        let share = max(1, limit / 100)
        do {
            let given = try await database.write(.committed) { tx in
                try RequestCountStore.add(share, to: key.text, in: window.number, tx)
            }
            return receive(min(share, limit - (given - share)), given: given, key, of: limit, in: window)
        } catch {
            // Being there is worth more than counting: what is wrong with the database shows where it is needed.
            logger.warning("requests could not be counted", metadata: ["error": "\(error)"])
            return Allowance(limit: limit, remaining: 0, secondsLeft: window.secondsLeft, isExceeded: false)
        }
    }

    /// From what is at hand; `nil` when the database has to be asked.
    private func hand(out key: RequestKey, of limit: Int, in window: RequestWindow) -> Allowance? {
        minute.withLock { minute in
            if minute.number != window.number { minute = Minute(number: window.number) }
            guard var share = minute.shares[key] else { return nil }
            guard share.left > 0 else { return share.given >= limit ? exceeded(limit, window) : nil }
            share.left -= 1
            minute.shares[key] = share
            return Allowance(
                limit: limit, remaining: max(0, limit - share.given) + share.left, secondsLeft: window.secondsLeft,
                isExceeded: false)
        }
    }

    /// Keeps what the database gave, less the one request it was asked for.
    private func receive(_ count: Int, given: Int, _ key: RequestKey, of limit: Int, in window: RequestWindow) -> Allowance {
        minute.withLock { minute in
            var share = Share()
            if minute.number == window.number {
                share = minute.shares[key] ?? share
                share.given = max(share.given, given)
                share.left += max(0, count - 1)
                if minute.shares[key] != nil || minute.shares.count < Self.mostKeys { minute.shares[key] = share }
            }
            guard count > 0 else { return exceeded(limit, window) }
            return Allowance(
                limit: limit, remaining: max(0, limit - given) + share.left, secondsLeft: window.secondsLeft, isExceeded: false)
        }
    }

    private func exceeded(_ limit: Int, _ window: RequestWindow) -> Allowance {
        Allowance(limit: limit, remaining: 0, secondsLeft: window.secondsLeft, isExceeded: true)
    }
}

/// All SQL of counted requests.
enum RequestCountStore {
    /// - Returns: how many were counted in this minute, these included.
    static func add(_ count: Int, to key: String, in minute: Int64, _ tx: borrowing Transaction) throws -> Int {
        try tx.value(
            """
            INSERT INTO request_count (key, minute, used) VALUES (\(key), \(minute), \(count))
            ON CONFLICT (key) DO UPDATE SET
                used = CASE WHEN request_count.minute = excluded.minute THEN request_count.used + excluded.used ELSE excluded.used END,
                minute = excluded.minute
            RETURNING used
            """) ?? count
    }

    /// Forgets minutes that are over.
    static func prune(at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM request_count WHERE minute < \(RequestWindow(at: now).number)")
    }
}
