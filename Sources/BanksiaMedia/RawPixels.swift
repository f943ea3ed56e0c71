/// A decoded picture in its own shape.
public struct RawPixels: Sendable, Hashable {
    public let size: PixelSize
    /// 8-bit red, green, blue, row by row.
    public let bytes: [UInt8]
}

extension RawPixels {
    /// Width and height, 32-bit little-endian, then the bytes.
    var encoded: [UInt8] {
        [size.width, size.height].flatMap { edge in [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: edge >> $0) } } + bytes
    }

    /// - Returns: `nil` unless there are three bytes for each pixel.
    init?(encoded: [UInt8]) {
        guard encoded.count >= 8 else { return nil }
        func edge(_ start: Int) -> Int { (0..<4).reduce(0) { $0 | Int(encoded[start + $1]) << (8 * $1) } }
        size = PixelSize(width: edge(0), height: edge(4))
        guard 3 * size.count == encoded.count - 8 else { return nil }
        bytes = Array(encoded[8...])
    }
}
