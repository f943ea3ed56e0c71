import Foundation

@testable import BanksiaVision

/// The same answers as the index gives, by the plainest means: every row, in memory, one number after the other.
struct Oracle {
    var vectors: [UUID: [Float]] = [:]

    /// The dot product as the kernels define it: sixteen running sums, folded in halves.
    static func dot(_ left: [Float], _ right: [Float]) -> Float {
        var lanes = [Float](repeating: 0, count: 16)
        for index in left.indices { lanes[index % 16] += left[index] * right[index] }
        while lanes.count > 1 { lanes = (0..<lanes.count / 2).map { lanes[$0] + lanes[$0 + lanes.count / 2] } }
        return lanes[0]
    }

    func search(_ query: [Float], limit: Int, among ids: Set<UUID>? = nil) -> [Neighbour] {
        let rows = vectors.filter { ids?.contains($0.key) ?? true }
        let scored = rows.map { Neighbour(id: $0.key, score: Self.dot($0.value, query)) }
        return Array(scored.sorted { $0.score != $1.score ? $0.score > $1.score : $0.id < $1.id }.prefix(limit))
    }
}

extension VectorIndex {
    /// An index with small segments, so that a test has several of them.
    convenience init(small folder: String, dimension: Int, space: String = "test", kernel: ScanKernel = .fastest) throws {
        try self.init(folder: folder, dimension: dimension, space: space, rowsPerSegment: 128, kernel: kernel)
    }
}
