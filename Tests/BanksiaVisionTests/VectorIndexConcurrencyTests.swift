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
}
