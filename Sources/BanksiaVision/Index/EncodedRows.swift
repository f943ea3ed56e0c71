import CVectorScan
import Foundation

/// Rows in the form in which a segment holds them, ready to be written.
struct EncodedRows {
    let layout: SegmentLayout
    private(set) var ids: [UUID] = []
    private(set) var sums: [UInt64] = []
    private(set) var factors: [Float] = []
    private(set) var rows: [UInt8] = []
    private(set) var vectors: [Float] = []

    init(layout: SegmentLayout) { self.layout = layout }

    var count: Int { ids.count }

    mutating func append(_ id: UUID, _ vector: [Float]) throws(VectorIndexProblem) {
        guard vector.count == layout.dimension else { throw .dimension(vector.count) }
        var row = [UInt8](repeating: 0, count: layout.rowStride)
        var factor = [Float](repeating: 0, count: SegmentLayout.factorCount)
        guard unsafe banksia_quantise(vector, vector.count, row.count, &row, &factor) else { throw .notFinite }
        let padded = vector + Array(repeating: 0, count: layout.vectorStride - vector.count)
        ids.append(id)
        sums.append(Self.hotSum(id: id, factors: factor, row: row))
        sums.append(unsafe padded.withUnsafeBytes { unsafe banksia_checksum(0, $0.baseAddress, $0.count) })
        factors += factor
        rows += row
        vectors += padded
    }

    /// The living rows of a part, to be moved. `nil` when one of them is damaged.
    init?(living part: IndexSnapshot.Part, layout: SegmentLayout) {
        self.init(layout: layout)
        for row in 0..<part.count where part.living.contains(row) {
            guard case .intact(let vector) = part.segment.vector(at: UInt32(row)) else { return nil }
            do { try append(part.segment.id(at: row), vector) } catch { return nil }
        }
    }

    private static func hotSum(id: UUID, factors: [Float], row: [UInt8]) -> UInt64 {
        unsafe withUnsafeBytes(of: id.uuid) { id in
            unsafe factors.withUnsafeBytes { factors in
                unsafe row.withUnsafeBytes { row in unsafe Segment.hotSum(id: id, factors: factors, row: row) }
            }
        }
    }
}
