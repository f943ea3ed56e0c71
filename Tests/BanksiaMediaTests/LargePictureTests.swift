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

    /// The most memory that a process ever had, in megabytes.
    private func peakMegabytes(of process: Int32) throws -> Int {
        let lines = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("VmHWM:") })
        return (Int(line.split(separator: " ").dropLast().last ?? "") ?? .max) / 1024
    }
}
