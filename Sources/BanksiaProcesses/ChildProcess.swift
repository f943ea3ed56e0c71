internal import CProcess

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A running child and the talk with it, for one thread at a time. The child ends with the object.
///
/// The thread that makes it must outlive it (see `banksia_start_child`).
package final class ChildProcess {
    /// What a step of the talk brought.
    package enum Event {
        /// Bytes from the child's standard output.
        case received([UInt8])
        /// The child closed its standard output: it has ended, or is about to.
        case closed
        /// Someone wrote to the `wake` descriptor.
        case woken
        /// The deadline passed.
        case deadline
    }

    /// The process id.
    package var id: Int32 { spawned.process }
    private let spawned: SpawnedChild
    private let group: ChildGroup
    private let onErrorLine: (String) -> Void
    private var errorLines = StandardErrorLines()
    private var errorsAreOpen = true
    private var hasEnded = false
    private static let readBytes = 256 << 10

    /// Starts the command.
    ///
    /// - Parameter onErrorLine: gets what the child writes to standard error, cut to bounded lines, a few per call.
    package init(
        _ command: ChildCommand, limits: ChildLimits, group: ChildGroup, onErrorLine: @escaping (String) -> Void = { _ in }
    ) throws(ChildProblem) {
        spawned = try SpawnedChild(command, limits: limits, group: group)
        self.group = group
        self.onErrorLine = onErrorLine
    }

    deinit {
        end(grace: .zero)
        close(spawned.channel)
        close(spawned.errors)
    }

    /// A new call begins: the bounds on its standard error start afresh.
    package func beginCall() { errorLines.reset() }

    /// Whether the last words on standard error were about memory.
    package var speaksOfMemory: Bool { errorLines.speaksOfMemory }

    /// Sends what it can, and waits for the first thing to happen.
    ///
    /// - Parameters:
    ///   - outgoing: what is still to be sent; shrinks.
    ///   - deadline: when to stop waiting; `nil` waits for ever.
    ///   - wake: a descriptor that ends the wait when it can be read.
    package func step(
        sending outgoing: inout ArraySlice<UInt8>, until deadline: ContinuousClock.Instant?, wake: Int32? = nil
    ) -> Event {
        while true {
            let channelEvents = outgoing.isEmpty ? POLLIN : POLLIN | POLLOUT
            var watched = [
                pollfd(fd: spawned.channel, events: Int16(channelEvents), revents: 0),
                pollfd(fd: errorsAreOpen ? spawned.errors : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let ready = unsafe poll(&watched, nfds_t(watched.count), Self.milliseconds(until: deadline))
            if ready == 0 { return .deadline }
            if ready < 0 { continue }  // EINTR: the only error poll(2) can give for these arguments
            if watched[1].revents != 0 { readErrors() }
            if watched[2].revents != 0 { return .woken }
            if watched[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0, let event = receive() { return event }
            if watched[0].revents & Int16(POLLOUT) != 0 { send(&outgoing) }
            if let deadline, deadline <= .now { return .deadline }  // a child that babbles on standard error is late too
        }
    }

    /// Ends the child and all of its group: closes its standard input, waits up to `grace` for it to leave by itself,
    /// then kills, and reaps it.
    @discardableResult package func end(grace: Duration) -> ChildExit {
        guard !hasEnded else { return .unknown }
        hasEnded = true
        shutdown(spawned.channel, Int32(SHUT_WR))
        waitForHangUp(until: .now + grace)
        kill(group == .own ? -id : id, SIGKILL)
        var signal: Int32 = 0
        var code: Int32 = 0
        let reaped = unsafe banksia_reap(id, &signal, &code)
        if errorsAreOpen { readErrors() }
        if reaped != 0 { return .unknown }
        return signal != 0 ? .signal(signal) : .code(code)
    }

    /// Until the child has let go of its standard output and error, which is what the end of a process does.
    private func waitForHangUp(until deadline: ContinuousClock.Instant) {
        var nothing: ArraySlice<UInt8> = []
        talk: while true {
            switch step(sending: &nothing, until: deadline) {
            case .received: continue
            case .deadline: return
            case .closed, .woken: break talk
            }
        }
        while errorsAreOpen {
            var watched = pollfd(fd: spawned.errors, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&watched, 1, Self.milliseconds(until: deadline)) == 0 { return }
            readErrors()
        }
    }

    /// `nil` when there was nothing after all.
    private func receive() -> Event? {
        var isAtEnd = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.readBytes) { buffer, count in
            let result = unsafe read(spawned.channel, buffer.baseAddress, buffer.count)
            count = max(result, 0)
            isAtEnd = result == 0 || (result < 0 && errno != EAGAIN && errno != EINTR)
        }
        if isAtEnd { return .closed }
        return bytes.isEmpty ? nil : .received(bytes)
    }

    private func send(_ outgoing: inout ArraySlice<UInt8>) {
        let sent = unsafe outgoing.withUnsafeBytes { unsafe banksia_send(spawned.channel, $0.baseAddress, $0.count) }
        if sent > 0 {
            outgoing.removeFirst(sent)
        } else if sent != -Int(EAGAIN) {
            outgoing = []  // the child is gone; reading tells what became of it
        }
    }

    /// Takes what lies on standard error now, at most one buffer, so that a child that babbles cannot keep us here.
    private func readErrors() {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, initialized in
            count = unsafe read(spawned.errors, buffer.baseAddress, buffer.count)
            initialized = max(count, 0)
        }
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { errorsAreOpen = false }
        for line in errorLines.take(bytes) { onErrorLine(line) }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = deadline - .now
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
}
