/// A decoded picture in a file: 8-bit red, green, blue, row by row.
public struct PixelFile: Sendable, Hashable, Codable {
    public let size: PixelSize
    public let path: String
}
