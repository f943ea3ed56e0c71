import BanksiaSQL
import Foundation

/// Rows on their way from a thread that reads one database to a thread that writes another.
///
/// Both threads belong to the engines and may wait, so plain waiting is used: neither runs far ahead of the other, and when
/// one fails the other is told.
final class RowPipe: @unchecked Sendable {  // all state is touched under `condition`
    private enum Message { case rows([[SQLValue]]), endOfTable }

    private let condition = NSCondition()
    private var messages: [Message] = []
    private var hasFiller = false
    private var hasDrainer = false
    private var isBroken = false

    /// Portions on their way at most.
    private static let length = 4

    /// The reading side; when it fails, the other side does too.
    func fill<Result>(_ body: () throws -> Result) throws -> Result { try side(\.hasFiller, body) }

    /// The writing side.
    func drain<Result>(_ body: () throws -> Result) throws -> Result { try side(\.hasDrainer, body) }

    /// A transaction may run again from its start; what went through the pipe before does not come back.
    private func side<Result>(_ entered: ReferenceWritableKeyPath<RowPipe, Bool>, _ body: () throws -> Result) throws -> Result {
        try locked {
            guard !self[keyPath: entered], !isBroken else { throw InstallationCopyProblem.interrupted }
            self[keyPath: entered] = true
        }
        do {
            let result = try body()
            // Rows that ended early are not all of them: this rolls back what was written.
            guard locked({ !isBroken }) else { throw InstallationCopyProblem.interrupted }
            return result
        } catch {
            locked {
                isBroken = true
                condition.broadcast()
            }
            throw error
        }
    }

    func send(_ rows: [[SQLValue]]) throws { try put(.rows(rows)) }
    func endTable() throws { try put(.endOfTable) }

    private func put(_ message: Message) throws {
        try locked {
            while messages.count >= Self.length && !isBroken { condition.wait() }
            guard !isBroken else { throw InstallationCopyProblem.interrupted }
            messages.append(message)
            condition.broadcast()
        }
    }

    /// The rows of the next table. When the reading side fails they end early, and `drain` throws.
    func table() -> some Sequence<[SQLValue]> {
        sequence(state: [[SQLValue]]()[...]) { [self] rows in
            while true {
                if let row = rows.popFirst() { return row }
                guard let more = next() else { return nil }
                rows = more[...]
            }
        }
    }

    private func next() -> [[SQLValue]]? {
        locked {
            while messages.isEmpty && !isBroken { condition.wait() }
            guard !messages.isEmpty else { return nil }
            defer { condition.broadcast() }
            if case .rows(let rows) = messages.removeFirst() { return rows }
            return nil
        }
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }
}
