import Synchronization

/// Looks at the transaction of a write that will be rolled back.
public struct RehearsalObserver: Sendable {
    let before: @Sendable (borrowing Transaction) throws -> Void
    let after: @Sendable (borrowing Transaction) throws -> Void

    /// - Parameters:
    ///   - before: looks before the write's first statement.
    ///   - after: looks after its last one. A write may run again from its start, and then both do.
    public init(
        before: @escaping @Sendable (borrowing Transaction) throws -> Void,
        after: @escaping @Sendable (borrowing Transaction) throws -> Void
    ) {
        self.before = before
        self.after = after
    }

    @TaskLocal static var current: RehearsalObserver?
}

extension Database {
    /// Runs `body` for the sake of what it would do: each write in it, by whatever database, comes to its end and is then rolled
    /// back, and what was to follow its commit does not.
    ///
    /// A write does not see what one before it in the same rehearsal did.
    public static func rehearsing<Result: Sendable>(
        _ observer: RehearsalObserver, _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        try await RehearsalObserver.$current.withValue(observer) { try await body() }
    }

    /// Thrown to have a transaction rolled back that came to its end.
    private struct Ended: Error {}

    /// The result of a write that leaves nothing behind. It sees nothing of others that came after its beginning, so that what
    /// is there at its end and was not before is its own.
    func rehearse<Result: Sendable>(
        _ observer: RehearsalObserver, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        let result = Mutex<Result?>(nil)
        do {
            try await commit(.serial) { tx in
                try observer.before(tx)
                let ended = try body(tx)
                try observer.after(tx)
                result.withLock { $0 = ended }
                throw Ended()
            }
        } catch is Ended {}
        guard let ended = result.withLock({ $0 }) else { preconditionFailure("a write that came to its end has a result") }
        return ended
    }
}
