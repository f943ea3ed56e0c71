/// What ffprobe says about a film, as its JSON has it.
struct FilmHeaders: Decodable {
    let streams: [Stream]
    let format: Format?

    struct Format: Decodable {
        let duration: String?
    }

    struct Stream: Decodable {
        let index: Int
        let width: Int?
        let height: Int?
        let aspect: String?
        let frameRate: String?
        let baseRate: String?
        let transfer: String?
        let disposition: Disposition?
        let tags: Tags?
        let sideData: [SideData]?

        struct Disposition: Decodable {
            let attachedPicture: Int?
            private enum CodingKeys: String, CodingKey { case attachedPicture = "attached_pic" }
        }

        struct Tags: Decodable {
            let rotate: String?
        }

        struct SideData: Decodable {
            let rotation: Double?
        }

        private enum CodingKeys: String, CodingKey {
            case index, width, height, disposition, tags
            case aspect = "sample_aspect_ratio"
            case frameRate = "avg_frame_rate"
            case baseRate = "r_frame_rate"
            case transfer = "color_transfer"
            case sideData = "side_data_list"
        }

        var size: PixelSize? {
            guard let width, let height, (1...Self.longestEdge).contains(width), (1...Self.longestEdge).contains(height) else {
                return nil
            }
            return PixelSize(width: width, height: height)
        }

        /// What a codec of today can hold, and some.
        private static let longestEdge = 16_384

        /// Whether it stands on its side, by the container's matrix or an old tag.
        var isTurned: Bool {
            let degrees = sideData?.lazy.compactMap(\.rotation).first ?? tags?.rotate.flatMap(Double.init) ?? 0
            return degrees.isFinite && Int(degrees.rounded() / 90) % 2 != 0
        }

        /// A size with square pixels, as wide as the aspect asks for.
        func squared(_ size: PixelSize) -> PixelSize {
            guard let ratio = fraction(aspect, ":"), (0.1...10).contains(ratio), ratio != 1 else { return size }
            return PixelSize(width: max(Int((Double(size.width) * ratio).rounded()), 1), height: size.height)
        }

        /// Pictures a second; `nil` when it is unknown. The average is truer than the base, where it is a pace at all: WebM and
        /// Matroska may give a picture the length of their clock's tick, a millisecond.
        var pace: Double? { [frameRate, baseRate].lazy.compactMap { fraction($0, "/") }.first(where: Film.isPace) }

        private func fraction(_ text: String?, _ separator: Character) -> Double? {
            let parts = text?.split(separator: separator).compactMap { Double($0) } ?? []
            guard parts.count == 2, parts[1] != 0 else { return nil }
            return parts[0] / parts[1]
        }
    }
}
