import COnnxRuntime

/// Pixels in the child: 8-bit red, green, blue, row by row.
struct RawPicture {
    let width: Int
    let height: Int
    let pixels: ArraySlice<UInt8>

    /// - Returns: `nil` unless there are three bytes for each pixel.
    init?(width: Int, height: Int, pixels: ArraySlice<UInt8>) {
        guard (1...Self.longestEdge).contains(width), (1...Self.longestEdge).contains(height), pixels.count == 3 * width * height
        else { return nil }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Bounds what a child needs for one; all that is said of smaller things in pictures holds up to here.
    static let longestEdge = 4096

    /// A square view of it as three planes of floats, 0 to 255.
    func planes(_ view: View, side: Int, _ channels: ModelPack.Channels) -> [Float] {
        planes(view, columns: side, rows: side, channels)
    }

    /// A view of it as three planes of floats, 0 to 255.
    func planes(_ view: View, columns: Int, rows: Int, _ channels: ModelPack.Channels) -> [Float] {
        let count = 3 * columns * rows
        return unsafe [Float](unsafeUninitializedCapacity: count) { planes, filled in
            unsafe pixels.withUnsafeBufferPointer { pixels in
                unsafe banksia_show(
                    pixels.baseAddress, width, height, banksia_view(a: view.a, b: view.b, x: view.x, y: view.y),
                    view.samples, columns, rows, channels == .rgb ? 0 : 2, planes.baseAddress)
            }
            filled = count
        }
    }

    /// Where a view lies on a picture: its pixel (u, v) shows (a u − b v + x, b u + a v + y).
    struct View: Equatable {
        var a: Double
        var b: Double
        var x: Double
        var y: Double

        /// Upright, from a corner on; `scale` of its pixels make one of the picture's.
        init(x: Double, y: Double, scale: Double) {
            // Pixels are squares: what is compared are their middles.
            self.init(a: 1 / scale, b: 0, x: x + 0.5 / scale - 0.5, y: y + 0.5 / scale - 0.5)
        }

        init(a: Double, b: Double, x: Double, y: Double) {
            (self.a, self.b, self.x, self.y) = (a, b, x, y)
        }

        /// How many pixels of the picture one of the view covers in each direction.
        var reduction: Double { (a * a + b * b).squareRoot() }

        /// Each place is mixed from two by two pixels, so half as many places leave none out; 64 of them are enough for anybody.
        var samples: Int32 { Int32(max(1, min(8, (reduction / 2).rounded(.up)))) }
    }
}
