import BanksiaMedia
import Foundation
import Testing

/// Pictures of hundreds of megapixels are never whole in memory where their format can be read in lines.
@Suite("Large pictures") struct LargePictureTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private let wish = DevelopmentWish(
        ladder: [360, 720, 1440].map { (edge: Int) in
            RenditionRecipe(name: "\(edge)", longestEdge: edge, format: .webp(quality: 80, effort: 2))
        },
        inputs: [.init(fit: .squash, size: PixelSize(width: 64, height: 64))], thumbHash: true)

    @Test(arguments: [("large.jpg[Q=60]", 1000), ("large.png[compression=1]", 500), ("large.tif[compression=lzw]", 500)])
    func `a picture is made small in bounded memory`(name: String, times: Int) async throws {
        let chart = try studio.picture(.quarters(20, 14), "chart.png")
        let path = studio.path(String(name.prefix { $0 != "[" }))
        try studio.run("vips", "zoom", chart, studio.path(name), "\(times)", "\(times)")
        let workers = Studio.workers(width: 1)
        let made = try await workers.develop(path, wish, into: try studio.folder("made"))
        let preview = try #require(made.renditions.first { $0.name == "1440" })
        #expect(preview.size == PixelSize(width: 1440, height: 1008))
        let seen = try studio.chart(preview.path)
        #expect(seen.isUpright(), "\(seen.corners)")
        let child = try #require(workers.childProcessIDs.first)
        #expect(try peakMegabytes(of: child) < 260)
        await workers.close()
    }

    /// 203 megapixels in tiles, as the largest phones write them. libheif has the whole in memory twice: as the codec left it, and in
    /// red, green and blue.
    @Test func `a picture of two hundred megapixels in tiles is made small`() async throws {
        let workers = Studio.workers(width: 1)
        let made = try await workers.develop(tiled(columns: 31, rows: 25), wish, into: try studio.folder("made"))
        let preview = try #require(made.renditions.first { $0.name == "1440" })
        #expect(preview.size == PixelSize(width: 1440, height: 1161))
        let child = try #require(workers.childProcessIDs.first)
        #expect(try peakMegabytes(of: child) < 1500)
        await workers.close()
    }

    @Test func `a side that the decoder does not take is no want of memory`() async throws {
        let workers = Studio.workers(width: 1)
        let problem = await #expect(throws: MediaProblem.self) {
            try await workers.develop(tiled(columns: 33, rows: 1), wish, into: try studio.folder("made"))
        }
        guard case .undecodable(let reason) = problem else {
            Issue.record("\(String(describing: problem))")
            return
        }
        #expect(reason.contains("16896x512"), "\(reason)")
        await workers.close()
    }

    private func tiled(columns: Int, rows: Int) throws -> String {
        let tile = try studio.picture(.quarters(512, 512), "tile.heic", options: "[Q=50,strip]")
        return try studio.write(TiledHEIC(tile: studio.read(tile), edge: 512).file(columns: columns, rows: rows), "large.heic")
    }

    /// The most memory that a process ever had, in megabytes.
    private func peakMegabytes(of process: Int32) throws -> Int {
        let lines = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("VmHWM:") })
        return (Int(line.split(separator: " ").dropLast().last ?? "") ?? .max) / 1024
    }
}
