internal import CProcess
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The calls that wait for a child, and the slots that wait for a call.
final class CallQueue: Sendable {
    /// What a slot does next.
    enum Turn {
        case serve(ChildCall)
        /// Wait until woken.
        case rest
        /// The pool is closed.
        case leave
    }

    private struct State {
        /// The most urgent first, equals as they came.
        var waiting: [ChildCall] = []
        /// Slots at rest, the next to wake last: those with a living child lie above those without.
        var resting: [Int] = []
        var children: [Int: Int32] = [:]
        var isClosed = false
        var slotsLeft: Int
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let wakers: [Waker]
    private let limit: Int
    private let patience: Duration

    /// - Parameter patience: after this time a call comes before more urgent ones, so that none waits until its caller gives up.
    init(slots: Int, limit: Int, patience: Duration = .seconds(10), wakers: [Waker]) {
        state = Mutex(State(slotsLeft: slots))
        self.wakers = wakers
        self.limit = limit
        self.patience = patience
    }

    /// - Returns: why the call was not taken.
    func enqueue(_ call: ChildCall) -> ChildProblem? {
        state.withLock { state in
            if state.isClosed { return .closed }
            if state.waiting.count >= limit { return .queueFull }
            let place = state.waiting.lastIndex { $0.urgency >= call.urgency }.map { $0 + 1 } ?? 0
            state.waiting.insert(call, at: place)
            if let slot = state.resting.popLast() { wakers[slot].wake() }
            return nil
        }
    }

    func remove(_ call: ChildCall) { state.withLock { $0.waiting.removeAll { $0 === call } } }

    func turn(of slot: Int, hasChild: Bool) -> Turn {
        state.withLock { state in
            if state.isClosed { return .leave }
            state.resting.removeAll { $0 == slot }
            state.waiting.removeAll { $0.isAnswered }
            if let next = next(of: state.waiting) { return .serve(state.waiting.remove(at: next)) }
            state.resting.insert(slot, at: hasChild ? state.resting.endIndex : 0)
            return .rest
        }
    }

    private func next(of waiting: [ChildCall]) -> Int? {
        let oldest = waiting.indices.min { waiting[$0].since < waiting[$1].since }
        guard let oldest, ContinuousClock.now - waiting[oldest].since > patience else { return waiting.indices.first }
        return oldest
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var children: [Int32] { state.withLock { $0.children.values.sorted() } }
    func note(child: Int32?, of slot: Int) { state.withLock { $0.children[slot] = child } }

    /// Answers all waiting calls and sends all slots home.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in waiting { call.answer(.failure(.closed)) }
        for waker in wakers { waker.wake() }
    }

    /// Returns when the last slot has left.
    func waitUntilLeft() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.slotsLeft > 0 { state.closers.append(continuation) }
                return state.slotsLeft == 0
            }
            if isOver { continuation.resume() }
        }
    }

    func leave(_ slot: Int) {
        let closers = state.withLock { state in
            state.slotsLeft -= 1
            return state.slotsLeft == 0 ? state.closers : []
        }
        for closer in closers { closer.resume() }
    }
}

/// Wakes one thread out of poll(2): a pipe with a byte in it.
final class Waker: Sendable {
    /// Can be read when someone called `wake`.
    let descriptor: Int32
    private let writer: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        let result = unsafe ends.withUnsafeMutableBufferPointer { unsafe banksia_make_pipe($0.baseAddress!) }
        // As with the threads themselves: a process that starts without descriptors to spare cannot run at all.
        precondition(result == 0, "the system refused a pipe: \(systemReason(-result))")
        descriptor = ends[0]
        writer = ends[1]
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    /// A slot is woken once per rest and once at the end, so the pipe never fills.
    func wake() {
        var byte: UInt8 = 1
        _ = unsafe write(writer, &byte, 1)
    }

    /// Waits for a wake-up and takes it back.
    func wait() {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&watched, 1, -1) < 0 {}  // EINTR
        calm()
    }

    /// Takes all wake-ups back.
    func calm() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
