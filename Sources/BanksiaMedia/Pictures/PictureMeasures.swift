/// How a picture came out, as far as that can be measured. Grey values run from 0 to 255.
public struct PictureMeasures: Sendable, Hashable, Codable {
    /// Detail in the sharpest places: the variance of the Laplacian (J. L. Pech-Pacheco et al., "Diatom autofocusing in
    /// brightfield microscopy", ICPR 2000), of which 3 % of the picture have more. A portrait is sharp in a few places only.
    public var detail: Double
    /// The standard deviation of the noise, where the picture is quietest: J. Immerkær's estimate ("Fast Noise Variance
    /// Estimation", CVIU 64, 1996), of which 10 % of the places that are neither black nor white have less.
    public var noise: Double
    /// The mean.
    public var brightness: Double
    /// The share that is as good as white, where nothing can be seen any more.
    public var blownOut: Double
    /// The share that is as good as black.
    public var blocked: Double
    /// A perceptual hash of 64 bits, which tells copies of a picture by how few of them differ.
    public var hash: UInt64?

    /// Measures from their values.
    public init(detail: Double, noise: Double, brightness: Double, blownOut: Double = 0, blocked: Double = 0, hash: UInt64? = nil)
    {
        self.detail = detail
        self.noise = noise
        self.brightness = brightness
        self.blownOut = blownOut
        self.blocked = blocked
        self.hash = hash
    }
}

extension PictureMeasures {
    /// What is looked at: details smaller than this show on no screen of today.
    static let longestEdge = 1024
    private static let tileEdge = 8
    /// Looked at in each direction, evenly over the picture, which bounds the work.
    private static let tilesAcross = 64
    /// With fewer a share of them means nothing.
    private static let fewestTiles = 16

    /// Measures a picture; `nil` when it is too small for that.
    ///
    /// - Parameter rgb: 8-bit red, green, blue, row by row.
    init?(rgb: [UInt8], size: PixelSize) {
        let (columns, rows) = ((size.width - 2) / Self.tileEdge, (size.height - 2) / Self.tileEdge)
        guard columns > 0, rows > 0, columns * rows >= Self.fewestTiles else { return nil }
        var tiles: [Tile] = []
        for row in Self.places(rows) {
            for column in Self.places(columns) {
                tiles.append(Tile(rgb: rgb, width: size.width, x: column * Self.tileEdge, y: row * Self.tileEdge))
            }
        }
        let count = Double(tiles.count)
        self.init(
            detail: Self.quantile(0.97, of: tiles.map(\.detail)),
            noise: Self.quantile(0.1, of: tiles.filter { (8...247).contains($0.mean) }.map(\.noise)),
            brightness: tiles.reduce(0) { $0 + $1.mean } / count, blownOut: tiles.reduce(0) { $0 + $1.blownOut } / count,
            blocked: tiles.reduce(0) { $0 + $1.blocked } / count,
            hash: PerceptualHash.hash(rgb: rgb, size: size))
    }

    private static func places(_ count: Int) -> [Int] {
        guard count > tilesAcross else { return Array(0..<count) }
        return (0..<tilesAcross).map { $0 * count / tilesAcross }
    }

    private static func quantile(_ share: Double, of values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        return values.sorted()[Int(Double(values.count - 1) * share)]
    }

    /// A square of the picture, whose border of one pixel is looked at too.
    private struct Tile {
        var detail: Double
        var noise: Double
        var mean: Double
        var blownOut: Double
        var blocked: Double

        init(rgb: [UInt8], width: Int, x: Int, y: Int) {
            let edge = tileEdge + 2
            var grey = [Int](repeating: 0, count: edge * edge)
            for row in 0..<edge {
                for column in 0..<edge {
                    let at = ((y + row) * width + x + column) * 3
                    // ITU-R BT.601 §2.5.1.
                    grey[row * edge + column] = (299 * Int(rgb[at]) + 587 * Int(rgb[at + 1]) + 114 * Int(rgb[at + 2])) / 1000
                }
            }
            var (sum, squares, rough, light, white, black) = (0, 0, 0, 0, 0, 0)
            for row in 1..<edge - 1 {
                for place in row * edge + 1..<row * edge + edge - 1 {
                    let middle = grey[place]
                    let beside = grey[place - 1] + grey[place + 1] + grey[place - edge] + grey[place + edge]
                    let across =
                        grey[place - edge - 1] + grey[place - edge + 1] + grey[place + edge - 1] + grey[place + edge + 1]
                    let curve = beside - 4 * middle
                    sum += curve
                    squares += curve * curve
                    // The difference of two Laplacians, which no straight edge disturbs (Immerkær, equation 1).
                    rough += abs(across - 2 * beside + 4 * middle)
                    light += middle
                    if middle >= 250 { white += 1 }
                    if middle <= 5 { black += 1 }
                }
            }
            let count = Double(tileEdge * tileEdge)
            detail = Double(squares) / count - (Double(sum) / count) * (Double(sum) / count)
            noise = (Double.pi / 2).squareRoot() / 6 * Double(rough) / count
            mean = Double(light) / count
            blownOut = Double(white) / count
            blocked = Double(black) / count
        }
    }
}

extension PictureMeasures {
    /// Measures a picture in sRGB, in memory.
    init?(_ picture: borrowing Picture) throws(PictureFault) {
        let scale = min(Double(Self.longestEdge) / Double(picture.size.longestEdge), 1)
        let seen = try picture.scaled(by: scale, scale).overWhite()
        let size = seen.size
        self.init(rgb: try seen.pixels(bands: 3), size: size)
    }
}

extension PictureFile {
    /// How the picture came out; `nil` when it is too small to tell.
    func measures() throws(PictureFault) -> PictureMeasures? {
        try PictureMeasures(upright(scale: min(Double(PictureMeasures.longestEdge) / Double(size.longestEdge), 1)))
    }
}
