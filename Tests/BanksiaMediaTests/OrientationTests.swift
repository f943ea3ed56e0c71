import BanksiaMedia
import Foundation
import Testing

@Suite("Orientation") struct OrientationTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private func photo(_ orientation: Int) throws -> String {
        let path = try studio.picture(
            Chart.quarters(600, 400).stored(orientation: orientation), "photo-\(orientation).jpg", options: "[Q=95]")
        try studio.run("exiftool", "-q", "-overwrite_original", "-n", "-Orientation=\(orientation)", path)
        return path
    }

    @Test(arguments: 1...8) func `a photo is measured and shown upright`(orientation: Int) async throws {
        let path = try photo(orientation)
        let probe = try await Studio.workers.probe(path)
        let upright = PixelSize(width: 600, height: 400)
        #expect(probe.orientation == orientation)
        #expect(probe.metadata.orientation == orientation)
        #expect(probe.displaySize == upright)
        #expect(probe.encodedSize == (orientation >= 5 ? upright.turned : upright))

        let recipe = RenditionRecipe(name: "small", longestEdge: 300, format: .jpeg(quality: 90))
        let rendered = try await Studio.workers.render(path, ladder: [recipe], into: studio.root)[0]
        #expect(rendered.size == PixelSize(width: 300, height: 200))
        let chart = try studio.chart(rendered.path)
        #expect(chart.size == rendered.size)
        #expect(chart.isUpright(), "\(chart.corners)")
    }

    @Test(arguments: 1...8) func `a model sees a photo upright`(orientation: Int) async throws {
        let path = try photo(orientation)
        let square = PixelSize(width: 64, height: 64)
        let squashed = Chart(size: square, pixels: try await Studio.workers.pixels(path, .squash, to: square))
        #expect(squashed.isUpright(), "\(squashed.corners)")
        let cropped = Chart(size: square, pixels: try await Studio.workers.pixels(path, .centreCrop, to: square))
        #expect(cropped.isUpright(), "\(cropped.corners)")
    }

    @Test(arguments: [0, 9, 200]) func `a value outside of the standard means upright`(orientation: Int) async throws {
        let path = try studio.picture(.quarters(60, 40), "photo.jpg")
        try studio.run("exiftool", "-q", "-overwrite_original", "-n", "-IFD0:Orientation#=\(orientation)", path)
        let probe = try await Studio.workers.probe(path)
        #expect(probe.orientation == 1)
        #expect(probe.displaySize == PixelSize(width: 60, height: 40))
    }
}
