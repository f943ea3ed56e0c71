import Synchronization

/// Vectors of texts that were asked for lately.
final class QueryCache: Sendable {
    private struct Entry {
        var vector: [Float]
        var used: UInt64
    }
    private struct State {
        var entries: [String: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: how many texts at most; then the half that was used longest ago is forgotten.
    init(capacity: Int) { self.capacity = capacity }

    subscript(text: String) -> [Float]? {
        state.withLock { state in
            state.clock += 1
            state.entries[text]?.used = state.clock
            return state.entries[text]?.vector
        }
    }

    func keep(_ vector: [Float], for text: String) {
        state.withLock { state in
            if state.entries.count >= capacity {
                let middle = state.entries.values.map(\.used).sorted()[state.entries.count / 2]
                state.entries = state.entries.filter { $0.value.used > middle }
            }
            state.clock += 1
            state.entries[text] = Entry(vector: vector, used: state.clock)
        }
    }

    var count: Int { state.withLock { $0.entries.count } }
}
