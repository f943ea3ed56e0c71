import BanksiaCore
import BanksiaMedia
import BanksiaProcesses
import Foundation
import Testing

@Suite("Damaged files") struct DamageTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    @Test(arguments: [
        "photo.jpg", "photo.png", "photo.gif", "photo.webp", "photo.tif", "photo.heic", "photo.avif", "photo.jxl", "photo.jp2",
        "photo.bmp", "photo.dng", "film.mp4", "film.mov", "film.mkv",
    ])
    func `cut off at any sixteenth, a file gives a picture or a problem with a reason`(name: String) async throws {
        let source = try studio.picture(.quarters(120, 80), "source.png")
        switch name {
        case "photo.bmp": try studio.run("ffmpeg", "-v", "error", "-i", source, studio.path(name))
        case "photo.dng": _ = try studio.write(DigitalNegative(chart: .quarters(120, 80)).bytes, name)
        case _ where name.hasPrefix("film"):
            let options = ["-v", "error", "-loop", "1", "-t", "1", "-i", source, "-pix_fmt", "yuv420p", studio.path(name)]
            try studio.run(tool: "ffmpeg", options)
        default: try studio.run("vips", "copy", source, studio.path(name))
        }
        let good = try studio.read(studio.path(name))
        let workers = Studio.workers(width: 1, limits: ChildLimits(addressSpaceBytes: 2 << 30), timeout: .seconds(60))
        let recipe = RenditionRecipe(name: "out", longestEdge: 60, format: .jpeg(quality: 80))
        // Films are asked at each fourth only: every look is two processes.
        for part in stride(from: 1, through: 15, by: name.hasPrefix("film") ? 4 : 1) {
            let path = try studio.write(Array(good.prefix(good.count * part / 16)), "cut-\(part)")
            do throws(MediaProblem) {
                #expect(try await workers.render(path, ladder: [recipe], into: studio.root)[0].size.longestEdge <= 60)
            } catch { #expect(error.isAboutTheFile && !error.detail.isEmpty, "\(part): \(error)") }
        }
        #expect(try await workers.render(studio.path(name), ladder: [recipe], into: studio.root).count == 1)
        await workers.close()
    }

    @Test(arguments: [
        "photo.jpg", "photo.png", "photo.gif", "photo.webp", "photo.tif", "photo.heic", "photo.avif", "photo.jxl", "photo.jp2",
        "photo.dng",
    ])
    func `flipped bytes give a picture or a problem, and the workers live on`(name: String) async throws {
        let chart = Chart.quarters(120, 80)
        let good = name == "photo.dng" ? DigitalNegative(chart: chart).bytes : try studio.read(try studio.picture(chart, name))
        var random = Seeded(seed: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        let workers = Studio.workers(width: 1, limits: ChildLimits(addressSpaceBytes: 2 << 30), timeout: .seconds(20))
        for round in 0..<12 {
            var bytes = good
            // Mostly near the start, where headers are.
            let span = round.isMultiple(of: 2) ? min(bytes.count, 200) : bytes.count
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<span, using: &random)] = .random(in: 0...255, using: &random)
            }
            let path = try studio.write(bytes, "damaged-\(round)")
            let recipe = RenditionRecipe(name: "out", longestEdge: 60, format: .jpeg(quality: 80))
            do throws(MediaProblem) {
                let files = try await workers.render(path, ladder: [recipe], into: studio.root)
                #expect(files[0].size.longestEdge <= 60)
                _ = try await workers.probe(path)
            } catch { #expect(!error.detail.isEmpty) }
        }
        let whole = try studio.write(good, "whole")
        #expect(try await workers.probe(whole).displaySize == PixelSize(width: 120, height: 80))
        #expect(try await workers.thumbHash(whole).count >= 5)
        await workers.close()
    }
}
