import BanksiaMedia
import Testing

@testable import BanksiaLibrary

@Suite("Quality scores") struct QualityScoreTests {
    private let good = PictureMeasures(detail: 2000, noise: 0.2, brightness: 120)
    private let large = PixelSize(width: 4000, height: 3000)

    private func scores(_ values: [Double], _ change: (inout PictureMeasures, Double) -> Void) -> [Double] {
        values.map { value in
            var measures = good
            change(&measures, value)
            return QualityScore(measures, size: large).value
        }
    }

    @Test func `each fault costs, the more of it the more`() {
        let series = [
            scores([2000, 800, 200, 50, 12]) { $0.detail = $1 }, scores([0.2, 2, 4, 8, 16, 60]) { $0.noise = $1 },
            scores([120, 60, 30, 15, 4]) { $0.brightness = $1 }, scores([120, 190, 220, 240, 254]) { $0.brightness = $1 },
            scores([0, 0.1, 0.3, 0.6, 1]) { $0.blownOut = $1 }, scores([0, 0.1, 0.3, 0.6, 1]) { $0.blocked = $1 },
            [4000, 2000, 1000, 500].map { QualityScore(good, size: PixelSize(width: $0, height: $0)).value },
        ]
        for scores in series { #expect(scores == scores.sorted(by: >) && Set(scores).count == scores.count, "\(scores)") }
    }

    @Test func `a score lies between 0 and 1`() {
        #expect(QualityScore(good, size: large).value > 0.9)
        for measures in [
            PictureMeasures(detail: 0, noise: 0, brightness: 0, blocked: 1),
            PictureMeasures(detail: 0, noise: 0, brightness: 255, blownOut: 1),
            PictureMeasures(detail: 65_025, noise: 255, brightness: 128), PictureMeasures(detail: 1e9, noise: 0, brightness: 100),
        ] {
            for size in [PixelSize(width: 1, height: 1), large, PixelSize(width: 60_000, height: 60_000)] {
                let score = QualityScore(measures, size: size).value
                #expect((0...1).contains(score), "\(measures): \(score)")
            }
        }
    }
}
