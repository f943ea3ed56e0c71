public import BanksiaCore

/// How a child process ended.
public enum ChildExit: Sendable, Hashable {
    /// It left by itself with this code.
    case code(Int32)
    /// This signal ended it; 9 from outside is often the kernel's last resort when memory is short.
    case signal(Int32)
    /// Someone else reaped it, so nothing is known.
    case unknown
}

/// Why a call to a child brought no answer. Each fails one call and nothing else: the next one gets a fresh child.
public enum ChildProblem: Problem, Hashable {
    /// The child ended in the middle of the work.
    case crashed(ChildExit)
    /// The work took longer than the call allowed; the child was killed.
    case timedOut
    /// The child ended because it was refused memory.
    case outOfMemory
    /// The child's words were not a frame, or one beyond `Frame.limitBytes`; it was killed.
    case brokenAnswer
    /// The request is beyond `Frame.limitBytes`; no child saw it.
    case requestTooLarge(byteCount: Int)
    /// All children are busy and as many calls wait as may.
    case queueFull
    /// The pool was closed before or during the call.
    case closed
    /// The caller was cancelled. Work that a child had begun goes on within its time; its answer is dropped.
    case cancelled
    /// The program could not be started, with the system's reason.
    case startFailed(String)
    /// The child understood, and says no.
    case refused(code: String, detail: String)

    public var code: String {
        switch self {
        case .crashed, .brokenAnswer: "child_crashed"
        case .timedOut: "child_timed_out"
        case .outOfMemory: "child_out_of_memory"
        case .requestTooLarge: "child_request_too_large"
        case .queueFull, .closed, .cancelled: "service_unavailable"
        case .startFailed: "child_not_started"
        case .refused(let code, _): code
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .refused, .requestTooLarge: .invalid
        case .crashed, .brokenAnswer, .timedOut, .outOfMemory, .queueFull, .closed, .cancelled, .startFailed: .unavailable
        }
    }

    public var detail: String {
        switch self {
        case .crashed(.code(let code)): "The worker process stopped with code \(code) while it was at this."
        case .crashed(.signal(let signal)): "The worker process was ended by signal \(signal) while it was at this."
        case .crashed(.unknown): "The worker process stopped while it was at this."
        case .timedOut: "The work took longer than it may."
        case .outOfMemory: "The work needed more memory than it may have."
        case .brokenAnswer: "The worker process gave an answer that makes no sense."
        case .requestTooLarge(let count):
            "A request to a worker process has at most \(Frame.limitBytes) bytes; this one has \(count)."
        case .queueFull: "The server has more work waiting than it takes. Try again in a moment."
        case .closed: "The server is shutting down. Try again in a moment."
        case .cancelled: "The work was called off."
        case .startFailed(let reason): "A worker process could not be started: \(reason)."
        case .refused(_, let detail): detail
        }
    }
}
