import BanksiaCore
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Vector index: many at once") struct VectorIndexConcurrencyTests {
    @Test func `searches during writes see whole batches only`() async throws {
        let folder = try TemporaryFolder()
        let index = try VectorIndex(small: folder.path, dimension: 8)
        let pool = BlockingPool(width: 4)
        defer { pool.close() }
        let batch = 50
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var random = Seeded(1)
                for round in 0..<30 {
                    let rows = (0..<batch).map { (random.uuid(), Int64(round * batch + $0 + 1), random.unitVector(8)) }
                    try await pool.run { try index.append(rows) }
                    if round % 5 == 4 {
                        try await pool.run {
                            try index.remove(rows.map(\.0))
                            try index.append(rows)
                            try index.compactIfNeeded()
                        }
                    }
                }
            }
            for seed in 0..<3 {
                group.addTask {
                    var random = Seeded(seed)
                    for _ in 0..<60 {
                        let query = random.unitVector(8)
                        let found = try await pool.run { index.search(query, limit: 10_000) }
                        #expect(found.count % batch == 0)
                        #expect(Set(found.map(\.id)).count == found.count)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(index.count == 1500)
    }

    @Test(arguments: 0..<8) func `files copied in the middle of a write open with whole batches`(seed: Int) async throws {
        let folder = try TemporaryFolder()
        let copies = try TemporaryFolder()
        let index = try VectorIndex(small: folder.child("index"), dimension: 8)
        let pool = BlockingPool(width: 2)
        defer { pool.close() }
        try index.append([(UUID(), 1, Array(repeating: 0.1, count: 8))])
        async let writing: Void = pool.run {
            var random = Seeded(seed)
            for round in 0..<40 {
                try index.append((0..<50).map { (random.uuid(), Int64(round * 50 + $0 + 2), random.unitVector(8)) })
            }
        }
        for copy in 0..<10 {
            let path = copies.child("\(copy)")
            try await pool.run {
                // The ledger first: that is what a power cut leaves, rows that it does not name yet.
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.child("index")).filter {
                    $0.hasSuffix(".segment")
                }
                // Opened once and read to its end: it is replaced meanwhile, and half of each would be damage.
                try Data(contentsOf: URL(filePath: folder.child("index/ledger"))).write(to: URL(filePath: path + "/ledger"))
                let later = try FileManager.default.contentsOfDirectory(atPath: folder.child("index")).filter {
                    $0.hasSuffix(".segment")
                }
                for name in Set(names + later) {
                    try FileManager.default.copyItem(atPath: folder.child("index/\(name)"), toPath: "\(path)/\(name)")
                }
            }
            let copied = try VectorIndex(small: path, dimension: 8)
            #expect(copied.count % 50 == 1)
            #expect(copied.lastSequence == Int64(copied.count))
            #expect(copied.search(Array(repeating: 0.1, count: 8), limit: 10_000).count == copied.count)
        }
        try await writing
    }
}
