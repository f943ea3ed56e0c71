internal import Synchronization

/// What was worked out lately, by what was asked.
public final class RecentCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var used: UInt64
    }
    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// An empty one.
    ///
    /// - Parameter capacity: how many values at most; then the half that was used longest ago is forgotten.
    public init(capacity: Int) { self.capacity = capacity }

    /// The value that was kept for a key, if it has not been forgotten.
    public subscript(key: Key) -> Value? {
        state.withLock { state in
            state.clock += 1
            state.entries[key]?.used = state.clock
            return state.entries[key]?.value
        }
    }

    /// Keeps a value.
    public func keep(_ value: Value, for key: Key) {
        state.withLock { state in
            if state.entries.count >= capacity {
                let middle = state.entries.values.map(\.used).sorted()[state.entries.count / 2]
                state.entries = state.entries.filter { $0.value.used > middle }
            }
            state.clock += 1
            state.entries[key] = Entry(value: value, used: state.clock)
        }
    }

    /// How many values there are.
    public var count: Int { state.withLock { $0.entries.count } }
}
