internal import Foundation

/// 64 bits that say how a picture looks as a whole: copies that were scaled, compressed or brightened differ in a few of them,
/// unrelated pictures in about half.
///
/// The DCT hash of C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), §3.2.1: grey, 32 × 32, the
/// cosine transform, of which the 8 × 8 lowest frequencies beside the constant ones are each compared with their median.
enum PerceptualHash {
    private static let side = 32
    private static let frequencies = 8
    /// Row by row, the frequencies 1…8.
    private static let cosines: [Double] = {
        var table: [Double] = []
        for frequency in 1...frequencies {
            for place in 0..<side { table.append(cos(Double.pi * Double(frequency * (2 * place + 1)) / Double(2 * side))) }
        }
        return table
    }()

    /// - Parameter rgb: 8-bit red, green, blue, row by row.
    /// - Returns: `nil` for a picture that is smaller than what is compared.
    static func hash(rgb: [UInt8], size: PixelSize) -> UInt64? {
        guard size.width >= side, size.height >= side, rgb.count == size.width * size.height * 3 else { return nil }
        let grey = reduced(rgb, size)
        // Once along the rows, once along the columns.
        var rows = [Double](repeating: 0, count: side * frequencies)
        for y in 0..<side {
            for u in 0..<frequencies {
                rows[y * frequencies + u] = (0..<side).reduce(0.0) { $0 + grey[y * side + $1] * cosines[u * side + $1] }
            }
        }
        var spectrum: [Double] = []
        for v in 0..<frequencies {
            for u in 0..<frequencies {
                spectrum.append((0..<side).reduce(0.0) { $0 + rows[$1 * frequencies + u] * cosines[v * side + $1] })
            }
        }
        let sorted = spectrum.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        return spectrum.reduce(UInt64(0)) { $0 << 1 | ($1 > median ? 1 : 0) }
    }

    /// The mean grey (ITU-R BT.601 §2.5.1) of each of 32 × 32 fields.
    private static func reduced(_ rgb: [UInt8], _ size: PixelSize) -> [Double] {
        let columns = (0..<size.width).map { $0 * side / size.width }
        var sums = [Int](repeating: 0, count: side * side)
        var counts = [Int](repeating: 0, count: side * side)
        for y in 0..<size.height {
            let row = y * side / size.height * side
            for x in 0..<size.width {
                let at = (y * size.width + x) * 3
                sums[row + columns[x]] += 299 * Int(rgb[at]) + 587 * Int(rgb[at + 1]) + 114 * Int(rgb[at + 2])
                counts[row + columns[x]] += 1
            }
        }
        return zip(sums, counts).map { Double($0) / Double($1 * 1000) }
    }
}
