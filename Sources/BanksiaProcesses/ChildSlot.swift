internal import Logging

/// One thread and the child it feeds. Everything here runs on that thread.
final class ChildSlot {
    private let number: Int
    private let pool: ChildPool.Terms
    private let calls: CallQueue
    private let waker: Waker
    private var child: ChildProcess?
    private var served = 0

    /// How long a child that was sent home may take before it is killed.
    private static let farewell = Duration.seconds(2)
    /// How long an ended child's process may take to be gone, so that its exit code is its own.
    private static let lastWords = Duration.milliseconds(500)

    /// How often a long call's child is asked after its caller.
    private static let lookInterval = Duration.seconds(1)

    init(number: Int, pool: ChildPool.Terms, calls: CallQueue, waker: Waker) {
        self.number = number
        self.pool = pool
        self.calls = calls
        self.waker = waker
    }

    /// Serves calls until the pool is closed.
    func run() {
        while true {
            switch calls.turn(of: number, hasChild: child != nil) {
            case .serve(let call): call.answer(serve(call))
            case .rest: rest()
            case .leave:
                dismiss(grace: .zero)
                calls.leave(number)
                return
            }
        }
    }

    /// Waits for a call; ends a child that idles too long, or that ended by itself.
    private func rest() {
        var nothing: ArraySlice<UInt8> = []
        guard let child else { return waker.wait() }
        switch child.step(sending: &nothing, until: .now + pool.idleTimeout, wake: waker.descriptor) {
        case .woken: waker.calm()
        case .deadline: dismiss(grace: Self.farewell)
        case .closed, .received:  // words nobody asked for: it cannot be trusted with the next call
            let exit = dismiss(grace: .zero)
            pool.logger.warning("idle child ended", metadata: ["pool": "\(pool.name)", "exit": "\(exit)"])
        }
    }

    private func serve(_ call: ChildCall) -> ChildCall.Answer {
        do throws(ChildProblem) {
            let child = try readyChild()
            let payload = try exchange(call, with: child)
            guard let reply = Reply(payload: payload) else { throw ChildProblem.brokenAnswer }
            served += 1
            if served >= pool.jobsPerChild { dismiss(grace: Self.farewell) }
            switch reply {
            case .result(let bytes): return .success(bytes)
            case .refused(let code, let detail): return .failure(.refused(code: code, detail: detail))
            }
        } catch {
            return .failure(bury(because: error))
        }
    }

    private func readyChild() throws(ChildProblem) -> ChildProcess {
        if let child { return child }
        let started = try ChildProcess(pool.command, limits: pool.limits, group: .own) { [pool] line in
            pool.logger.debug("child says", metadata: ["pool": "\(pool.name)", "line": "\(line)"])
        }
        child = started
        served = 0
        calls.note(child: started.id, of: number)
        return started
    }

    private func exchange(_ call: ChildCall, with child: ChildProcess) throws(ChildProblem) -> [UInt8] {
        child.beginCall()
        let deadline = ContinuousClock.now + call.timeout
        var outgoing = Frame.encode(call.request)[...]
        var incoming = FrameReader()
        while true {
            let look = pool.abandoned == .ends ? min(deadline, .now + Self.lookInterval) : deadline
            switch child.step(sending: &outgoing, until: look, wake: waker.descriptor) {
            case .received(let bytes):
                incoming.append(bytes)
                let payload: [UInt8]?
                do { payload = try incoming.next() } catch { throw .brokenAnswer }
                guard let payload else { continue }
                guard outgoing.isEmpty, !incoming.isMidFrame else { throw .brokenAnswer }
                return payload
            case .woken:
                waker.calm()
                if calls.isClosed { throw .closed }
            case .closed: throw .crashed(.unknown)
            case .deadline:
                if deadline <= .now { throw .timedOut }
                if call.isAnswered { throw .cancelled }
            }
        }
    }

    /// Ends a child that failed its call, and says more exactly what became of it.
    private func bury(because problem: ChildProblem) -> ChildProblem {
        guard let child else { return problem }
        guard case .crashed = problem else {
            dismiss(grace: .zero)
            return problem
        }
        let exit = dismiss(grace: Self.lastWords)
        let outOfMemory = child.speaksOfMemory
        pool.logger.warning(
            "child ended in mid-call",
            metadata: ["pool": "\(pool.name)", "exit": "\(exit)", "out_of_memory": "\(outOfMemory)"])
        return outOfMemory ? .outOfMemory : .crashed(exit)
    }

    @discardableResult private func dismiss(grace: Duration) -> ChildExit {
        let exit = child?.end(grace: grace) ?? .unknown
        child = nil
        calls.note(child: nil, of: number)
        return exit
    }
}
