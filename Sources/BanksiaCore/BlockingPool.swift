import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Threads of our own for work that blocks, so that Swift's cooperative threads never do.
///
/// A fixed number of threads serves one bounded queue. Work that comes when the queue is full is refused with
/// `BlockingPoolProblem.full`, so a slow disk shows as back-pressure and not as memory.
public final class BlockingPool: Sendable {
    private struct State {
        var queue: [(@Sendable () -> Void)?] = []
        var head = 0
        var isClosed = false
        var waiting: Int { queue.count - head }

        mutating func pop() -> (@Sendable () -> Void)? {
            guard head < queue.count else { return nil }
            defer {
                // Let go at once: work often holds buffers or open files.
                queue[head] = nil
                head += 1
                if head > 64, head * 2 > queue.count {
                    queue.removeFirst(head)
                    head = 0
                }
            }
            return queue[head]
        }
    }

    private let state = Mutex(State())
    private let signal = Semaphore()
    private let width: Int
    private let capacity: Int

    /// - Parameters:
    ///   - width: how many threads.
    ///   - capacity: how many pieces of work may wait; more are refused.
    public init(width: Int, capacity: Int = 4096) {
        self.width = width
        self.capacity = capacity
        for _ in 0..<width {
            startThread { [weak self, signal] in
                while true {
                    signal.wait()
                    guard let self else { return }
                    if let work = self.state.withLock({ $0.pop() }) {
                        work()
                    } else if self.state.withLock({ $0.isClosed }) {
                        return
                    }
                }
            }
        }
    }

    /// Runs `body` on one of the pool's threads.
    ///
    /// - Throws: what `body` throws, or `BlockingPoolProblem`.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let refusal: BlockingPoolProblem? = state.withLock { state in
                if state.isClosed { return .closed }
                if state.waiting >= capacity { return .full }
                state.queue.append { continuation.resume(with: Swift.Result { try body() }) }
                return nil
            }
            if let refusal { continuation.resume(throwing: refusal) } else { signal.post() }
        }
    }

    /// Lets waiting work finish, then ends the threads. Later work is refused.
    public func close() {
        state.withLock { $0.isClosed = true }
        for _ in 0..<width { signal.post() }
    }

    deinit { for _ in 0..<width { signal.post() } }
}

/// Why a `BlockingPool` did not take a piece of work.
public enum BlockingPoolProblem: Problem {
    case full, closed

    public var code: String { "service_unavailable" }
    public var kind: ProblemKind { .unavailable }
    public var detail: String {
        switch self {
        case .full: "The server has more work waiting than it takes. Try again in a moment."
        case .closed: "The server is shutting down. Try again in a moment."
        }
    }
}

/// A counting semaphore over a POSIX one.
private final class Semaphore: Sendable {
    // The pointer is written once in `init`; sem_wait and sem_post are safe from any thread (POSIX.1-2017).
    private nonisolated(unsafe) let handle: UnsafeMutablePointer<sem_t>

    init() {
        handle = .allocate(capacity: 1)
        sem_init(handle, 0, 0)
    }

    deinit {
        sem_destroy(handle)
        handle.deallocate()
    }

    func post() { sem_post(handle) }
    func wait() { while sem_wait(handle) != 0 && errno == EINTR {} }
}

/// Starts a detached thread.
private func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let result = pthread_create(
        &thread, nil,
        { argument in
            Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    precondition(result == 0, "the system refused a thread")
    pthread_detach(thread)
}
