internal import Synchronization

/// Counts statements over all connections of a database, and keeps them while someone asks for that.
final class StatementCounter: Sendable {
    private let statements = Atomic(0)
    private let transactions = Atomic(0)
    private let isKeeping = Atomic(false)
    private let kept = Mutex<[SQL]>([])

    var count: Int { statements.load(ordering: .relaxed) }

    func add(_ sql: SQL? = nil) {
        statements.add(1, ordering: .relaxed)
        guard isKeeping.load(ordering: .relaxed), let sql else { return }
        kept.withLock { $0.append(sql) }
    }

    /// Keeps what is added from now on.
    func keep() { isKeeping.store(true, ordering: .relaxed) }

    /// What was kept; nothing more is.
    func take() -> [SQL] {
        isKeeping.store(false, ordering: .relaxed)
        return kept.withLock { kept in
            defer { kept = [] }
            return kept
        }
    }

    /// Notes the end of a transaction; `true` at every hundredth.
    func endTransaction() -> Bool { transactions.add(1, ordering: .relaxed).newValue % 100 == 0 }
}
