internal import Foundation

/// A film: what its headers say, by ffprobe, and a still of it, by ffmpeg. Both run as processes of their own.
struct Film {
    /// As it is shown: upright, with square pixels.
    let displaySize: PixelSize
    /// As the pictures are coded.
    let codedSize: PixelSize
    /// Seconds.
    let duration: Double?
    /// Pictures a second.
    let pace: Double?
    let path: String
    /// The number of the moving picture among the file's streams.
    let stream: Int
    let isHighDynamicRange: Bool

    /// Whether so many pictures a second are credible: cameras film up to 960.
    static func isPace(_ rate: Double) -> Bool { (0.01..<1000).contains(rate) }

    static let timeout = Duration.seconds(30)
    /// Headers of a film with some streams are a few kilobytes.
    static let headerLimit = 1 << 20

    /// Reads the headers.
    ///
    /// - Throws: `undecodable` when there is no moving picture in it.
    init(_ path: String) throws(PictureFault) {
        guard path.hasPrefix("/") else { throw .storage(reason: "the file's name cannot be passed on") }
        let entries = [
            "stream=index,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,color_transfer",
            "stream_disposition=attached_pic", "stream_tags=rotate", "stream_side_data=rotation", "format=duration",
        ]
        let text = try Tool.output(
            "ffprobe",
            Self.quietly + [
                "-select_streams", "v", "-show_entries", entries.joined(separator: ":"), "-of", "json", "file:\(path)",
            ],
            limit: Self.headerLimit, timeout: Self.timeout)
        // Covers of albums and maps are streams of pictures too, of one each.
        guard let headers = try? JSONDecoder().decode(FilmHeaders.self, from: Data(text)),
            let shown = headers.streams.first(where: { $0.disposition?.attachedPicture != 1 && $0.size != nil }),
            let size = shown.size
        else { throw .undecodable(reason: "there is no moving picture in it") }
        self.path = path
        stream = shown.index
        codedSize = size
        displaySize = shown.isTurned ? shown.squared(size).turned : shown.squared(size)
        duration = headers.format?.duration.flatMap(Double.init).flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        pace = shown.pace
        isHighDynamicRange = ["smpte2084", "arib-std-b67"].contains(shown.transfer ?? "")
    }

    /// A picture that tells what the film is about: the first that is neither dark nor empty among some early and later ones.
    ///
    /// Films fade in, and those of phones begin with the hand that is still on its way.
    func still() throws(PictureFault) -> Picture {
        var best: (pixels: [UInt8], spread: Double)?
        for instant in instants {
            guard let pixels = try picture(at: instant) else { continue }
            let (mean, spread) = Self.light(of: pixels)
            if mean > Self.darkness, spread > Self.emptiness { return try made(pixels) }
            if spread >= best?.spread ?? -1 { best = (pixels, spread) }
        }
        guard let best else { throw .undecodable(reason: "no picture of it can be decoded") }
        return try made(best.pixels)
    }

    /// Of 255: below it is a fade or a lens cap.
    private static let darkness = 24.0
    /// Standard deviation, of 255: below it there is nothing to see.
    private static let emptiness = 8.0

    private var instants: [Double] {
        guard let duration else { return [1, 0] }
        return [min(duration / 10, 3), duration / 3, duration * 2 / 3, 0]
    }

    /// The first picture at an instant or after it.
    func picture(atMilliseconds milliseconds: Int) throws(PictureFault) -> Picture {
        guard let pixels = try picture(at: Double(milliseconds) / 1000) else {
            throw .undecodable(reason: "there is no picture of it at that instant")
        }
        return try made(pixels)
    }

    /// - Returns: `nil` when there is no picture any more at that instant.
    private func picture(at seconds: Double) throws(PictureFault) -> [UInt8]? {
        let arguments = ["-nostdin"] + source(at: seconds) + ["-map", "0:\(stream)"] + onePicture(of: displaySize) + ["pipe:1"]
        let expected = displaySize.count * 3
        let pixels = try Tool.output("ffmpeg", Self.quietly + arguments, limit: expected, timeout: Self.timeout)
        return pixels.count == expected ? pixels : nil
    }

    /// ffmpeg's words for this film from an instant on.
    func source(at seconds: Double) -> [String] {
        ["-threads", "1", "-ss", String(format: "%.3f", seconds), "-i", "file:\(path)"]
    }

    /// ffmpeg's words for the next picture in a size: red, green, blue, row by row.
    func onePicture(of size: PixelSize) -> [String] {
        let scale = "scale=\(size.width):\(size.height)"
        let filter = isHighDynamicRange ? "\(Self.toStandardRange),\(scale)" : scale
        return ["-frames:v", "1", "-vf", filter, "-f", "rawvideo", "-pix_fmt", "rgb24"]
    }

    private func made(_ pixels: [UInt8]) throws(PictureFault) -> Picture {
        try Picture(pixels: pixels, size: displaySize, bands: 3)
    }

    /// Nothing but errors is said, and nothing but files is read, whatever a playlist in the file asks for.
    static let quietly = ["-v", "error", "-protocol_whitelist", "file,pipe"]

    /// From PQ or HLG to BT.709, by Hable's curve (ffmpeg's documentation, filters `zscale` and `tonemap`).
    static let toStandardRange =
        "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p"

    /// Mean and standard deviation of every 31st value.
    private static func light(of pixels: [UInt8]) -> (mean: Double, spread: Double) {
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for index in stride(from: 0, to: pixels.count, by: 31) {
            let value = Double(pixels[index])
            (count, sum, squares) = (count + 1, sum + value, squares + value * value)
        }
        let mean = sum / max(count, 1)
        return (mean, max(squares / max(count, 1) - mean * mean, 0).squareRoot())
    }
}
