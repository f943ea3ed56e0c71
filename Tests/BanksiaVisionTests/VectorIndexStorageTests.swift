import Foundation
import Testing

@testable import BanksiaVision

@Suite("Vector index: keeping") struct VectorIndexStorageTests {
    let folder = try! TemporaryFolder()

    private func open(dimension: Int = 24, space: String = "test") throws -> VectorIndex {
        try VectorIndex(small: folder.path, dimension: dimension, space: space)
    }

    private func entries(_ count: Int, from first: Int = 1, _ random: inout Seeded) -> [(
        id: UUID, sequence: Int64, vector: [Float]
    )] {
        (first..<(first + count)).map { (random.uuid(), Int64($0), random.unitVector(24)) }
    }

    @Test func `everything is there again after opening anew`() throws {
        var random = Seeded(1)
        let rows = entries(300, &random)
        let query = random.unitVector(24)
        let before = try { () -> [Neighbour] in
            let index = try open()
            try index.append(Array(rows[..<130]))
            try index.append(Array(rows[130...]))
            try index.remove([rows[7].id, rows[200].id, UUID()])
            return index.search(query, limit: 50)
        }()
        let index = try open()
        #expect(index.count == 298)
        #expect(index.lastSequence == 300)
        #expect(index.search(query, limit: 50) == before)
        #expect(index.vector(of: rows[5].id) == rows[5].vector)
        #expect(index.vector(of: rows[7].id) == nil)
    }

    @Test func `a repeated id replaces the older row`() throws {
        var random = Seeded(2)
        let rows = entries(3, &random)
        let newer = random.unitVector(24)
        let index = try open()
        try index.append(rows)
        try index.append([(rows[1].id, 4, newer)])
        #expect(index.count == 3)
        #expect(index.vector(of: rows[1].id) == newer)
        #expect(index.search(newer, limit: 1).map(\.id) == [rows[1].id])
        try index.append([(rows[0].id, 5, rows[0].vector), (rows[0].id, 6, newer)])
        #expect(index.vector(of: rows[0].id) == newer)
        #expect(index.count == 3)
        #expect(index.search(newer, limit: 10).count == 3)
    }

    @Test(arguments: 0..<12) func `any sequence of changes and restarts equals a plain dictionary`(seed: Int) throws {
        var random = Seeded(seed + 900)
        var oracle = Oracle()
        var index: VectorIndex? = try open()
        var sequence = 0
        for _ in 0..<40 {
            let known = oracle.vectors.keys.sorted()
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                var rows = entries(Int.random(in: 1...60, using: &random), from: sequence + 1, &random)
                if let again = known.randomElement(using: &random) { rows[0].id = again }
                sequence += rows.count
                for row in rows { oracle.vectors[row.id] = row.vector }
                try index?.append(rows)
            case 5..<7:
                let gone = known.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
                for id in gone { oracle.vectors[id] = nil }
                try index?.remove(gone)
            case 7: try index?.compactIfNeeded()
            default:
                index = nil
                index = try open()
            }
            let query = random.unitVector(24)
            #expect(index?.search(query, limit: 30) == oracle.search(query, limit: 30))
            #expect(index?.count == oracle.vectors.count)
            #expect(index?.lastSequence == Int64(sequence))
        }
    }

    @Test func `compacting gives back the room of dead rows`() throws {
        var random = Seeded(4)
        let rows = entries(1000, &random)
        let index = try open()
        try index.append(rows)
        #expect(try segments() == 8)
        try index.remove(rows[..<100].map(\.id))
        try index.compactIfNeeded()
        #expect(try segments() == 8, "a tenth dead is not worth the work")
        try index.remove(rows[..<900].map(\.id))
        try index.compactIfNeeded()
        #expect(try segments() <= 2)
        #expect(index.count == 100)
        #expect(index.vector(of: rows[950].id) == rows[950].vector)
        try index.remove(rows.map(\.id))
        try index.compactIfNeeded()
        #expect(try segments() == 0)
        #expect(index.count == 0)
        #expect(index.lastSequence == 1000)
    }

    @Test func `vectors of another length or with strange values are refused, and nothing of their batch stays`() throws {
        let index = try open()
        for bad in [
            [Float](repeating: 0, count: 23), Array(repeating: .nan, count: 24), Array(repeating: -.infinity, count: 24),
            Array(repeating: 1e30, count: 24),
        ] {
            #expect(throws: VectorIndexProblem.self) {
                try index.append([(UUID(), 1, Array(repeating: 0.1, count: 24)), (UUID(), 2, bad)])
            }
        }
        #expect(index.count == 0)
        #expect(index.lastSequence == 0)
    }

    @Test func `an index of another space or dimension is thrown away`() throws {
        var random = Seeded(5)
        try open().append(entries(10, &random))
        #expect(try open(space: "other").count == 0)
        try open().append(entries(10, &random))
        #expect(try VectorIndex(small: folder.path, dimension: 25).count == 0)
        #expect(try folder.names == ["lock"])
    }

    @Test func `a second opener is refused until the first one lets go`() throws {
        let first = try open()
        #expect(throws: VectorIndexProblem.inUse) { _ = try open() }
        _ = first.count
    }

    @Test func `emptying forgets rows and sequence`() throws {
        var random = Seeded(6)
        let index = try open()
        try index.append(entries(200, &random))
        try index.removeAll()
        #expect(index.count == 0)
        #expect(index.lastSequence == 0)
        #expect(try segments() == 0)
        try index.append(entries(5, &random))
        #expect(index.count == 5)
    }

    private func segments() throws -> Int { try folder.names.filter { $0.hasSuffix(".segment") }.count }
}
