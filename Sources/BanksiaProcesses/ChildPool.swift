internal import BanksiaCore
internal import Foundation
public import Logging

/// A few child processes of one kind, and calls to them.
///
/// Children start when there is work and end when there has been none for a while, so that their memory returns. Each
/// does one call at a time. A child that crashes, hangs, breaks the protocol or runs out of memory fails the call it was
/// at, and is replaced for the next. The children die with this process, however it ends.
public final class ChildPool: Sendable {
    /// What becomes of a call that its caller gave up.
    public enum Abandoned: Sendable {
        /// The child goes on to its end: what is short is not worth the start of another child.
        case finishes
        /// The child is ended within a second, with all that it has started.
        case ends
    }

    /// What all slots go by.
    struct Terms: Sendable {
        let name: String
        let command: ChildCommand
        let limits: ChildLimits
        let idleTimeout: Duration
        let jobsPerChild: Int
        let abandoned: Abandoned
        let logger: Logger
    }

    private let calls: CallQueue

    /// Makes a pool; no child starts yet.
    ///
    /// - Parameters:
    ///   - name: names the pool in logs.
    ///   - width: how many children at most, each with a thread of this process.
    ///   - idleTimeout: how long a child without work stays.
    ///   - jobs: after how many calls a child is replaced, which bounds what a leak in a library can cost.
    ///   - abandoned: what becomes of calls that their callers gave up.
    ///   - queueLimit: how many calls may wait for a child; more are refused with `queueFull`.
    public init(
        name: String, command: ChildCommand, width: Int, limits: ChildLimits, idleTimeout: Duration = .seconds(30),
        recycleAfter jobs: Int = 500, abandoned: Abandoned = .finishes, queueLimit: Int = 1024,
        logger: Logger
    ) {
        let terms = Terms(
            name: name, command: command, limits: limits, idleTimeout: idleTimeout, jobsPerChild: jobs, abandoned: abandoned,
            logger: logger)
        let wakers = (0..<max(width, 1)).map { _ in Waker() }
        let calls = CallQueue(slots: wakers.count, limit: queueLimit, wakers: wakers)
        self.calls = calls
        for (number, waker) in wakers.enumerated() {
            // A thread and not a task: it blocks, and the kernel ties a child's life to the thread that started it.
            Thread.detachNewThread { ChildSlot(number: number, pool: terms, calls: calls, waker: waker).run() }
        }
    }

    deinit { calls.close() }

    /// Has a child do something. The more urgent calls are served first (`Urgency`), equals in the order in which they came; but
    /// whoever has waited for ten seconds comes before all others.
    ///
    /// - Parameter timeout: how long the child may take, from when it gets the request; waiting for a child does not count,
    ///   starting one does.
    public func call(_ request: [UInt8], timeout: Duration) async throws(ChildProblem) -> [UInt8] {
        guard request.count <= Frame.limitBytes else { throw .requestTooLarge(byteCount: request.count) }
        let call = ChildCall(request: request, timeout: timeout, urgency: Urgency.current)
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                call.await(continuation)
                if let refusal = calls.enqueue(call) { call.answer(.failure(refusal)) }
            }
        } onCancel: {
            calls.remove(call)
            call.answer(.failure(.cancelled))
        }
        return try answer.get()
    }

    /// Ends all children at once; calls that wait or run fail with `closed`. Returns when the last child is gone.
    public func close() async {
        calls.close()
        await calls.waitUntilLeft()
    }

    /// The children that live now.
    public var childProcessIDs: [Int32] { calls.children }
}
