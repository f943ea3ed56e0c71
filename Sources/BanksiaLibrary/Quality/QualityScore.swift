import BanksiaMedia
import Foundation

/// How good a picture is technically: 0 worst, 1 best. What it shows does not count.
///
/// A weighted geometric mean of four marks, each between nearly nothing and 1, so that one grave fault is not made up for by the
/// rest. The weights and scales are ours, set so that each fault lowers the score of some 30 pictures of the corpus step by step;
/// they are not fitted to anyone's taste. Whoever changes a number counts `recipe` up.
struct QualityScore: Equatable {
    static let recipe = 1

    let value: Double

    /// - Parameter size: the picture's own, not that of what was measured.
    init(_ measures: PictureMeasures, size: PixelSize) {
        let marks = [
            (Self.sharpness(measures), 0.4), (Self.exposure(measures), 0.3), (Self.cleanness(measures), 0.2),
            (Self.resolution(size), 0.1),
        ]
        let score = marks.reduce(1) { product, mark in product * pow(max(mark.0, Self.least), mark.1) }
        value = (score * 10_000).rounded() / 10_000
    }

    private static let least = 0.02

    /// By the logarithm of the detail, from 1 (nothing is sharp) to 2500 (every leaf).
    ///
    /// Noise has detail too: white noise has a Laplacian of 20 times its variance, the sum of the kernel's squares, and where it is
    /// strongest 3.5 times what it has where it is least. A darker picture has less detail by the square of its brightness, which
    /// is not a matter of sharpness.
    private static func sharpness(_ measures: PictureMeasures) -> Double {
        let own = max(measures.detail - 3.5 * 20 * measures.noise * measures.noise, 1)
        let evenly = own * pow(128 / (measures.brightness + 16), 2)
        return inUnit(log10(evenly) / log10(2500))
    }

    /// Full between a mean of 70 and 170, and less for what is lost in white or, half as bad, in black. A little of both is in
    /// every good picture.
    private static func exposure(_ measures: PictureMeasures) -> Double {
        let mean = min(measures.brightness / 70, (255 - measures.brightness) / 85)
        return inUnit(mean) * (1 - inUnit(measures.blownOut - 0.02)) * (1 - inUnit(measures.blocked - 0.05) / 2)
    }

    /// Half at a deviation of 10, which is grain that anyone sees.
    private static func cleanness(_ measures: PictureMeasures) -> Double { 1 / (1 + pow(measures.noise / 10, 2)) }

    /// By the logarithm of the pixels, from a thumbnail's 0.05 million to 12 million, enough for a page in print.
    private static func resolution(_ size: PixelSize) -> Double { inUnit(log(Double(max(size.count, 1)) / 50_000) / log(240)) }

    private static func inUnit(_ value: Double) -> Double { min(max(value, 0), 1) }
}
