import BanksiaMedia
import Foundation
import Testing

@Suite("Formats") struct FormatTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    @Test(arguments: [
        ("photo.jpg", "", MediaFormat.jpeg), ("photo.png", "", .png), ("photo.png", "[interlace]", .png), ("photo.gif", "", .gif),
        ("photo.webp", "[Q=95]", .webp), ("photo.tif", "[compression=lzw]", .tiff), ("photo.tif", "[tile,pyramid]", .tiff),
        ("photo.heic", "[Q=90]", .heic), ("photo.avif", "[Q=90,speed=8]", .avif), ("photo.jxl", "[Q=95]", .jxl),
        ("photo.jp2", "[Q=95]", .jp2),
        ("photo.jpg", "[interlace]", .jpeg), ("photo.jpg", "[subsample-mode=off]", .jpeg),
    ])
    func `a picture is recognised and rendered`(name: String, options: String, format: MediaFormat) async throws {
        let path = try studio.picture(.quarters(300, 200), name, options: options)
        // As in the store: without a name that gives it away.
        try FileManager.default.moveItem(atPath: path, toPath: studio.path("original"))
        let probe = try await Studio.workers.probe(studio.path("original"))
        #expect(probe.format == format)
        #expect(probe.displaySize == PixelSize(width: 300, height: 200))
        #expect(probe.frames == (options.contains("pyramid") ? probe.frames : 1))
        try await expectUpright(studio.path("original"))
    }

    @Test(arguments: ["bgr24", "bgra", "rgb565le", "rgb555le", "rgb8", "pal8"]) func `a bitmap is recognised and rendered`(
        layout: String
    ) async throws {
        let source = try studio.write(Chart.quarters(301, 200).portablePixmap, "source.ppm")
        let path = studio.path("photo.bmp")
        if layout == "pal8" {
            try studio.run(
                "ffmpeg", "-v", "error", "-i", source, "-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse", "-pix_fmt", layout,
                path)
        } else {
            try studio.run("ffmpeg", "-v", "error", "-i", source, "-pix_fmt", layout, path)
        }
        let probe = try await Studio.workers.probe(path)
        #expect(probe.format == .bmp)
        #expect(probe.displaySize == PixelSize(width: 301, height: 200))
        try await expectUpright(path, tolerance: layout == "rgb8" ? 50 : 24)
    }

    @Test func `an animation gives its first frame`() async throws {
        let path = studio.path("dance.gif")
        try studio.run(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:s=80x60:d=0.2:r=10", "-f", "lavfi", "-i",
            "color=blue:s=80x60:d=0.2:r=10",
            "-filter_complex", "[0][1]concat=n=2", path)
        #expect(try await Studio.workers.probe(path).frames > 1)
        let pixels = try await Studio.workers.pixels(path, .squash, to: PixelSize(width: 4, height: 3))
        #expect(Chart(size: PixelSize(width: 4, height: 3), pixels: pixels)[2, 1].isNear(Colour(red: 255, green: 0, blue: 0)))
    }

    @Test func `ink colours become screen colours`() async throws {
        let source = try studio.picture(.quarters(300, 200), "source.png")
        try studio.run("vips", "colourspace", source, studio.path("ink.jpg[Q=95]"), "cmyk")
        #expect(try studio.run("vipsheader", "-f", "bands", studio.path("ink.jpg")).hasPrefix("4"))
        // The printable colours are fewer, and the strongest blue is far from the screen's.
        try await expectUpright(studio.path("ink.jpg"), tolerance: 80)
    }

    @Test func `sixteen bits become eight`() async throws {
        let source = try studio.picture(.quarters(300, 200), "source.png")
        try studio.run("vips", "colourspace", source, studio.path("deep.png"), "rgb16")
        #expect(try studio.run("vipsheader", "-f", "format", studio.path("deep.png")).contains("USHORT"))
        try await expectUpright(studio.path("deep.png"))
    }

    @Test func `grey becomes red, green and blue of one value`() async throws {
        let source = try studio.picture(.plain(.white, 30, 20), "source.png")
        try studio.run("vips", "colourspace", source, studio.path("grey.jpg"), "b-w")
        let pixels = try await Studio.workers.pixels(studio.path("grey.jpg"), .squash, to: PixelSize(width: 2, height: 2))
        #expect(pixels == [UInt8](repeating: 255, count: 12))
    }

    @Test func `a wide profile is applied and dropped`() async throws {
        let source = try studio.picture(.quarters(300, 200), "source.png")
        try studio.run("vips", "icc_transform", source, studio.path("wide.jpg[Q=95]"), "p3", "--input-profile", "srgb")
        let path = studio.path("wide.jpg")
        #expect(try studio.run("exiftool", "-s3", "-ProfileDescription", path).isEmpty == false)
        // Read as if it were sRGB, the red would be duller.
        try await expectUpright(path, tolerance: 14)
        let recipes: [RenditionRecipe.Format] = [.jpeg(quality: 90), .webp(quality: 90, effort: 0)]
        for (number, format) in recipes.enumerated() {
            let recipe = RenditionRecipe(name: "plain-\(number)", longestEdge: 200, format: format)
            let rendered = try await Studio.workers.render(path, ladder: [recipe], into: studio.root)[0]
            #expect(try studio.run("exiftool", "-s3", "-ProfileDescription", "-ICC_Profile:all", rendered.path).isEmpty)
        }
    }

    @Test func `wide colours stay where the recipe wants them, with their profile`() async throws {
        let source = try studio.picture(.quarters(300, 200), "source.png")
        try studio.run("vips", "icc_transform", source, studio.path("wide.jpg[Q=95]"), "p3", "--input-profile", "srgb")
        let recipes = [
            RenditionRecipe(name: "wide", longestEdge: 200, format: .webp(quality: 90, effort: 0), gamut: .wide),
            RenditionRecipe(name: "full", longestEdge: nil, format: .jpeg(quality: 90), gamut: .wide),
            RenditionRecipe(name: "plain", longestEdge: 100, format: .jpeg(quality: 90)),
        ]
        for rendered in try await Studio.workers.render(studio.path("wide.jpg"), ladder: recipes, into: studio.root) {
            let profile = try studio.run("exiftool", "-s3", "-ProfileDescription", rendered.path)
            #expect(profile.isEmpty == (rendered.name == "plain"), "\(rendered.name): \(profile)")
            let seen = studio.path("\(rendered.name)-seen.png")
            if rendered.name == "plain" {
                try studio.run("vips", "copy", rendered.path, seen)
            } else {
                try studio.run("vips", "icc_transform", rendered.path, seen, "srgb", "--embedded")
            }
            #expect(try studio.chart(seen).isUpright(within: 14), "\(rendered.name)")
        }
        let plain = try studio.picture(.quarters(300, 200), "plain.jpg")
        let again = try await Studio.workers.render(plain, ladder: recipes, into: try studio.folder("again"))
        for rendered in again { #expect(try studio.run("exiftool", "-s3", "-ICC_Profile:all", rendered.path).isEmpty) }
    }

    @Test func `a damaged profile does not spoil the picture`() async throws {
        let source = try studio.picture(.quarters(300, 200), "source.png")
        try studio.run("vips", "icc_transform", source, studio.path("tagged.jpg[Q=95]"), "srgb", "--input-profile", "srgb")
        var bytes = try studio.read(studio.path("tagged.jpg"))
        let mark = Array("ICC_PROFILE".utf8)
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: mark) })
        for index in start + 40..<start + 400 { bytes[index] = 0xAA }
        let path = try studio.write(bytes, "broken.jpg")
        try await expectUpright(path)
    }

    private func expectUpright(_ path: String, tolerance: Int = 24, _ location: SourceLocation = #_sourceLocation) async throws {
        let size = PixelSize(width: 60, height: 40)
        let chart = Chart(size: size, pixels: try await Studio.workers.pixels(path, .squash, to: size))
        #expect(chart.isUpright(within: tolerance), "pixels \(chart.corners)", sourceLocation: location)
        let recipe = RenditionRecipe(name: "rendered", longestEdge: 150, format: .jpeg(quality: 90))
        let rendered = try await Studio.workers.render(path, ladder: [recipe], into: studio.root)[0]
        #expect(rendered.size == PixelSize(width: 150, height: 100), sourceLocation: location)
        let seen = try studio.chart(rendered.path)
        #expect(seen.isUpright(within: tolerance), "\(seen.corners)", sourceLocation: location)
    }
}
