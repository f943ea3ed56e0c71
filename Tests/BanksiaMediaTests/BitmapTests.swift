import Testing

@testable import BanksiaMedia

@Suite("Bitmaps") struct BitmapTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> min(8 * $0, 63)) }
    }

    /// A file with the usual header of 40 bytes.
    private func file(_ width: Int, _ height: Int, bits: Int, compression: Int = 0, palette: [Colour] = [], pixels: [UInt8])
        -> [UInt8]
    {
        var bytes = Array("BM".utf8)
        for (value, count) in [
            (0, 8), (54 + palette.count * 4, 4), (40, 4), (width, 4), (height, 4), (1, 2), (bits, 2), (compression, 4), (0, 12),
            (palette.count, 4), (0, 4),
        ] { bytes += little(value, count) }
        for colour in palette { bytes += [colour.blue, colour.green, colour.red, 0] }
        return bytes + pixels
    }

    private func rows(_ bytes: [UInt8]) throws -> [UInt8] {
        let path = try studio.write(bytes, "picture.bmp")
        #expect(Vips.start())
        return try Bitmap(contentsOf: path).picture().pixels(bands: 3)
    }

    private let red = Colour(red: 255, green: 0, blue: 0)
    private let blue = Colour(red: 0, green: 0, blue: 255)
    private let redPixel: [UInt8] = [255, 0, 0]
    private let bluePixel: [UInt8] = [0, 0, 255]

    @Test func `rows are stored from below, or from above when the height is negative`() throws {
        let pixels: [UInt8] = [0, 0, 255, 0, 255, 0, 0, 0]  // a red pixel, padded, then a blue one, padded
        #expect(try rows(file(1, 2, bits: 24, pixels: pixels)) == bluePixel + redPixel)
        #expect(try rows(file(1, -2, bits: 24, pixels: pixels)) == redPixel + bluePixel)
    }

    @Test func `one and four bits are indices`() throws {
        #expect(
            try rows(file(3, 1, bits: 1, palette: [red, blue], pixels: [0b0100_0000, 0, 0, 0])) == redPixel + bluePixel + redPixel
        )
        #expect(
            try rows(file(3, 1, bits: 4, palette: [red, blue], pixels: [0x01, 0x10, 0, 0])) == redPixel + bluePixel + bluePixel)
    }

    @Test func `run lengths of eight bits are expanded`() throws {
        // Two red; end of line; a literal of three, padded; end.
        let pixels: [UInt8] = [2, 0, 1, 1, 0, 0, 0, 3, 1, 0, 1, 0, 0, 1]
        #expect(
            try rows(file(3, 2, bits: 8, compression: 1, palette: [red, blue], pixels: pixels)) == bluePixel + redPixel
                + bluePixel + redPixel + redPixel + bluePixel)
    }

    @Test func `run lengths of four bits are expanded`() throws {
        // Three pixels alternate; end of line; a literal of three in two bytes; end.
        let pixels: [UInt8] = [3, 0x01, 0, 0, 0, 3, 0x11, 0x00, 0, 1]
        #expect(
            try rows(file(3, 2, bits: 4, compression: 2, palette: [red, blue], pixels: pixels)) == bluePixel + bluePixel
                + redPixel + redPixel + bluePixel + redPixel)
    }

    @Test(arguments: [[2, 0], [255, 0, 255, 0, 255, 0], [0, 2, 200, 200, 5, 0], [0, 255], [0], [], [0, 2]] as [[UInt8]])
    func `run lengths that lead out of the picture do no harm`(pixels: [UInt8]) throws {
        #expect(try rows(file(3, 2, bits: 8, compression: 1, palette: [red, blue], pixels: pixels)).count == 18)
    }

    @Test func `an index without a colour is black`() throws {
        #expect(try rows(file(1, 1, bits: 8, palette: [red], pixels: [9, 0, 0, 0])) == [0, 0, 0])
    }

    @Test func `damage anywhere in a header is a fault and no crash`() throws {
        let good = file(3, 2, bits: 8, palette: [red, blue], pixels: [UInt8](repeating: 1, count: 8))
        var random = Seeded(seed: 42)
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 14..<54, using: &random)] = .random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &random))
            let path = try studio.write(bytes, "damaged.bmp")
            // Either a layout or a fault; a size beyond the limit is what `PictureFile` refuses before pixels are made.
            if let bitmap = try? Bitmap(contentsOf: path), bitmap.size.count < 100_000 { _ = try? bitmap.picture() }
        }
    }
}

/// Numbers that look random and are the same for the same seed: SplitMix64 (Steele, Lea and Flood, 2014).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
