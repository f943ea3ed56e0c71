import Foundation
import Testing

@testable import BanksiaMedia

@Suite("ThumbHash") struct ThumbHashTests {
    /// The pictures that the expected hashes were computed from, with another implementation (thumbhash-python 1.0.1).
    private func pattern(_ width: Int, _ height: Int, hasAlpha: Bool) -> [UInt8] {
        (0..<height).flatMap { y in
            (0..<width).flatMap { x -> [UInt8] in
                [
                    UInt8(x * 255 / max(width - 1, 1)), UInt8(y * 255 / max(height - 1, 1)), UInt8((x * 7 + y * 13) * 3 % 256),
                    hasAlpha ? UInt8(x * y * 5 % 256) : 255,
                ]
            }
        }
    }

    @Test(
        arguments: [
            (
                100, 75, false,
                [223, 7, 10, 53, 154, 112, 119, 119, 128, 136, 135, 135, 135, 119, 119, 119, 128, 112, 8, 248, 119]
            ),
            (60, 100, false, [223, 247, 9, 52, 26, 112, 7, 135, 135, 135, 119, 120, 119, 135, 128, 128, 7, 248, 120]),
            (
                32, 32, false,
                [223, 7, 10, 63, 26, 128, 135, 119, 112, 119, 119, 136, 119, 119, 119, 135, 119, 119, 8, 7, 120, 128, 143, 7]
            ),
            (
                100, 40, true,
                [32, 248, 133, 26, 140, 7, 128, 135, 128, 136, 136, 128, 128, 8, 248, 120, 68, 114, 97, 87, 112, 7, 54]
            ),
            (
                7, 100, true,
                [98, 24, 134, 25, 10, 22, 177, 144, 153, 136, 136, 177, 144, 25, 251, 103, 16, 49, 101, 136, 134, 72, 118]
            ),
            (3, 1, false, [76, 249, 26, 90, 190, 131, 120, 12, 136, 136, 8, 124, 131, 136, 48, 136, 8]),
            (1, 1, false, [0, 8, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ] as [(Int, Int, Bool, [UInt8])])
    func `it agrees with another implementation`(width: Int, height: Int, hasAlpha: Bool, hash: [UInt8]) {
        let size = PixelSize(width: width, height: height)
        #expect(ThumbHash.encode(rgba: pattern(width, height, hasAlpha: hasAlpha), size: size) == hash)
    }

    @Test func `a fully transparent picture has a hash`() {
        let hash = ThumbHash.encode(rgba: [UInt8](repeating: 0, count: 400), size: PixelSize(width: 10, height: 10))
        #expect((5...30).contains(hash.count))
    }

    @Test func `a file's hash has its mean colour and shape`() async throws {
        let studio = try Studio()
        let path = try studio.picture(.plain(Colour(red: 200, green: 100, blue: 60), 900, 600), "photo.jpg")
        let hash = try await Studio.workers.thumbHash(path)
        // The mean luminance is in the lowest six bits; bit 15 of the second word says landscape.
        #expect([29, 30].contains(hash[0] & 63))  // 63 × 120 / 255, give or take what JPEG does to a colour
        #expect(hash[4] & 0x80 != 0)
    }
}
