import Foundation
import Testing

@testable import BanksiaVision

@Suite("Vector index: searching") struct VectorIndexSearchTests {
    let folder = try! TemporaryFolder()

    @Test(arguments: [7, 100, 384, 512], ScanKernel.available) func `finds exactly what comparing everything finds`(
        dimension: Int, kernel: ScanKernel
    ) throws {
        var random = Seeded(dimension)
        let index = try VectorIndex(small: folder.path, dimension: dimension, kernel: kernel)
        var oracle = Oracle()
        try fill(index, &oracle, 300, &random) { $0.unitVector(dimension) }
        for limit in [1, 10, 200, 300, 1000] {
            let query = random.unitVector(dimension)
            #expect(index.search(query, limit: limit) == oracle.search(query, limit: limit))
        }
    }

    @Test(arguments: 0..<20) func `stays exact among near and exact duplicates`(seed: Int) throws {
        var random = Seeded(seed)
        let index = try VectorIndex(small: folder.path, dimension: 96)
        var oracle = Oracle()
        let centres = (0..<4).map { _ in random.unitVector(96) }
        try fill(index, &oracle, 400, &random) { random in
            let centre = centres[Int.random(in: 0..<4, using: &random)]
            guard Bool.random(using: &random) else { return centre }
            let noise = random.unitVector(96)
            return zip(centre, noise).map { $0 + $1 * 0.001 }
        }
        for query in centres + [random.unitVector(96)] {
            for limit in [1, 5, 90, 250] { #expect(index.search(query, limit: limit) == oracle.search(query, limit: limit)) }
        }
    }

    @Test(arguments: 0..<10) func `finds exactly the best of a selection`(seed: Int) throws {
        var random = Seeded(seed + 50)
        let index = try VectorIndex(small: folder.path, dimension: 48)
        var oracle = Oracle()
        try fill(index, &oracle, 350, &random) { $0.unitVector(48) }
        for share in [0.0, 0.01, 0.3, 1.0] {
            let chosen = Set(
                oracle.vectors.keys.sorted().filter { _ in Double.random(in: 0..<1, using: &random) < share } + [random.uuid()])
            let query = random.unitVector(48)
            #expect(index.search(query, limit: 20, among: chosen) == oracle.search(query, limit: 20, among: chosen))
            #expect(
                index.search(query, limit: 20, among: index.selection(of: chosen))
                    == oracle.search(query, limit: 20, among: chosen))
        }
    }

    @Test func `a selection keeps seeing the rows of its moment`() throws {
        var random = Seeded(3)
        let index = try VectorIndex(small: folder.path, dimension: 16)
        var oracle = Oracle()
        try fill(index, &oracle, 200, &random) { $0.unitVector(16) }
        let chosen = Array(oracle.vectors.keys.prefix(40))
        let selection = index.selection(of: chosen)
        try index.remove(chosen)
        try index.remove(oracle.vectors.keys.prefix(150))
        try index.compactIfNeeded()
        let query = random.unitVector(16)
        #expect(selection.count == 40)
        #expect(index.search(query, limit: 10, among: selection) == oracle.search(query, limit: 10, among: Set(chosen)))
        #expect(index.search(query, limit: 10, among: Set(chosen)).isEmpty)
    }

    @Test func `zero vectors score nothing and are found`() throws {
        let index = try VectorIndex(small: folder.path, dimension: 5)
        let zero = UUID()
        try index.append([(zero, 1, [0, 0, 0, 0, 0])])
        #expect(index.search([1, 0, 0, 0, 0], limit: 3) == [Neighbour(id: zero, score: 0)])
        #expect(index.search([0, 0, 0, 0, 0], limit: 3) == [Neighbour(id: zero, score: 0)])
    }

    @Test func `a query that is no vector of the space finds nothing`() throws {
        let index = try VectorIndex(small: folder.path, dimension: 2)
        try index.append([(UUID(), 1, [1, 0])])
        #expect(index.search([.nan, 0], limit: 1).isEmpty)
        #expect(index.search([.infinity, 0], limit: 1).isEmpty)
        #expect(index.search([1], limit: 1).isEmpty)
        #expect(index.search([1, 0], limit: 0).isEmpty)
        #expect(index.search([1, 0], limit: -1).isEmpty)
    }

    @Test func `an empty index finds nothing`() throws {
        let index = try VectorIndex(small: folder.path, dimension: 2)
        #expect(index.search([1, 0], limit: 10).isEmpty)
        #expect(index.count == 0)
        #expect(index.vector(of: UUID()) == nil)
    }

    private func fill(
        _ index: VectorIndex, _ oracle: inout Oracle, _ count: Int, _ random: inout Seeded, _ vector: (inout Seeded) -> [Float]
    ) throws {
        let entries = (1...count).map { (random.uuid(), Int64($0), vector(&random)) }
        for entry in entries { oracle.vectors[entry.0] = entry.2 }
        try index.append(entries)
    }
}
