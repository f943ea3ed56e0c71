/// A part of a picture, in pixels of the picture as it is displayed.
public struct PictureArea: Sendable, Hashable, Codable {
    public let x: Int
    public let y: Int
    public let width: Int
    public let height: Int

    /// An area from its corner and its sides.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The longer side.
    var longestEdge: Int { max(width, height) }

    /// The same area where it lies within a picture of this size: moved inside, and cut where it is larger.
    func moved(into size: PixelSize) -> PictureArea {
        let width = min(max(width, 1), size.width)
        let height = min(max(height, 1), size.height)
        return PictureArea(
            x: min(max(x, 0), size.width - width), y: min(max(y, 0), size.height - height), width: width, height: height)
    }

    /// The same area in the picture made larger or smaller.
    func scaled(from size: PixelSize, to other: PixelSize) -> PictureArea {
        let across = Double(other.width) / Double(size.width)
        let down = Double(other.height) / Double(size.height)
        return PictureArea(
            x: Int(Double(x) * across), y: Int(Double(y) * down), width: Int((Double(width) * across).rounded()),
            height: Int((Double(height) * down).rounded())
        ).moved(into: other)
    }
}
