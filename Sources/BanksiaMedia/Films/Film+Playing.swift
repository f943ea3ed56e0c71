internal import Foundation

/// A film in a form that browsers play.
struct PlayableFilm: Codable, Hashable {
    /// What was made; `nil` when the file is played as it is.
    var made: RenderedFile?
    /// Upright, as the file is shown that is to be played.
    var size: PixelSize
}

extension Film {
    /// Makes an MP4 of H.264 and AAC with its index in front, unless browsers play the film as it is.
    ///
    /// Pictures and sound that browsers know are copied; only what they do not know is coded anew, within the bounds below.
    ///
    /// - Parameter folder: gets the file.
    func playable(as format: MediaFormat, into folder: String) throws(PictureFault) -> PlayableFilm {
        let coding = try FilmCoding(path)
        if isPlayed(format, coding) { return PlayableFilm(size: displaySize) }
        let output = "\(folder)/\(Self.playableName).mp4"
        if hasPlayablePicture(format, coding) {
            // Times that an MP4 cannot hold, for one: then the pictures are coded anew.
            do { return try write(output, copying, coding) } catch .undecodable {}
        }
        return try write(output, coded(coding), coding)
    }

    private static let playableName = "playback"
    /// The longest and the shorter edge of what is coded anew.
    private static let largest = (long: 1920, short: 1080)
    /// Pictures a second of what is coded anew; of more, every second, third … is left out.
    private static let quickest = 31.0
    /// Bits a second: the most of what is coded anew, and of its sound.
    private static let rate = (pictures: 8_000_000.0, sound: 128_000.0)
    /// Bytes of what is coded anew: a single upload to an object store takes 5 GiB.
    private static let largestFile = 4.0 * 1024 * 1024 * 1024
    /// How long the making may take: an hour's film of an old camera, at the speed of a small processor.
    static let makingTimeout = Duration.seconds(4 * 3600)

    private func isPlayed(_ format: MediaFormat, _ coding: FilmCoding) -> Bool {
        switch format {
        case .mp4, .mov: hasPlayablePicture(format, coding) && coding.hasPlayableSound && FilmIndex.liesInFront(in: path)
        case .webm: coding.isPlayableWebM && !isHighDynamicRange
        default: false
        }
    }

    /// AVI knows no order of display, so what is copied out of it may stutter.
    private func hasPlayablePicture(_ format: MediaFormat, _ coding: FilmCoding) -> Bool {
        coding.hasPlayablePicture && !isHighDynamicRange && format != .avi
    }

    private var copying: [String] { ["-c:v", "copy"] }

    private func coded(_ coding: FilmCoding) -> [String] {
        var filters = coding.isInterlaced ? ["yadif"] : []
        if let pace, pace > Self.quickest {
            filters.append(String(format: "fps=%.4f", pace / (pace / Self.quickest).rounded(.up)))
        }
        let size = playableSize
        filters += ["scale=\(size.width):\(size.height)", "setsar=1"]
        if isHighDynamicRange { filters.append(Self.toStandardRange) }
        let peak = "\(Int(playableRate))"
        return [
            "-vf", filters.joined(separator: ","), "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-maxrate", peak,
            "-bufsize", peak, "-pix_fmt", "yuv420p", "-profile:v", "high", "-force_key_frames", "expr:gte(t,n_forced*2)",
        ]
    }

    /// Within the bounds and even, as pictures with half the colours have to be.
    private var playableSize: PixelSize {
        let (long, short) = (displaySize.longestEdge, min(displaySize.width, displaySize.height))
        let scale = min(1, Double(Self.largest.long) / Double(long), Double(Self.largest.short) / Double(short))
        func even(_ edge: Int) -> Int { max(Int((Double(edge) * scale / 2).rounded()) * 2, 2) }
        return PixelSize(width: even(displaySize.width), height: even(displaySize.height))
    }

    /// Bits a second: fewer for a film so long that its file would become too large.
    private var playableRate: Double {
        let bits = 0.9 * Self.largestFile * 8
        return min(Self.rate.pictures, max(bits / max(duration ?? 0, 1) - Self.rate.sound, Self.rate.sound))
    }

    /// One core at most: a film has time.
    private func write(_ output: String, _ pictures: [String], _ coding: FilmCoding) throws(PictureFault) -> PlayableFilm {
        let sound = coding.hasPlayableSound ? ["-c:a", "copy"] : ["-c:a", "aac", "-b:a", "\(Int(Self.rate.sound))", "-ac", "2"]
        let arguments =
            ["-nostdin", "-y", "-filter_threads", "1", "-fflags", "+genpts", "-threads", "1", "-i", "file:\(path)"]
            + ["-map", "0:\(stream)", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]
            + pictures + sound + ["-threads", "1", "-movflags", "+faststart", "-f", "mp4", "file:\(output)"]
        _ = try Tool.output("ffmpeg", Self.quietly + arguments, limit: Self.chatter, timeout: Self.makingTimeout)
        let made = try Film(output)
        return PlayableFilm(
            made: RenderedFile(
                name: Self.playableName, path: output, size: made.displaySize, mimeType: MediaFormat.mp4.mimeType),
            size: made.displaySize)
    }
}
