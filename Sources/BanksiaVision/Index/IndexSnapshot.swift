import Foundation

/// Where a vector stands.
struct RowAddress: Sendable, Hashable {
    var segment: UInt32
    var row: UInt32
}

/// The rows that stood in an index at one moment. Later writes do not touch them: rows are only ever added behind a
/// part's count, and a file that is deleted stays mapped while a snapshot holds it.
struct IndexSnapshot: Sendable {
    struct Part: Sendable {
        let segment: Segment
        /// Rows that are written, living or dead.
        var count: Int
        var living: RowSet
        var livingCount: Int
    }

    /// In the order of their segments' numbers.
    var parts: [Part] = []

    func position(of number: UInt32) -> Int? {
        var low = 0
        var high = parts.count
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].segment.number < number { low = middle + 1 } else { high = middle }
        }
        return low < parts.count && parts[low].segment.number == number ? low : nil
    }

    func segment(_ number: UInt32) -> Segment? { position(of: number).map { parts[$0].segment } }
}

/// Some rows of an index, as they were when the selection was made.
public struct Selection: Sendable {
    let snapshot: IndexSnapshot
    /// The chosen rows of each part.
    private(set) var chosen: [RowSet]

    init(allOf snapshot: IndexSnapshot) {
        self.snapshot = snapshot
        chosen = snapshot.parts.map(\.living)
    }

    init(nothingOf snapshot: IndexSnapshot) {
        self.snapshot = snapshot
        chosen = snapshot.parts.map { RowSet(room: $0.count) }
    }

    mutating func insert(_ address: RowAddress) {
        guard let position = snapshot.position(of: address.segment) else { return }
        chosen[position].insert(Int(address.row))
    }

    /// How many rows are chosen.
    public var count: Int { chosen.reduce(0) { $0 + $1.count } }
}
