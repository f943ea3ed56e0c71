internal import Foundation

/// A picture in about 25 bytes: its low frequencies, by Evan Wallace's ThumbHash (https://evanw.github.io/thumbhash/).
///
/// Colour is split into luminance and two opponent axes, each is turned into cosine coefficients over a triangle of low
/// frequencies, and those are kept in four bits each, scaled by the largest of their channel.
enum ThumbHash {
    /// The largest picture it is made from; more pixels would not change what it keeps.
    static let longestEdge = 100

    /// - Parameter rgba: 8-bit red, green, blue, alpha (not premultiplied), row by row.
    static func encode(rgba: [UInt8], size: PixelSize) -> [UInt8] {
        let planes = Planes(rgba: rgba, size: size)
        // Transparent pictures spend their bytes on alpha and keep less luminance.
        let limit = planes.hasAlpha ? 5.0 : 7.0
        let longest = Double(size.longestEdge)
        let columns = max(1, rounded(limit * Double(size.width) / longest))
        let rows = max(1, rounded(limit * Double(size.height) / longest))
        let luminance = Channel(planes.luminance, size, columns: max(3, columns), rows: max(3, rows))
        let yellowBlue = Channel(planes.yellowBlue, size, columns: 3, rows: 3)
        let redGreen = Channel(planes.redGreen, size, columns: 3, rows: 3)
        let isLandscape = size.width > size.height

        let first =
            rounded(63 * luminance.mean) | rounded(31.5 + 31.5 * yellowBlue.mean) << 6 | rounded(31.5 + 31.5 * redGreen.mean)
            << 12
            | rounded(31 * luminance.scale) << 18 | (planes.hasAlpha ? 1 << 23 : 0)
        let second =
            (isLandscape ? rows : columns) | rounded(63 * yellowBlue.scale) << 3 | rounded(63 * redGreen.scale) << 9
            | (isLandscape ? 1 << 15 : 0)
        var hash = [first, first >> 8, first >> 16, second, second >> 8].map { UInt8(truncatingIfNeeded: $0) }
        var channels = [luminance, yellowBlue, redGreen]
        if planes.hasAlpha {
            let alpha = Channel(planes.alpha, size, columns: 5, rows: 5)
            hash.append(UInt8(truncatingIfNeeded: rounded(15 * alpha.mean) | rounded(15 * alpha.scale) << 4))
            channels.append(alpha)
        }
        return hash + packed(channels.flatMap(\.coefficients))
    }

    /// Two coefficients of 0…1 per byte, the first in the low half.
    private static func packed(_ coefficients: [Double]) -> [UInt8] {
        stride(from: 0, to: coefficients.count, by: 2).map { index in
            let low = rounded(15 * coefficients[index])
            let high = index + 1 < coefficients.count ? rounded(15 * coefficients[index + 1]) : 0
            return UInt8(truncatingIfNeeded: low | high << 4)
        }
    }

    /// Halves go up, as in the published code.
    private static func rounded(_ value: Double) -> Int { Int((value + 0.5).rounded(.down)) }
}

/// The picture as luminance, two colour axes and alpha, transparent parts filled with the mean colour.
private struct Planes {
    var luminance: [Double] = []
    var yellowBlue: [Double] = []
    var redGreen: [Double] = []
    var alpha: [Double] = []
    let hasAlpha: Bool

    init(rgba: [UInt8], size: PixelSize) {
        let count = size.count
        var mean = (red: 0.0, green: 0.0, blue: 0.0)
        var opacity = 0.0
        for start in stride(from: 0, to: count * 4, by: 4) {
            let alpha = Double(rgba[start + 3]) / 255
            mean.red += alpha / 255 * Double(rgba[start])
            mean.green += alpha / 255 * Double(rgba[start + 1])
            mean.blue += alpha / 255 * Double(rgba[start + 2])
            opacity += alpha
        }
        if opacity > 0 { mean = (mean.red / opacity, mean.green / opacity, mean.blue / opacity) }
        hasAlpha = opacity < Double(count)
        for start in stride(from: 0, to: count * 4, by: 4) {
            let alpha = Double(rgba[start + 3]) / 255
            let red = mean.red * (1 - alpha) + alpha / 255 * Double(rgba[start])
            let green = mean.green * (1 - alpha) + alpha / 255 * Double(rgba[start + 1])
            let blue = mean.blue * (1 - alpha) + alpha / 255 * Double(rgba[start + 2])
            luminance.append((red + green + blue) / 3)
            yellowBlue.append((red + green) / 2 - blue)
            redGreen.append(red - green)
            self.alpha.append(alpha)
        }
    }
}

/// One plane as its mean and its low-frequency cosine coefficients.
private struct Channel {
    let mean: Double
    /// The largest coefficient's magnitude.
    let scale: Double
    /// Row by row over a triangle of frequencies, mapped from -scale…scale to 0…1.
    let coefficients: [Double]

    init(_ plane: [Double], _ size: PixelSize, columns: Int, rows: Int) {
        var mean = 0.0
        var waves: [Double] = []
        for row in 0..<rows {
            let vertical = Self.cosines(frequency: row, count: size.height)
            for column in 0..<columns where column * rows < columns * (rows - row) {
                let horizontal = Self.cosines(frequency: column, count: size.width)
                var sum = 0.0
                for y in 0..<size.height {
                    for x in 0..<size.width { sum += plane[x + y * size.width] * horizontal[x] * vertical[y] }
                }
                sum /= Double(size.count)
                if row == 0, column == 0 { mean = sum } else { waves.append(sum) }
            }
        }
        let scale = waves.reduce(0) { max($0, abs($1)) }
        self.mean = mean
        self.scale = scale
        coefficients = scale > 0 ? waves.map { 0.5 + 0.5 / scale * $0 } : waves
    }

    private static func cosines(frequency: Int, count: Int) -> [Double] {
        (0..<count).map { cos(.pi / Double(count) * Double(frequency) * (Double($0) + 0.5)) }
    }
}
