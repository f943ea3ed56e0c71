internal import Synchronization

/// One call on its way: waiting, with a child, or answered. It is answered exactly once; later answers are dropped.
final class ChildCall: Sendable {
    typealias Answer = Result<[UInt8], ChildProblem>

    private enum State {
        case new
        case awaited(CheckedContinuation<Answer, Never>)
        case answered(Answer)
    }

    let request: [UInt8]
    let timeout: Duration
    let urgency: Int
    let since = ContinuousClock.now
    private let state = Mutex(State.new)

    init(request: [UInt8], timeout: Duration, urgency: Int) {
        self.request = request
        self.timeout = timeout
        self.urgency = urgency
    }

    var isAnswered: Bool {
        state.withLock { if case .answered = $0 { true } else { false } }
    }

    func await(_ continuation: CheckedContinuation<Answer, Never>) {
        let early: Answer? = state.withLock { state in
            if case .answered(let answer) = state { return answer }
            state = .awaited(continuation)
            return nil
        }
        if let early { continuation.resume(returning: early) }
    }

    func answer(_ answer: Answer) {
        let continuation: CheckedContinuation<Answer, Never>? = state.withLock { state in
            switch state {
            case .new:
                state = .answered(answer)
                return nil
            case .awaited(let continuation):
                state = .answered(answer)
                return continuation
            case .answered: return nil
            }
        }
        continuation?.resume(returning: answer)
    }
}
