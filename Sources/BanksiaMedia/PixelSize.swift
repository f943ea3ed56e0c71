/// The width and height of a picture, in pixels.
public struct PixelSize: Hashable, Sendable, Codable {
    public let width: Int
    public let height: Int

    /// A size from its sides.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// How many pixels that is; saturates, since sizes come from files that may lie.
    public var count: Int {
        let (product, overflowed) = width.multipliedReportingOverflow(by: height)
        return overflowed ? .max : product
    }

    /// The longer side.
    public var longestEdge: Int { max(width, height) }

    /// The same shape with a longest edge of at most so many pixels, and one pixel at least in each direction.
    func fitted(to edge: Int) -> PixelSize {
        guard longestEdge > edge else { return self }
        let scale = Double(edge) / Double(longestEdge)
        return PixelSize(
            width: max(Int((Double(width) * scale).rounded()), 1), height: max(Int((Double(height) * scale).rounded()), 1))
    }

    /// Width and height exchanged, as a quarter turn does.
    public var turned: PixelSize { PixelSize(width: height, height: width) }
}
