import Testing

@testable import BanksiaMedia

@Suite("Perceptual hash") struct PerceptualHashTests {
    /// A picture out of a few waves, whose phases depend on the seed.
    private func picture(_ seed: Int, _ size: PixelSize, brighter: Int = 0) -> [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<size.height {
            for x in 0..<size.width {
                let (u, v) = (64 * x / size.width, 64 * y / size.height)
                let value = (u * (seed * 7 % 13 + 1) + v * (seed * 5 % 11 + 2)) / 4 % 64 + (u * v * (seed + 3) / 97) % 96
                pixels += [
                    UInt8(min(255, value + brighter)), UInt8(min(255, value / 2 + brighter)), UInt8(min(255, 96 + brighter)),
                ]
            }
        }
        return pixels
    }

    private func hash(_ seed: Int, _ width: Int, _ height: Int, brighter: Int = 0) throws -> UInt64 {
        let size = PixelSize(width: width, height: height)
        return try #require(PerceptualHash.hash(rgb: picture(seed, size, brighter: brighter), size: size))
    }

    @Test func `another size and another brightness change few bits`() throws {
        for seed in 1...5 {
            let hash = try hash(seed, 256, 192)
            #expect((hash ^ (try self.hash(seed, 128, 96))).nonzeroBitCount <= 10, "\(seed)")
            #expect((hash ^ (try self.hash(seed, 256, 192, brighter: 30))).nonzeroBitCount <= 4, "\(seed)")
        }
    }

    @Test func `half of the bits are set, and other pictures have others`() throws {
        let hashes = try (1...6).map { try hash($0, 256, 192) }
        #expect(hashes.allSatisfy { $0.nonzeroBitCount == 32 })
        for (index, one) in hashes.enumerated() {
            for other in hashes[..<index] { #expect((one ^ other).nonzeroBitCount > 10) }
        }
    }

    @Test func `what is too small has none`() {
        #expect(PerceptualHash.hash(rgb: [], size: PixelSize(width: 0, height: 0)) == nil)
        #expect(
            PerceptualHash.hash(rgb: [UInt8](repeating: 0, count: 31 * 40 * 3), size: PixelSize(width: 31, height: 40)) == nil)
        #expect(PerceptualHash.hash(rgb: [1, 2, 3], size: PixelSize(width: 64, height: 64)) == nil)
        #expect(
            PerceptualHash.hash(rgb: [UInt8](repeating: 9, count: 64 * 64 * 3), size: PixelSize(width: 64, height: 64)) != nil)
    }
}
