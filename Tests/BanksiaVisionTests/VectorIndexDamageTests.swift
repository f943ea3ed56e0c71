import Foundation
import Testing

@testable import BanksiaVision

@Suite("Vector index: damage") struct VectorIndexDamageTests {
    let folder = try! TemporaryFolder()
    static let dimension = 20

    private func open() throws -> VectorIndex { try VectorIndex(small: folder.path, dimension: Self.dimension) }

    /// 200 rows in two segments, closed again.
    private func make() throws -> [(id: UUID, sequence: Int64, vector: [Float])] {
        var random = Seeded(1)
        let rows = (1...200).map { (id: random.uuid(), sequence: Int64($0), vector: random.unitVector(Self.dimension)) }
        try open().append(rows)
        return rows
    }

    private func change(_ name: String, _ body: (inout Data) -> Void) throws {
        let url = URL(fileURLWithPath: folder.child(name))
        var bytes = try Data(contentsOf: url)
        body(&bytes)
        try bytes.write(to: url)
    }

    @Test(arguments: 0..<24) func `a changed byte of the ledger is noticed`(place: Int) throws {
        _ = try make()
        try change("ledger") { $0[$0.count * place / 24] ^= 0x41 }
        let index = try open()
        #expect(index.count == 0)
        #expect(index.lastSequence == 0)
    }

    @Test(arguments: [0, 1, 8, 63, 64, 100]) func `a ledger that was cut short is noticed`(length: Int) throws {
        _ = try make()
        try change("ledger") { $0 = $0.prefix(length) }
        #expect(try open().count == 0)
    }

    @Test(arguments: 0..<20) func `a changed byte of what is scanned is noticed at opening`(seed: Int) throws {
        _ = try make()
        var random = Seeded(seed)
        let layout = SegmentLayout(dimension: Self.dimension, capacity: 128)
        let regions = [
            0..<128 * 16, layout.sumsOffset..<layout.factorsOffset, layout.factorsOffset..<(layout.factorsOffset + 128 * 12),
            layout.rowsOffset..<(layout.rowsOffset + 128 * layout.rowStride),
        ]
        let region = regions[seed % regions.count]
        // Of the checksums only those of the scanned part are read at opening: the first eight bytes of each sixteen.
        let place =
            seed % 4 == 1
            ? region.lowerBound + 16 * Int.random(in: 0..<128, using: &random) : Int.random(in: region, using: &random)
        try change("1.segment") { $0[place] ^= 0x04 }
        let index = try open()
        #expect(index.count == 0)
        #expect(index.lastSequence == 0)
        #expect(try folder.names == ["lock"])
    }

    @Test func `a changed float is noticed when it is compared, and the index starts anew`() throws {
        let rows = try make()
        let layout = SegmentLayout(dimension: Self.dimension, capacity: 128)
        try change("1.segment") { $0[layout.vectorsOffset + 5 * layout.vectorStride * 4 + 2] ^= 0x01 }
        let index = try open()
        #expect(index.count == 200)
        #expect(!index.search(rows[5].vector, limit: 3).map(\.id).contains(rows[5].id))
        #expect(index.count == 0)
        #expect(index.lastSequence == 0)
        try index.append(rows)
        #expect(index.search(rows[5].vector, limit: 1).map(\.id) == [rows[5].id])
    }

    @Test func `rows that follow what is not there any more are not taken`() throws {
        let rows = try make()
        let index = try open()
        var random = Seeded(2)
        let next = [(id: random.uuid(), sequence: Int64(201), vector: random.unitVector(Self.dimension))]
        try index.removeAll()  // as a search beside it does that meets damage
        try index.append(next, after: 200)
        #expect(index.count == 0 && index.lastSequence == 0)
        try index.append(rows, after: 0)
        try index.append(next, after: 200)
        #expect(index.count == 201 && index.lastSequence == 201)
    }

    @Test func `a missing or shortened segment is noticed`() throws {
        _ = try make()
        try change("2.segment") { $0 = $0.prefix($0.count - 1) }
        #expect(try open().count == 0)
        _ = try make()
        try FileManager.default.removeItem(atPath: folder.child("1.segment"))
        #expect(try open().count == 0)
    }

    @Test func `segments of two indexes cannot be mixed up`() throws {
        _ = try make()
        try FileManager.default.removeItem(atPath: folder.child("2.segment"))
        try FileManager.default.copyItem(atPath: folder.child("1.segment"), toPath: folder.child("2.segment"))
        // Each row is sound by itself, so only its place in the other file can tell: the ids repeat.
        let index = try open()
        #expect(index.count == 0)
    }

    @Test func `rows without a commit are not seen and their room is used again`() throws {
        let rows = try make()
        let ledger = try Data(contentsOf: URL(fileURLWithPath: folder.child("ledger")))
        var random = Seeded(2)
        let more = (201...400).map { (id: random.uuid(), sequence: Int64($0), vector: random.unitVector(Self.dimension)) }
        try open().append(more)
        try ledger.write(to: URL(fileURLWithPath: folder.child("ledger")))  // as after a crash before the rename
        let index = try open()
        #expect(index.count == 200)
        #expect(index.lastSequence == 200)
        try index.append(more)
        #expect(index.count == 400)
        #expect(index.search(more[0].vector, limit: 1).map(\.id) == [more[0].id])
        #expect(index.search(rows[0].vector, limit: 1).map(\.id) == [rows[0].id])
    }

    @Test func `files of no use are swept at opening`() throws {
        _ = try make()
        try Data([1]).write(to: URL(fileURLWithPath: folder.child("99.segment")))
        try Data([1]).write(to: URL(fileURLWithPath: folder.child("ledger.new")))
        #expect(try open().count == 200)
        #expect(try folder.names.contains("99.segment") == false)
    }
}
