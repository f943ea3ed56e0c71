public import BanksiaCore
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: WallClock {
    private let time: Mutex<Instant>

    /// Starts at an instant that is easy to recognise.
    public init(_ start: Instant = Instant(microseconds: 1_700_000_000_000_000)) { time = Mutex(start) }

    public var now: Instant { time.withLock { $0 } }

    /// Moves the clock forward.
    public func advance(by duration: Duration) { time.withLock { $0 = $0.adding(duration) } }
}
