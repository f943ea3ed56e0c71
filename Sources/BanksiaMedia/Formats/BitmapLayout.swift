/// Where the pixels of a bitmap lie and how they are coded, out of its headers.
struct BitmapLayout {
    typealias Colour = (red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8)

    let size: PixelSize
    let isTopDown: Bool
    let pixelOffset: Int
    let rowBytes: Int
    /// 8 or 4 when the indices are run-length coded.
    let runLengthBits: Int?
    private let bits: Int
    private let paletteOffset: Int
    private let paletteEntryBytes: Int
    private let paletteCount: Int
    private let masks: [UInt32]  // red, green, blue, alpha

    private static let fileHeaderBytes = 14

    /// - Parameter bytes: the file's first bytes, colour table included.
    init(_ bytes: [UInt8]) throws(PictureFault) {
        guard bytes.count >= 26 else { throw .undecodable(reason: "the header is cut off") }
        let headerBytes = Int(bytes.number(14))
        let isOld = headerBytes == 12
        guard isOld || (headerBytes >= 40 && bytes.count >= Self.fileHeaderBytes + headerBytes) else {
            throw .undecodable(reason: "the header is damaged")
        }
        let width = isOld ? Int(bytes.short(18)) : Int(Int32(bitPattern: bytes.number(18)))
        let height = isOld ? Int(bytes.short(20)) : Int(Int32(bitPattern: bytes.number(22)))
        bits = Int(bytes.short(isOld ? 24 : 28))
        let compression = isOld ? 0 : Int(bytes.number(30))
        guard width > 0, height != 0, height != .min, [1, 4, 8, 16, 24, 32].contains(bits) else {
            throw .undecodable(reason: "the header is damaged")
        }
        guard [0, 1, 2, 3, 6].contains(compression) else { throw .undecodable(reason: "its compression is not known") }
        size = PixelSize(width: width, height: abs(height))
        isTopDown = height < 0
        pixelOffset = Int(bytes.number(10))
        rowBytes = (width * bits + 31) / 32 * 4
        runLengthBits = compression == 1 && bits == 8 ? 8 : compression == 2 && bits == 4 ? 4 : nil
        let masksFollow = headerBytes == 40 && [3, 6].contains(compression)
        paletteOffset = Self.fileHeaderBytes + headerBytes + (masksFollow ? (compression == 6 ? 16 : 12) : 0)
        paletteEntryBytes = isOld ? 3 : 4
        let declared = isOld ? 0 : Int(bytes.number(46))
        paletteCount = bits > 8 ? 0 : declared > 0 ? min(declared, 256) : 1 << bits
        masks = Self.masks(bytes, bits: bits, compression: compression, headerBytes: headerBytes)
        guard pixelOffset >= Self.fileHeaderBytes + headerBytes,
            paletteOffset + paletteCount * paletteEntryBytes <= bytes.count
        else { throw .undecodable(reason: "the header is damaged") }
    }

    private static func masks(_ bytes: [UInt8], bits: Int, compression: Int, headerBytes: Int) -> [UInt32] {
        guard compression == 3 || compression == 6, bytes.count >= 66 else {
            return bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF0000, 0xFF00, 0xFF, 0]
        }
        let hasAlpha = compression == 6 || headerBytes >= 56
        return [bytes.number(54), bytes.number(58), bytes.number(62), hasAlpha && bytes.count >= 70 ? bytes.number(66) : 0]
    }

    /// Whether alpha is declared and anything is visible: many writers declare it and leave all of it zero.
    func hasAlpha(in bytes: [UInt8]) -> Bool {
        guard bits == 32, masks[3] != 0 else { return false }
        return stride(from: pixelOffset, to: min(pixelOffset + rowBytes * size.height, bytes.count - 3), by: 4)
            .contains { bytes.number($0) & masks[3] != 0 }
    }

    func colour(row: Int, column: Int, in bytes: [UInt8]) -> Colour {
        let start = pixelOffset + row * rowBytes
        switch bits {
        case 1, 4, 8:
            let position = column * bits
            let byte = Int(bytes[start + position / 8])
            return palette(byte >> (8 - bits - position % 8) & (1 << bits - 1), in: bytes)
        case 24:
            let pixel = start + column * 3
            return (bytes[pixel + 2], bytes[pixel + 1], bytes[pixel], 255)
        default:
            let value = bits == 16 ? UInt32(bytes.short(start + column * 2)) : bytes.number(start + column * 4)
            let parts = masks.map { Self.part($0, of: value) }
            return (parts[0], parts[1], parts[2], masks[3] == 0 ? 255 : parts[3])
        }
    }

    func palette(_ index: Int, in bytes: [UInt8]) -> Colour {
        guard index < paletteCount else { return (0, 0, 0, 255) }
        let entry = paletteOffset + index * paletteEntryBytes
        return (bytes[entry + 2], bytes[entry + 1], bytes[entry], 255)
    }

    /// The bits under a mask, spread over 0…255.
    private static func part(_ mask: UInt32, of value: UInt32) -> UInt8 {
        guard mask != 0 else { return 0 }
        let shift = UInt32(mask.trailingZeroBitCount)
        let largest = UInt64(mask >> shift)
        return UInt8(min(UInt64((value & mask) >> shift) * 255 / largest, 255))
    }
}

extension [UInt8] {
    /// Two bytes, least significant first.
    fileprivate func short(_ offset: Int) -> UInt16 { UInt16(self[offset]) | UInt16(self[offset + 1]) << 8 }
    /// Four bytes, least significant first.
    fileprivate func number(_ offset: Int) -> UInt32 { UInt32(short(offset)) | UInt32(short(offset + 2)) << 16 }
}
