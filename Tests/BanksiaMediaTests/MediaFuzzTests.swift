import BanksiaMedia
import BanksiaProcesses
import BanksiaTestKit
import Foundation
import Testing

/// Files that are damaged at random, read by the real children.
@Suite("Readers of media") struct MediaFuzzTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private static let pictures = ["jpg", "png", "gif", "webp", "tif", "heic", "avif", "jxl", "jp2"].map { "photo.\($0)" }
    private static let films = ["film.mp4", "film.mkv"]

    private func samples() throws -> [[UInt8]] {
        let source = try studio.picture(.quarters(120, 80), "source.png")
        for name in Self.pictures { try studio.run("vips", "copy", source, studio.path(name)) }
        try studio.run("ffmpeg", "-v", "error", "-i", source, studio.path("photo.bmp"))
        for name in Self.films {
            let words = ["-v", "error", "-loop", "1", "-t", "1", "-i", source, "-pix_fmt", "yuv420p", studio.path(name)]
            try studio.run(tool: "ffmpeg", words)
        }
        return try (Self.pictures + ["photo.bmp"] + Self.films).map { try studio.read(studio.path($0)) }
            + [DigitalNegative(chart: .quarters(120, 80)).bytes]
    }

    @Test func `damaged files give a result or a problem within their limits, and the workers live on`() async throws {
        let samples = try samples()
        let limits = ChildLimits(addressSpaceBytes: 2 << 30)
        let workers = Studio.workers(width: 1, limits: limits, timeout: .seconds(120), maximumPixels: 1_000_000)
        let wish = DevelopmentWish(
            ladder: [RenditionRecipe(name: "out", longestEdge: 60, format: .webp(quality: 80, effort: 0))],
            inputs: [.init(fit: .squash, size: PixelSize(width: 8, height: 8))], thumbHash: true)
        var round = 0
        try await Fuzz.run(samples, rounds: 40) { bytes in
            round += 1
            let path = try studio.write(bytes, "damaged")
            let folder = try studio.folder("made")
            do throws(MediaProblem) {
                _ = try await workers.probe(path)
                let made = try await workers.develop(path, wish, into: folder)
                #expect(made.renditions.allSatisfy { $0.size.longestEdge <= 60 } && !made.views.isEmpty, "round \(round)")
            } catch {
                #expect(
                    !error.detail.isEmpty && error != .child(.timedOut) && error != .child(.outOfMemory),
                    "round \(round): \(error)")
            }
            try FileManager.default.removeItem(atPath: folder)
        }
        let whole = try studio.folder("whole")
        #expect(try await workers.develop(studio.path("photo.jpg"), wish, into: whole).renditions.count == 1)
        await workers.close()
    }
}
