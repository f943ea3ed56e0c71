public import BanksiaCore
import Synchronization

/// Counts in memory, for an installation with one server.
public final class LocalRequestCounts: RequestCounts {
    private struct Minute {
        var number: Int64 = 0
        var used: [RequestKey: Int] = [:]
    }

    /// Some 20 MB. Whoever comes when so many are known is counted together with all other latecomers of that minute.
    private static let mostKeys = 100_000
    private static let others = RequestKey.address("others", .anonymous)

    private let clock: any WallClock
    private let minute = Mutex(Minute())

    public init(clock: any WallClock) { self.clock = clock }

    public func take(_ key: RequestKey, of limit: Int) async -> Allowance {
        let window = RequestWindow(at: clock.now)
        return minute.withLock { minute in
            if minute.number != window.number { minute = Minute(number: window.number) }
            let key = minute.used.count < Self.mostKeys || minute.used[key] != nil ? key : Self.others
            let used = minute.used[key, default: 0]
            if used < limit { minute.used[key] = used + 1 }
            return Allowance(
                limit: limit, remaining: max(0, limit - used - 1), secondsLeft: window.secondsLeft, isExceeded: used >= limit)
        }
    }
}
