import BanksiaMedia
import Foundation
import Testing

@Suite("Films") struct FilmTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private let ladder = [RenditionRecipe(name: "fullsize", longestEdge: nil, format: .jpeg(quality: 90))]

    private func still(_ path: String) async throws -> Chart {
        let files = try await Studio.workers.render(path, ladder: ladder, into: try studio.folder(UUID().uuidString))
        return try studio.chart(try #require(files.first).path)
    }

    /// Two seconds of the usual chart, after so many of darkness.
    private func film(_ name: String, dark: Int = 0, _ options: String...) throws -> String {
        let chart = try studio.picture(.quarters(320, 180), "\(UUID().uuidString).png")
        let filter =
            "color=black:s=320x180:r=25:d=\(max(dark, 1))[a];[0:v]fps=25,setsar=1[b];"
            + (dark > 0 ? "[a][b]concat=n=2:v=1[v]" : "[a]nullsink;[b]copy[v]")
        let process = ["-v", "error", "-loop", "1", "-t", "2", "-i", chart, "-filter_complex", filter, "-map", "[v]"]
        try studio.run(tool: "ffmpeg", process + options + [studio.path(name)])
        return studio.path(name)
    }

    @Test(arguments: ["film.mp4", "film.mov", "film.mkv", "film.webm", "film.avi", "film.3gp", "film.mts"])
    func `a film has a still, whatever it lies in`(name: String) async throws {
        let options = name.hasSuffix("3gp") ? ["-c:v", "mpeg4", "-pix_fmt", "yuv420p"] : ["-pix_fmt", "yuv420p"]
        let chart = try studio.picture(.quarters(320, 180), "chart.png")
        try studio.run(
            tool: "ffmpeg", ["-v", "error", "-loop", "1", "-t", "1", "-i", chart, "-r", "25"] + options + [studio.path(name)])
        let still = try await still(studio.path(name))
        #expect(still.size == PixelSize(width: 320, height: 180))
        #expect(still.isUpright(within: 60), "\(still.corners)")
        let probe = try await Studio.workers.probe(studio.path(name))
        #expect(probe.displaySize == PixelSize(width: 320, height: 180))
        #expect(abs(try #require(probe.metadata.duration) - 1) < 0.2)
        #expect(try #require(probe.metadata.fps) == 25)
    }

    @Test func `a film that begins in the dark is shown by what comes after`() async throws {
        let still = try await still(try film("late.mp4", dark: 3, "-pix_fmt", "yuv420p"))
        #expect(still.isUpright(within: 60), "\(still.corners)")
    }

    @Test func `a film that is dark throughout has a dark still`() async throws {
        try studio.run(
            tool: "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "color=black:s=160x90:r=10:d=1", "-pix_fmt", "yuv420p", studio.path("dark.mp4")])
        #expect(try await still(studio.path("dark.mp4")).size == PixelSize(width: 160, height: 90))
    }

    @Test(arguments: [90, 180, 270]) func `a film that was turned stands upright`(degrees: Int) async throws {
        let turned = studio.path("turned.mov")
        try studio.run("exiftool", "-q", "-o", turned, "-Rotation=\(degrees)", try film("plain.mov", "-pix_fmt", "yuv420p"))
        let still = try await still(turned)
        let size = degrees == 180 ? PixelSize(width: 320, height: 180) : PixelSize(width: 180, height: 320)
        #expect(still.size == size)
        #expect(try await Studio.workers.probe(turned).displaySize == size)
        // Clockwise: the red quarter, upper left, goes to the upper right, the lower right, the lower left.
        let red = [90: 1, 180: 3, 270: 2][degrees]
        #expect(still.corners[try #require(red)].isNear(.red, within: 60), "\(still.corners)")
    }

    @Test func `pixels that are not square are made so`() async throws {
        let options = ["-vf", "setsar=2/1", "-pix_fmt", "yuv420p", studio.path("wide.mp4")]
        try studio.run(tool: "ffmpeg", ["-v", "error", "-i", try film("plain.mp4", "-pix_fmt", "yuv420p")] + options)
        let still = try await still(studio.path("wide.mp4"))
        #expect(still.size == PixelSize(width: 640, height: 180))
    }

    @Test func `a film of high dynamic range is shown in the usual one`() async throws {
        let path = try film(
            "bright.mp4", "-c:v", "libx265", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p10le", "-color_primaries",
            "bt2020",
            "-color_trc", "smpte2084", "-colorspace", "bt2020nc")
        let still = try await still(path)
        #expect(still.size == PixelSize(width: 320, height: 180))
        #expect(Set(still.corners.map(\.description)).count == 4)
    }

    // MARK: For browsers

    /// What ffprobe says of a file's streams: codecs and sizes, one stream a line.
    private func streams(_ path: String) throws -> [String] {
        let words = ["-v", "error", "-show_entries", "stream=codec_name,width,height,avg_frame_rate", "-of", "csv=p=0", path]
        return try studio.run(tool: "ffprobe", words).split(whereSeparator: \.isNewline).map { String($0) }
    }

    /// A film with a sound, a second long.
    private func talkie(_ name: String, size: String = "320x180", pace: Int = 25, _ options: String...) throws -> String {
        let sources = ["-f", "lavfi", "-i", "testsrc2=s=\(size):r=\(pace):d=1", "-f", "lavfi", "-i", "sine=d=1:r=8000"]
        try studio.run(tool: "ffmpeg", ["-v", "error"] + sources + options + [studio.path(name)])
        return studio.path(name)
    }

    private func playable(_ path: String) async throws -> RenderedFile? {
        try await Studio.workers.playable(path, into: try studio.folder(UUID().uuidString)).made
    }

    @Test func `what browsers play is left as it is`() async throws {
        let plain = ["-pix_fmt", "yuv420p", "-c:v", "libx264"]
        let films = [
            try talkie("plain.mp4", plain[0], plain[1], "-movflags", "+faststart"),
            try talkie("plain.mov", plain[0], plain[1], plain[2], plain[3], "-c:a", "aac", "-movflags", "+faststart"),
            try talkie("plain.webm", plain[0], plain[1], "-c:v", "libvpx", "-c:a", "libopus", "-ar", "48000"),
        ]
        for film in films { #expect(try await playable(film) == nil, "\(film)") }
    }

    @Test func `where only the container is at fault, the pictures are copied`() async throws {
        let plain = ["-pix_fmt", "yuv420p", "-c:v", "libx264"]
        let films = [
            try talkie("late.mp4", plain[0], plain[1]),
            try talkie("box.mkv", plain[0], plain[1], plain[2], plain[3], "-c:a", "aac"),
            try talkie("sound.mov", plain[0], plain[1], plain[2], plain[3], "-c:a", "pcm_s16le", "-movflags", "+faststart"),
        ]
        func pictures(_ path: String) throws -> String {
            let words = ["-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "md5", "-"]
            return try studio.run(tool: "ffmpeg", words)
        }
        for film in films {
            let made = try #require(try await playable(film), "\(film)")
            #expect(try pictures(made.path) == pictures(film))
            #expect(try streams(made.path) == ["h264,320,180,25/1", "aac,0/0"])
            #expect(try await playable(made.path) == nil)
        }
    }

    @Test func `other films are coded anew, upright, with square pixels, and not larger than needed`() async throws {
        let (wide, turned) = (studio.path("wide.mov"), studio.path("turned.mov"))
        let words = [
            "-v", "error", "-i", try film("chart.mp4", "-pix_fmt", "yuv420p"), "-vf", "setsar=2/1", "-c:v", "mpeg4", wide,
        ]
        try studio.run(tool: "ffmpeg", words)
        try studio.run("exiftool", "-q", "-o", turned, "-Rotation=90", wide)
        let upright = try #require(try await playable(turned))
        #expect(upright.size == PixelSize(width: 180, height: 640))
        #expect(try streams(upright.path) == ["h264,180,640,25/1"])
        #expect(try await still(upright.path).corners[1].isNear(.red, within: 60))
        let large = try talkie("large.mp4", size: "2560x1440", pace: 60, "-c:v", "libx265", "-x265-params", "log-level=none")
        let small = try #require(try await playable(large))
        #expect(try streams(small.path) == ["h264,1920,1080,30/1", "aac,0/0"])
        #expect(try await playable(small.path) == nil)
        let bright = try film(
            "bright.mkv", "-c:v", "libx265", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p10le", "-color_primaries",
            "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")
        #expect(try streams(try #require(try await playable(bright)).path) == ["h264,320,180,25/1"])
    }

    @Test func `what is no film cannot be played`() async throws {
        let cut = try studio.write(Array(try studio.read(try talkie("whole.mp4", "-pix_fmt", "yuv420p")).prefix(2000)), "cut.mp4")
        await #expect(throws: MediaProblem.self) { _ = try await playable(cut) }
        let chart = try studio.picture(.quarters(32, 18), "chart.png")
        await #expect(throws: MediaProblem.self) { _ = try await playable(chart) }
    }

    // MARK: Frames

    @Test func `frames come from all over a film, with their instants, upright`() async throws {
        let turned = studio.path("turned.mov")
        try studio.run("exiftool", "-q", "-o", turned, "-Rotation=90", try film("plain.mov", dark: 4, "-pix_fmt", "yuv420p"))
        let frames = try await Studio.workers.frames(of: turned, atMost: 5, longestEdge: 160, into: try studio.folder("frames"))
        // Four seconds of darkness and two of the chart: three instants, of which the last shows something.
        #expect(frames.map(\.timestampMilliseconds) == [1000, 3000, 5000])
        #expect(frames.allSatisfy { $0.picture.size == PixelSize(width: 90, height: 160) })
        let charts = try frames.map { try studio.chart($0.picture.path) }
        #expect(charts[2].corners[1].isNear(.red, within: 60), "\(charts[2].corners)")
        #expect(!charts[1].corners[1].isNear(.red, within: 60), "\(charts[1].corners)")
        let few = try await Studio.workers.frames(of: turned, atMost: 2, into: try studio.folder("few"))
        #expect(few.map(\.timestampMilliseconds) == [1500, 4500])
        await #expect(throws: MediaProblem.self) {
            let chart = try studio.picture(.quarters(32, 18), "chart.png")
            _ = try await Studio.workers.frames(of: chart, into: try studio.folder("none"))
        }
    }

    @Test func `a part of a film is cut out of the picture that is shown at an instant`() async throws {
        let path = try film("late.mp4", dark: 2, "-pix_fmt", "yuv420p")
        let recipe = RenditionRecipe(name: "part", longestEdge: 40, format: .jpeg(quality: 90))
        let area = PictureArea(x: 0, y: 0, width: 160, height: 90)
        for (milliseconds, isDark) in [(500, true), (3500, false)] {
            let made = try await Studio.workers.cut(
                area, of: path, at: milliseconds, recipe, into: try studio.folder("at-\(milliseconds)"))
            #expect(made.size.longestEdge == 40)
            let seen = try studio.chart(made.path).corners
            #expect(seen.allSatisfy { $0 == seen[0] || $0.isNear(seen[0], within: 60) })
            #expect(seen[0].isNear(Colour(red: 0, green: 0, blue: 0), within: 60) == isDark, "\(seen)")
        }
        await #expect(throws: MediaProblem.self) {
            _ = try await Studio.workers.cut(area, of: path, at: 60_000, recipe, into: try studio.folder("beyond"))
        }
    }

    @Test func `models see the beginning of a film that is cut off, when nothing else of it is left`() async throws {
        let still = try studio.picture(.quarters(320, 180), "still.png")
        let whole = studio.path("long.mp4")
        let words = ["-v", "error", "-loop", "1", "-framerate", "5", "-t", "60", "-i", still, "-vf", "noise=alls=20:allf=t"]
        try studio.run(tool: "ffmpeg", words + ["-pix_fmt", "yuv420p", "-g", "5", "-movflags", "+faststart", whole])
        let bytes = try studio.read(whole)
        let cut = try studio.write(Array(bytes.prefix(bytes.count / 20)), "cut.mp4")
        let input = DevelopmentWish.ModelInput(fit: .squash, size: PixelSize(width: 8, height: 8))
        for (path, count) in [(whole, 8), (cut, 1)] {
            let folder = try studio.folder("seen-\(count)")
            let made = try await Studio.workers.develop(path, DevelopmentWish(inputs: [input]), into: folder)
            #expect(made.views.count == count && made.views.allSatisfy { $0.path(of: input) != nil })
            #expect(made.views.allSatisfy { ($0.timestampMilliseconds == nil) == (count == 1) })
        }
    }

    @Test func `sound alone, and what is cut off, fail with a reason`() async throws {
        try studio.run(
            tool: "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", studio.path("sound.mp4")])
        await #expect(throws: MediaProblem.self) { _ = try await still(studio.path("sound.mp4")) }
        let whole = try studio.read(try film("whole.mp4", "-pix_fmt", "yuv420p"))
        for sixteenth in 1...15 {
            let path = try studio.write(Array(whole.prefix(whole.count * sixteenth / 16)), "cut.mp4")
            await #expect(throws: MediaProblem.self) { _ = try await still(path) }
        }
    }

    @Test func `a file that asks for others gets none`() async throws {
        let secret = try studio.write(Array("secret".utf8), "secret.txt")
        let list = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nhttp://127.0.0.1:1/\n#EXTINF:10.0,\nfile://\(secret)\n"
        let path = try studio.write(Array("\0\0\0\u{18}ftypmp42\0\0\0\0mp42isom".utf8) + Array(list.utf8), "list.mp4")
        await #expect(throws: MediaProblem.self) { _ = try await still(path) }
    }
}
