import BanksiaMedia
import Foundation
import Testing

@Suite("Ladder") struct LadderTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private let ladder = [
        RenditionRecipe(name: "thumbnail", longestEdge: 360, format: .jpeg(quality: 80)),
        RenditionRecipe(name: "small", longestEdge: 720, format: .webp(quality: 80, effort: 1)),
        RenditionRecipe(name: "preview", longestEdge: 1440, format: .jpeg(quality: 80)),
        RenditionRecipe(name: "fullsize", longestEdge: nil, format: .jpeg(quality: 90)),
    ]

    private func sizes(_ files: [RenderedFile]) -> [String: PixelSize] {
        Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.size) })
    }

    @Test func `every rung has its longest edge and the picture's shape`() async throws {
        let path = try studio.picture(.quarters(4000, 3000), "photo.jpg")
        let files = try await Studio.workers.render(path, ladder: ladder, into: try studio.folder("out"))
        #expect(
            sizes(files) == [
                "thumbnail": PixelSize(width: 360, height: 270), "small": PixelSize(width: 720, height: 540),
                "preview": PixelSize(width: 1440, height: 1080), "fullsize": PixelSize(width: 4000, height: 3000),
            ])
        for file in files {
            let chart = try studio.chart(file.path)
            #expect(chart.size == file.size)
            #expect(chart.isUpright(), "\(file.name): \(chart.corners)")
        }
        #expect(files.first { $0.name == "small" }?.mimeType == "image/webp")
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: studio.path("out"))) == [
                "thumbnail.jpg", "small.webp", "preview.jpg", "fullsize.jpg",
            ])
    }

    @Test(arguments: [(500, 300), (1439, 1000), (1441, 2), (1, 1), (3, 900)]) func `nothing is enlarged`(width: Int, height: Int)
        async throws
    {
        let path = try studio.picture(.quarters(width, height), "photo.png")
        let longest = max(width, height)
        for file in try await Studio.workers.render(path, ladder: ladder, into: studio.root) {
            let edge = ladder.first { $0.name == file.name }?.longestEdge ?? longest
            #expect(file.size.longestEdge == min(edge, longest), "\(file)")
            #expect(file.size.width >= 1 && file.size.height >= 1)
        }
    }

    @Test(arguments: [(40_000, 10), (10, 40_000)]) func `a strip keeps at least one pixel`(width: Int, height: Int) async throws {
        let path = try studio.picture(.plain(.green, width, height), "strip.jpg")
        for file in try await Studio.workers.render(path, ladder: ladder, into: studio.root) {
            #expect(file.size.width >= 1 && file.size.height >= 1)
            #expect(try studio.chart(file.path)[0, 0].isNear(.green))
        }
        let pixels = try await Studio.workers.pixels(path, .squash, to: PixelSize(width: 8, height: 8))
        #expect(pixels.count == 192)
    }

    @Test func `what a format cannot hold is made as large as it can be`() async throws {
        let path = try studio.picture(.plain(.green, 70_000, 2), "endless.png")
        let recipes = [
            RenditionRecipe(name: "jpeg", longestEdge: nil, format: .jpeg(quality: 80)),
            RenditionRecipe(name: "webp", longestEdge: nil, format: .webp(quality: 80, effort: 0)),
        ]
        let files = try await Studio.workers.render(path, ladder: recipes, into: studio.root)
        #expect(sizes(files).mapValues(\.width) == ["jpeg": 65_500, "webp": 16_383])
    }

    @Test func `one rung alone is as good as with the others`() async throws {
        let path = try studio.picture(.quarters(1000, 800), "photo.jpg")
        let alone = try await Studio.workers.render(path, ladder: [ladder[0]], into: studio.root)
        #expect(sizes(alone) == ["thumbnail": PixelSize(width: 360, height: 288)])
        #expect(try await Studio.workers.render(path, ladder: [], into: studio.root).isEmpty)
    }

    @Test func `transparency survives in WebP and is white in JPEG`() async throws {
        // The left half opaque red, the right half fully transparent blue.
        let width = 64
        let rgba = (0..<width * width).flatMap { index -> [UInt8] in
            index % width < width / 2 ? [220, 30, 30, 255] : [0, 0, 255, 0]
        }
        let raw = try studio.write(rgba, "raw.rgba")
        let path = studio.path("logo.png")
        try studio.run("ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", "\(width)x\(width)", "-i", raw, path)
        let recipes = [
            RenditionRecipe(name: "kept", longestEdge: 32, format: .webp(quality: 90, effort: 2)),
            RenditionRecipe(name: "white", longestEdge: 32, format: .jpeg(quality: 95)),
        ]
        let files = try await Studio.workers.render(path, ladder: recipes, into: studio.root)
        #expect(try studio.run("vipsheader", "-f", "bands", files.first { $0.name == "kept" }!.path).hasPrefix("4"))
        let white = try studio.chart(files.first { $0.name == "white" }!.path)
        #expect(white[4, 16].isNear(.red))
        #expect(white[28, 16].isNear(.white, within: 4))
        let size = PixelSize(width: 16, height: 16)
        let seen = Chart(size: size, pixels: try await Studio.workers.pixels(path, .squash, to: size))
        #expect(seen[2, 8].isNear(.red))
        #expect(seen[14, 8].isNear(.white, within: 4))
    }

    @Test func `nothing of the metadata is in a rendition`() async throws {
        let path = try studio.picture(.quarters(600, 400), "photo.jpg")
        try studio.run(
            "exiftool", "-q", "-overwrite_original", "-GPSLatitude=48.2", "-GPSLatitudeRef=N", "-GPSLongitude=16.4",
            "-GPSLongitudeRef=E",
            "-Make=Secret", "-XMP-dc:Description=secret words", "-IPTC:City=Secret", "-Comment=secret", path)
        for file in try await Studio.workers.render(path, ladder: ladder, into: studio.root) {
            // libvips writes an orientation and a resolution of its own into WebP files.
            let words = try studio.run(
                "exiftool", "-a", "-G1", "-Make", "-XMP:all", "-IPTC:all", "-GPS:all", "-Comment", "-ICC_Profile:all", file.path)
            #expect(words.isEmpty, "\(words)")
            #expect(!String(decoding: try studio.read(file.path), as: UTF8.self).lowercased().contains("secret"))
        }
    }

    @Test func `a centred crop takes the middle of the longer side`() async throws {
        // Thirds: red, green, blue.
        let chart = Chart(size: PixelSize(width: 300, height: 100)) { x, _ in x < 100 ? .red : x < 200 ? .green : .blue }
        let path = try studio.picture(chart, "thirds.png")
        let size = PixelSize(width: 50, height: 50)
        let seen = Chart(size: size, pixels: try await Studio.workers.pixels(path, .centreCrop, to: size))
        #expect([3, 25, 46].allSatisfy { seen[$0, 25].isNear(.green) })
    }

    @Test func `a small picture is enlarged for a model`() async throws {
        let path = try studio.picture(.quarters(30, 20), "tiny.png")
        for fit in [PixelFit.squash, .centreCrop] {
            let size = PixelSize(width: 224, height: 224)
            let seen = Chart(size: size, pixels: try await Studio.workers.pixels(path, fit, to: size))
            #expect(seen.isUpright(), "\(seen.corners)")
        }
    }

    @Test(arguments: ["photo.jpg", "wide.png", "tiny.png"])
    func `all that is made by one decoding is what is made alone`(name: String) async throws {
        let size = ["photo.jpg": (3000, 2000), "wide.png": (2400, 200), "tiny.png": (30, 20)][name] ?? (8, 8)
        let path = try studio.picture(.quarters(size.0, size.1), name)
        let square = PixelSize(width: 64, height: 64)
        let inputs = [PixelFit.squash, .centreCrop].map { DevelopmentWish.ModelInput(fit: $0, size: square) }
        let folder = try studio.folder("all")
        let ladder = ladder.filter { $0.longestEdge != nil }
        let made = try await Studio.workers.develop(
            path, DevelopmentWish(ladder: ladder, inputs: inputs, thumbHash: true), into: folder)
        #expect(made.thumbHash == (try await Studio.workers.thumbHash(path)))
        let view = try #require(made.views.first)
        #expect(made.views.count == 1 && view.timestampMilliseconds == nil)
        for input in inputs {
            let file = try #require(view.path(of: input))
            #expect(try studio.read(file) == (try await Studio.workers.pixels(path, input.fit, to: input.size)))
        }
        let alone = try await Studio.workers.render(path, ladder: ladder, into: try studio.folder("alone"))
        #expect(made.renditions.map(\.name) == alone.map(\.name))
        #expect(made.renditions.map(\.size) == alone.map(\.size))
    }

    @Test func `many at once all come right`() async throws {
        let paths = try (0..<6).map { try studio.picture(.quarters(200 + 20 * $0, 200), "photo-\($0).jpg", options: "[Q=90]") }
        try await withThrowingTaskGroup(of: Void.self) { [ladder, studio] group in
            for (number, path) in paths.enumerated() {
                group.addTask {
                    let out = try studio.folder("out-\(number)")
                    let files = try await Studio.workers.render(path, ladder: ladder, into: out)
                    #expect(files.allSatisfy { $0.size.width == 200 + 20 * number })
                }
            }
            try await group.waitForAll()
        }
    }
}
