import Testing

@testable import BanksiaMedia

@Suite("Structure of HEIF files") struct HEIFStructureTests {
    /// A file of one item with a turn, a size and a depth, linked to it in this order.
    private func file(_ links: [UInt8]) -> [UInt8] {
        let properties = box("irot", [3]) + box("ispe", [UInt8](repeating: 0, count: 12)) + box("pixi", [0, 0, 0, 0])
        let association = box("ipma", [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, UInt8(links.count)] + links)
        let meta = box("meta", [0, 0, 0, 0] + box("hdlr", [0]) + box("iprp", box("ipco", properties) + association))
        return box("ftyp", Array("avif".utf8)) + meta + box("mdat", [1, 2, 3])
    }

    private func patch(_ bytes: [UInt8]) -> HEIFStructure.Patch? {
        HEIFStructure.patch { offset, count in
            offset < bytes.count ? Array(bytes[offset..<min(bytes.count, offset + count)]) : []
        }
    }

    @Test func `a turn before the size is moved behind it`() throws {
        let bytes = file([0x81, 2, 0x83])
        let found = try #require(patch(bytes))
        var mended = bytes
        mended.replaceSubrange(found.offset..<found.offset + found.bytes.count, with: found.bytes)
        #expect(mended == file([2, 0x83, 0x81]))
    }

    @Test func `what is in order stays`() {
        #expect(patch(file([2, 0x83, 0x81])) == nil)
        #expect(patch(file([])) == nil)
        #expect(patch([]) == nil)
    }

    @Test func `damage ends the look, and nothing else`() {
        let good = file([0x81, 2, 0x83])
        for count in 0..<good.count { _ = patch(Array(good.prefix(count))) }
        var random = Seeded(seed: 11)
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random) }
            guard let found = patch(bytes) else { continue }
            #expect(found.offset + found.bytes.count <= bytes.count)
        }
    }
}
