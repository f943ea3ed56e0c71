import CVectorScan
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Scan kernels") struct ScanKernelTests {
    static let dimensions = [1, 7, 64, 100, 384, 512, 768, 2048]

    @Test(arguments: dimensions, ScanKernel.available) func `every kernel gives the same scan scores as plain C`(
        dimension: Int, kernel: ScanKernel
    ) throws {
        var random = Seeded(dimension)
        let layout = SegmentLayout(dimension: dimension, capacity: 128)
        var rows = EncodedRows(layout: layout)
        for _ in 0..<70 { try rows.append(random.uuid(), random.unitVector(dimension)) }
        try rows.append(random.uuid(), Array(repeating: 0, count: dimension))
        try rows.append(random.uuid(), Array(repeating: 1, count: dimension))
        try rows.append(random.uuid(), Array(repeating: -1, count: dimension))
        let mask: [UInt64] = [random.next(), random.next()]
        for query in [
            random.unitVector(dimension), Array(repeating: 1, count: dimension), Array(repeating: -1, count: dimension),
        ] {
            let query = try #require(ScanQuery(query, layout: layout))
            let expected = scan(rows, query, mask, .plain)
            let scores = scan(rows, query, mask, kernel)
            #expect(scores.map(\.bitPattern) == expected.map(\.bitPattern))
        }
    }

    @Test(arguments: dimensions) func `a scan score is off by no more than its bound`(dimension: Int) throws {
        var random = Seeded(dimension + 1000)
        let layout = SegmentLayout(dimension: dimension, capacity: 128)
        let vectors = (0..<100).map { _ in random.unitVector(dimension) }
        var rows = EncodedRows(layout: layout)
        for vector in vectors { try rows.append(random.uuid(), vector) }
        let query = try #require(ScanQuery(random.unitVector(dimension), layout: layout))
        let scores = scan(rows, query, [.max, .max], .fastest)
        for (row, vector) in vectors.enumerated() {
            let exact = zip(vector, query.vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            let bound = Double(rows.factors[row * 3 + 1] * query.length + rows.factors[row * 3 + 2] * query.loss)
            #expect(abs(Double(scores[row]) - exact) <= bound)
            #expect(bound < 0.05)
        }
    }

    @Test(arguments: dimensions, ScanKernel.available) func `every kernel gives the exact product of the definition`(
        dimension: Int, kernel: ScanKernel
    ) {
        var random = Seeded(dimension + 2000)
        let padded = (dimension + 15) / 16 * 16
        for _ in 0..<20 {
            let left = random.unitVector(dimension) + Array(repeating: 0, count: padded - dimension)
            let right = random.unitVector(dimension) + Array(repeating: 0, count: padded - dimension)
            #expect(banksia_dot(kernel.code, left, right, padded).bitPattern == Oracle.dot(left, right).bitPattern)
        }
    }

    @Test(arguments: 0..<30) func `the best of many scores are those that sorting finds`(seed: Int) {
        var random = Seeded(seed)
        let scores = (0..<Int.random(in: 0...500, using: &random)).map { _ -> Float in
            Bool.random(using: &random) ? -.infinity : Float(Int.random(in: -5...5, using: &random))
        }
        let limit = Int.random(in: 0...600, using: &random)
        var best = [UInt32](repeating: 0, count: limit)
        best.removeLast(limit - banksia_best(scores, scores.count, &best, limit))
        let expected = scores.filter { $0 > -.infinity }.sorted(by: >).prefix(limit)
        #expect(best.map { scores[Int($0)] }.sorted(by: >) == Array(expected))
        #expect(Set(best).count == best.count)
    }

    @Test func `one changed byte changes the checksum`() {
        var random = Seeded(1)
        var bytes = (0..<104).map { _ in UInt8.random(in: 0...255, using: &random) }
        let before = banksia_checksum(0, bytes, bytes.count)
        for index in bytes.indices {
            bytes[index] ^= 0x10
            #expect(banksia_checksum(0, bytes, bytes.count) != before)
            bytes[index] ^= 0x10
        }
        #expect(banksia_checksum(0, bytes, bytes.count) == before)
        #expect(banksia_checksum(1, bytes, bytes.count) != before)
    }

    private func scan(_ rows: EncodedRows, _ query: ScanQuery, _ mask: [UInt64], _ kernel: ScanKernel) -> [Float] {
        query.withKernelForm { form in
            var form = copy form
            var scores = [Float](repeating: .nan, count: rows.count)
            banksia_scan(kernel.code, &form, rows.rows, rows.factors, mask, rows.count, &scores)
            return scores
        }
    }
}
