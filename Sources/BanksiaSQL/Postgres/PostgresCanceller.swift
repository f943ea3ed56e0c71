internal import CPostgres
internal import Dispatch
internal import Synchronization

/// Asks the server to stop what a connection is doing. May be used while another thread waits on that connection.
@safe final class PostgresCanceller: Sendable {
    // PQcancel may be called from any thread (libpq, "Canceling Queries in Progress"); the lock keeps it apart from being freed.
    private let handle: Mutex<Handle>

    @safe private struct Handle: @unchecked Sendable {
        var pointer: OpaquePointer?
    }

    init(_ link: PostgresLink) { unsafe handle = Mutex(Handle(pointer: PQgetCancel(link.handle))) }

    func stop() {
        handle.withLock { handle in
            guard let pointer = unsafe handle.pointer else { return }
            var message = [CChar](repeating: 0, count: 256)
            // When it cannot be told, the statement runs on until its own time limit.
            _ = unsafe PQcancel(pointer, &message, Int32(message.count))
        }
    }

    func forget() {
        handle.withLock { handle in
            unsafe PQfreeCancel(handle.pointer)
            unsafe handle.pointer = nil
        }
    }
}

/// Whether a task that uses a connection was cancelled, and what to stop then.
final class PostgresCancellation: Sendable {
    private let isRaised = Atomic(false)
    private let target = Mutex<PostgresCanceller?>(nil)

    var isCancelled: Bool { isRaised.load(ordering: .acquiring) }

    /// - Throws: `CancellationError`.
    func check() throws { if isCancelled { throw CancellationError() } }

    /// From here on a connection works for the task.
    func attach(_ canceller: PostgresCanceller) { target.withLock { $0 = canceller } }

    /// From here on it may work for others. Waits for a request to stop that is just being sent, so that it cannot hit them.
    func detach() { target.withLock { $0 = nil } }

    /// Returns at once; telling the server takes a connection of its own.
    func cancel() {
        isRaised.store(true, ordering: .releasing)
        DispatchQueue.global().async { [self] in target.withLock { $0?.stop() } }
    }
}
