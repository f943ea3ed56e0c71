internal import Foundation

/// What a film is coded with, as far as that decides who can play it.
struct FilmCoding: Decodable {
    let streams: [Stream]

    struct Stream: Decodable {
        let kind: String?
        let codec: String?
        /// How a pixel is stored, in ffmpeg's words.
        let pixels: String?
        /// Whether pictures are whole or interlaced.
        let order: String?
        let disposition: FilmHeaders.Stream.Disposition?

        private enum CodingKeys: String, CodingKey {
            case disposition
            case kind = "codec_type"
            case codec = "codec_name"
            case pixels = "pix_fmt"
            case order = "field_order"
        }
    }

    init(_ path: String) throws(PictureFault) {
        let entries = "stream=codec_type,codec_name,pix_fmt,field_order:stream_disposition=attached_pic"
        let text = try Tool.output(
            "ffprobe", Film.quietly + ["-show_entries", entries, "-of", "json", "file:\(path)"], limit: Film.headerLimit,
            timeout: Film.timeout)
        guard let coding = try? JSONDecoder().decode(FilmCoding.self, from: Data(text)) else {
            throw .undecodable(reason: "its streams cannot be told")
        }
        self = coding
    }

    private var picture: Stream? { streams.first { $0.kind == "video" && $0.disposition?.attachedPicture != 1 } }
    private var sound: Stream? { streams.first { $0.kind == "audio" } }

    /// Whether two half pictures were woven into one, which shows as combs on everything that moves.
    var isInterlaced: Bool { ["tt", "bb", "tb", "bt"].contains(picture?.order ?? "") }

    private var hasEightBitsAtHalfColour: Bool { ["yuv420p", "yuvj420p"].contains(picture?.pixels ?? "") }

    /// Pictures that every browser decodes in an MP4.
    var hasPlayablePicture: Bool { picture?.codec == "h264" && hasEightBitsAtHalfColour && !isInterlaced }

    /// Sound that every browser decodes in an MP4, or none.
    var hasPlayableSound: Bool { sound.map { ["aac", "mp3"].contains($0.codec ?? "") } ?? true }

    /// What browsers play out of a WebM.
    var isPlayableWebM: Bool {
        ["vp8", "vp9", "av1"].contains(picture?.codec ?? "") && hasEightBitsAtHalfColour
            && sound.map { ["vorbis", "opus"].contains($0.codec ?? "") } ?? true
    }
}
