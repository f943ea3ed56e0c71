internal import Synchronization

/// Counts statements over all connections of a database.
final class StatementCounter: Sendable {
    private let statements = Atomic(0)
    private let transactions = Atomic(0)

    var count: Int { statements.load(ordering: .relaxed) }

    func add() { statements.add(1, ordering: .relaxed) }

    /// Notes the end of a transaction; `true` at every hundredth.
    func endTransaction() -> Bool { transactions.add(1, ordering: .relaxed).newValue % 100 == 0 }
}
