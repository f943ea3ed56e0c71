import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Index files under fire") struct LedgerFuzzTests {
    @Test func `a damaged ledger is no ledger, or one that fits`() throws {
        let folder = try TemporaryFolder()
        var random = Seeded(1)
        let rows = (1...200).map { (id: random.uuid(), sequence: Int64($0), vector: random.unitVector(20)) }
        try VectorIndex(small: folder.path, dimension: 20).append(rows)
        let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.child("ledger"))))
        let layout = SegmentLayout(dimension: 20, capacity: 128)
        Fuzz.run([good]) { bytes in
            // With its checksum put right, so that what stands behind it is looked at too.
            for bytes in [bytes, LedgerFile.sealed(bytes)] {
                guard let ledger = LedgerFile(decoding: bytes, space: "test", layout: layout) else { continue }
                #expect(ledger.parts.allSatisfy { $0.count <= layout.capacity && $0.number < ledger.nextNumber })
            }
        }
    }
}

extension LedgerFile {
    /// The bytes with their last word made the checksum of all before it.
    fileprivate static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let words = Self.words(of: Array(bytes.prefix(bytes.count / 8 * 8)))
        guard words.count > 1 else { return bytes }
        let sum = Self.sum(words.dropLast())
        return Array(bytes.prefix((words.count - 1) * 8)) + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
    }
}
