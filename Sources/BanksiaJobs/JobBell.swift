internal import Synchronization

/// Wakes those who wait for a change in the queue. Ringing is cheap, and several rings before a wake-up count as one.
final class JobBell: Sendable {
    private let listeners = Mutex<[ObjectIdentifier: JobSignal]>([:])

    /// A signal that is raised at every ring, until `unsubscribe`.
    func subscribe() -> JobSignal {
        let signal = JobSignal()
        listeners.withLock { $0[ObjectIdentifier(signal)] = signal }
        return signal
    }

    func unsubscribe(_ signal: JobSignal) { listeners.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(signal)) } }

    func ring() {
        for signal in listeners.withLock({ Array($0.values) }) { signal.raise() }
    }
}

/// A flag that one task at a time can wait for. Raised while nobody waits, it ends the next wait at once.
final class JobSignal: Sendable {
    private enum State {
        case down, up
        case awaited(CheckedContinuation<Void, Never>)
    }
    private let state = Mutex(State.down)

    func raise() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            if case .awaited(let continuation) = state {
                state = .down
                return continuation
            }
            state = .up
            return nil
        }
        waiter?.resume()
    }

    /// Returns when the flag has been raised, taking it down, or when the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isUp = state.withLock { state in
                    if case .awaited = state { preconditionFailure("a signal has one waiter") }
                    if case .up = state {
                        state = .down
                        return true
                    }
                    state = .awaited(continuation)
                    return false
                }
                if isUp { continuation.resume() }
            }
        } onCancel: {
            raise()
        }
    }
}
