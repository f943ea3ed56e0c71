import BanksiaCore
import BanksiaMedia
import BanksiaProcesses
import Foundation
import Testing

@Suite("Bad files") struct BadFileTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private let recipe = RenditionRecipe(name: "small", longestEdge: 100, format: .jpeg(quality: 80))

    /// The problem that each way of using a picture ends with; they agree.
    private func problem(_ path: String, with workers: MediaWorkers = Studio.workers) async throws -> MediaProblem? {
        let size = PixelSize(width: 8, height: 8)
        let problems = [
            await outcome { () async throws(MediaProblem) in
                _ = try await workers.render(path, ladder: [recipe], into: studio.root)
            },
            await outcome { () async throws(MediaProblem) in _ = try await workers.pixels(path, .squash, to: size) },
            await outcome { () async throws(MediaProblem) in _ = try await workers.thumbHash(path) },
        ]
        #expect(Set(problems.map { $0?.code }).count == 1, "\(problems)")
        return problems[0]
    }

    private func outcome(_ body: () async throws(MediaProblem) -> Void) async -> MediaProblem? {
        do throws(MediaProblem) {
            try await body()
            return nil
        } catch { return error }
    }

    @Test(
        arguments: ["photo.jpg", "photo.png", "photo.heic", "photo.avif", "photo.webp", "photo.tif", "photo.gif", "photo.bmp"],
        [2, 3])
    func `a file that was cut off is undecodable, with a reason`(name: String, part: Int) async throws {
        let noisy = Chart(size: PixelSize(width: 300, height: 200)) { x, y in
            Colour(red: UInt8(x * 7 & 255), green: UInt8(y * 11 & 255), blue: UInt8((x * y) & 255))
        }
        let source = try studio.picture(noisy, "source.ppm")
        let path = studio.path(name)
        if name.hasSuffix("bmp") {
            try studio.run("ffmpeg", "-v", "error", "-i", source, path)
        } else {
            try studio.run("vips", "copy", source, path)
        }
        let bytes = try studio.read(path)
        try studio.write(Array(bytes.prefix(bytes.count * (part - 1) / part)), name)
        let problem = try #require(try await problem(path))
        #expect(problem.isAboutTheFile)
        guard case .undecodable(let reason) = problem else {
            Issue.record("\(problem)")
            return
        }
        #expect(!reason.isEmpty && !reason.contains("/"), "\(reason)")
        #expect(try await Studio.workers.probe(path).format == MediaFormat.sniff(bytes))
    }

    @Test(arguments: [
        ("text.jpg", "Dear diary, today I took no pictures at all.\n"),
        (
            "drawing.jpg",
            "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>"
        ),
        ("page.png", "<html><body>hello</body></html>"), ("paper.jpg", "%PDF-1.4\n%stuff"),
        ("script.jpg", "push graphic-context\nviewbox 0 0 9 9\n"),
        ("book.jpg", "AT&TFORM\u{0}\u{0}\u{1}\u{0}DJVU"),
    ])
    func `what is no picture is not opened, whatever its name`(name: String, words: String) async throws {
        let path = try studio.write(Array(words.utf8), name)
        #expect(try await problem(path) == .unsupported("of an unknown type"))
        #expect(
            await outcome { () async throws(MediaProblem) in _ = try await Studio.workers.probe(path) }
                == .unsupported("of an unknown type"))
    }

    @Test func `an empty file says so`() async throws {
        #expect(try await problem(try studio.write([], "empty.jpg")) == .undecodable("the file is empty"))
    }

    @Test(
        arguments: [
            [0xFF, 0xD8, 0xFF, 0xE0], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], Array("GIF89a".utf8),
            Array("BM\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}6\u{0}\u{0}\u{0}(\u{0}\u{0}\u{0}".utf8),
            Array("\u{0}\u{0}\u{0}\u{18}ftypheic\u{0}\u{0}\u{0}\u{0}mif1heic".utf8), Array("II*\u{0}\u{8}\u{0}\u{0}\u{0}".utf8),
        ] as [[UInt8]])
    func `a good start with nothing behind it is undecodable`(head: [UInt8]) async throws {
        let noise = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 97 &+ 13) }
        for tail in [[], noise] {
            let problem = try await problem(try studio.write(head + tail, "head-\(tail.count)"))
            guard case .undecodable = problem else {
                Issue.record("\(String(describing: problem))")
                return
            }
        }
    }

    @Test func `a bomb is refused by its header`() async throws {
        let path = try studio.write(PNG.header(width: 60_000, height: 60_000), "bomb.png")
        let size = PixelSize(width: 60_000, height: 60_000)
        #expect(try await problem(path) == .tooManyPixels(size, limit: 300_000_000))
        #expect(try await Studio.workers.probe(path).displaySize == size)
    }

    @Test func `the pixel limit is the workers'`() async throws {
        let workers = Studio.workers(maximumPixels: 10_000)
        let small = try studio.picture(.quarters(100, 100), "small.png")
        let large = try studio.picture(.quarters(101, 100), "large.png")
        #expect(try await problem(small, with: workers) == nil)
        #expect(try await problem(large, with: workers) == .tooManyPixels(PixelSize(width: 101, height: 100), limit: 10_000))
        await workers.close()
    }

    @Test func `a file that is not there is nobody's fault`() async throws {
        let problem = try #require(try await problem(studio.path("nothing.jpg")))
        #expect(problem == .storage("the file cannot be opened"))
        #expect(!problem.isAboutTheFile)
    }

    @Test func `a folder that is not there is a problem of the disk`() async throws {
        let path = try studio.picture(.quarters(100, 100), "photo.jpg")
        let problem = await outcome { () async throws(MediaProblem) in
            _ = try await Studio.workers.render(path, ladder: [recipe], into: studio.path("nowhere"))
        }
        guard case .storage = problem else {
            Issue.record("\(String(describing: problem))")
            return
        }
        // The folder's trouble is not remembered against the picture.
        #expect(try await Studio.workers.render(path, ladder: [recipe], into: studio.root).count == 1)
    }

    @Test func `too little memory fails the picture and not the workers`() async throws {
        let workers = Studio.workers(width: 1, limits: ChildLimits(addressSpaceBytes: 1 << 30))
        // Interlaced, so that the whole has to be in memory before the first row is known.
        let large = try studio.write(PNG.header(width: 16_000, height: 18_000, interlaced: true), "large.png")
        let problem = try await problem(large, with: workers)
        #expect(
            problem == .child(.outOfMemory) || { if case .undecodable = problem { true } else { false } }(),
            "\(String(describing: problem))")
        let small = try studio.picture(.quarters(100, 100), "small.jpg")
        #expect(try await workers.render(small, ladder: [recipe], into: studio.root).count == 1)
        await workers.close()
    }

    @Test func `a camera file that is a TIFF by its first bytes is known by its tags`() async throws {
        let path = try studio.picture(.quarters(160, 120), "photo.tif")
        try studio.run(
            "exiftool", "-q", "-overwrite_original", "-n", "-DNGVersion=1 4 0 0", "-Make=Maker",
            "-DateTimeOriginal=2021:03:04 05:06:07", path)
        let probe = try await Studio.workers.probe(path)
        #expect(probe.format == .dng)
        #expect(probe.metadata.make == "Maker")
        #expect(probe.metadata.originalDateTime?.description == "2021-03-04T05:06:07")
        #expect(probe.displaySize == PixelSize(width: 160, height: 120))
    }
}

/// The start of a PNG file (ISO/IEC 15948 §5).
enum PNG {
    static func header(width: Int, height: Int, interlaced: Bool = false) -> [UInt8] {
        let fields = bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, interlaced ? 1 : 0]
        // A zlib stream that begins a stored block and never delivers.
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", fields)
            + chunk("IDAT", [0x78, 0x01, 0x00, 0xFF, 0x00, 0x00, 0xFF])
    }

    private static func chunk(_ kind: String, _ bytes: [UInt8]) -> [UInt8] {
        let body = Array(kind.utf8) + bytes
        return bigEndian(bytes.count) + body + bigEndian(Int(checksum(body)))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}
