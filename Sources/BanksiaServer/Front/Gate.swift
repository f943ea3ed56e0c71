import BanksiaCore
import Synchronization

/// Bounds how many requests of one kind are under way. Who comes when it is full is sent away at once with
/// `RequestProblem.busy`: waiting would hold memory, and the client knows better how long to wait.
final class Gate: Sendable {
    private let limit: Int
    private let inside = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// A pass that counts until the last reference to it goes.
    func enter() throws(RequestProblem) -> Pass {
        let admitted = inside.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        guard admitted else { throw .busy }
        return Pass(gate: self)
    }

    final class Pass: Sendable {
        private let gate: Gate
        fileprivate init(gate: Gate) { self.gate = gate }
        deinit { gate.inside.withLock { $0 -= 1 } }
    }
}
