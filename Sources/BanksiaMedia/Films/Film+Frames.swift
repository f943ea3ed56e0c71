internal import Foundation

/// One of the pictures that stand for a film.
public struct FilmFrame: Sendable, Hashable, Codable {
    /// Where in the film, to the millisecond as asked for: the picture is the first at that instant or after it.
    public var timestampMilliseconds: Int
    /// Upright, with square pixels, in sRGB; named for its instant.
    public var picture: RenderedFile
}

extension Film {
    /// A picture on its way: 8-bit red, green, blue, row by row.
    struct Frame {
        let milliseconds: Int
        let size: PixelSize
        let pixels: [UInt8]

        func picture() throws(PictureFault) -> Picture { try Picture(pixels: pixels, size: size, bands: 3) }
    }

    /// A scene shorter than this may go unseen.
    private static let interval = 2.0

    /// Instants that lie evenly in the film, one for each two seconds, as far as so many reach; those at the very beginning and
    /// end are of the least use.
    func samples(atMost count: Int) -> [Double] {
        guard let duration else { return [0] }
        let number = min(max(Int((duration / Self.interval).rounded(.up)), 1), max(count, 1))
        return (0..<number).map { duration * (Double($0) + 0.5) / Double(number) }
    }

    /// A few pictures from all over the film as files, in the order in which they are shown.
    ///
    /// - Parameters:
    ///   - longestEdge: larger pictures are made smaller.
    ///   - folder: gets a file per picture.
    func frames(atMost count: Int, longestEdge: Int, into folder: String) throws(PictureFault) -> [FilmFrame] {
        let format = RenditionRecipe.Format.jpeg(quality: 92)
        var files: [FilmFrame] = []
        for frame in try pictures(atMost: count, longestEdge: longestEdge, through: folder) {
            let name = "frame-\(frame.milliseconds)"
            let path = "\(folder)/\(name).\(format.suffix)"
            try frame.picture().write(path, as: format)
            let file = RenderedFile(name: name, path: path, size: frame.size, mimeType: format.mimeType)
            files.append(FilmFrame(timestampMilliseconds: frame.milliseconds, picture: file))
        }
        return files
    }

    /// A few pictures from all over the film.
    ///
    /// One run of ffmpeg goes to each instant by itself, so a long film takes no longer than a short one.
    func pictures(atMost count: Int, longestEdge: Int, through folder: String) throws(PictureFault) -> [Frame] {
        let size = displaySize.fitted(to: longestEdge)
        let samples = self.samples(atMost: count)
        var arguments = Self.quietly + ["-nostdin", "-y"]
        for instant in samples { arguments += source(at: instant) }
        for number in samples.indices {
            arguments += ["-map", "\(number):\(stream)"] + onePicture(of: size) + [Self.raw(number, in: folder)]
        }
        _ = try Tool.output("ffmpeg", arguments, limit: Self.chatter, timeout: Self.timeout)
        var frames: [Frame] = []
        for (number, instant) in samples.enumerated() {
            let raw = Self.raw(number, in: folder)
            // There is nothing at an instant that the headers promised and a damaged film does not have.
            guard let pixels = FileManager.default.contents(atPath: raw), pixels.count == size.count * 3 else { continue }
            // What stays is swept with the folder.
            try? FileManager.default.removeItem(atPath: raw)
            frames.append(Frame(milliseconds: Int((instant * 1000).rounded()), size: size, pixels: [UInt8](pixels)))
        }
        guard !frames.isEmpty else { throw .undecodable(reason: "no picture of it can be decoded") }
        return frames
    }

    private static func raw(_ number: Int, in folder: String) -> String { "\(folder)/frame-\(number).raw" }

    /// A program that writes its results to files has nothing to say.
    static let chatter = 64 << 10
}
