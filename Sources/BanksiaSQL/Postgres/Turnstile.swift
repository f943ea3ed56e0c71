internal import Synchronization

/// Lends each of a few things to one user at a time. Who comes when all are lent out waits in line, for a while.
final class Turnstile<Thing: Sendable>: Sendable {
    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Thing, any Error>
        var timer: Task<Void, Never>?
    }

    private struct State {
        var free: [Thing]
        var line: [Waiter] = []
        var served = 0
        var isClosed = false
    }

    private let state: Mutex<State>
    private let patience: Duration
    /// Far more than a server has requests under way; past it waiting would end in the time limit anyway.
    private static var longestLine: Int { 1000 }

    init(_ things: [Thing], patience: Duration) {
        state = Mutex(State(free: things))
        self.patience = patience
    }

    /// - Throws: `SQLProblem.busy` after waiting too long or when too many wait; `SQLProblem.unavailable` once closed;
    ///   `CancellationError`.
    func enter() async throws -> Thing {
        let number = state.withLock { state in
            state.served += 1
            return state.served
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait($0, number) }
        } onCancel: {
            leave(number, CancellationError())
        }
    }

    private func wait(_ continuation: CheckedContinuation<Thing, any Error>, _ number: Int) {
        let result: Result<Thing, any Error>? = state.withLock { state in
            if state.isClosed { return .failure(SQLProblem.unavailable("the database was closed")) }
            // The one given back last: its connection is the most likely to be there.
            if let thing = state.free.popLast() { return .success(thing) }
            guard state.line.count < Self.longestLine else { return .failure(SQLProblem.busy) }
            // Ends with the waiting, either way: the waiter's departure cancels it.
            let timer = Task { [weak self, patience] in
                // Cancelled means served.
                guard (try? await Task.sleep(for: patience)) != nil else { return }
                self?.leave(number, SQLProblem.busy)
            }
            state.line.append(Waiter(number: number, continuation: continuation, timer: timer))
            return nil
        }
        if let result { return continuation.resume(with: result) }
        // Cancelled before it stood in line, when nobody found it there.
        if Task.isCancelled { leave(number, CancellationError()) }
    }

    private func leave(_ number: Int, _ error: any Error) {
        let waiter = state.withLock { state in
            state.line.firstIndex { $0.number == number }.map { state.line.remove(at: $0) }
        }
        waiter?.timer?.cancel()
        waiter?.continuation.resume(throwing: error)
    }

    /// Gives a thing back.
    func exit(_ thing: Thing) {
        let waiter: Waiter? = state.withLock { state in
            guard state.line.isEmpty else { return state.line.removeFirst() }
            state.free.append(thing)
            return nil
        }
        waiter?.timer?.cancel()
        waiter?.continuation.resume(returning: thing)
    }

    /// Lends no more; those who wait are sent away.
    func close() {
        let line = state.withLock { state in
            state.isClosed = true
            defer { state.line = [] }
            return state.line
        }
        for waiter in line {
            waiter.timer?.cancel()
            waiter.continuation.resume(throwing: SQLProblem.unavailable("the database was closed"))
        }
    }
}
