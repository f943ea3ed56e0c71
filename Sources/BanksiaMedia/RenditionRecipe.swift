/// How one smaller form of a picture is made.
public struct RenditionRecipe: Sendable, Hashable, Codable {
    /// How it is written.
    public enum Format: Sendable, Hashable, Codable {
        /// Lossy WebP, which keeps transparency. Quality 0…100; effort 0 (fast) … 6 (small).
        case webp(quality: Int, effort: Int)
        /// Baseline JPEG; transparent parts become white. Quality 1…100.
        case jpeg(quality: Int)

        /// The content type of the result.
        public var mimeType: String {
            switch self {
            case .webp: MediaFormat.webp.mimeType
            case .jpeg: MediaFormat.jpeg.mimeType
            }
        }

        /// The longest edge it can hold: VP8 frames have 14 bits for a side (RFC 6386 §9.1), libjpeg stops short of its 16.
        var edgeLimit: Int {
            switch self {
            case .webp: 16_383
            case .jpeg: 65_500
            }
        }

        /// What the file's name ends with.
        var suffix: String {
            switch self {
            case .webp: "webp"
            case .jpeg: "jpg"
            }
        }
    }

    /// Which colours it keeps.
    public enum Gamut: String, Sendable, Hashable, Codable {
        /// sRGB's, which everything shows right, whether or not it minds profiles.
        case standard
        /// Display P3's, with its profile, where the original has more than sRGB's.
        case wide
    }

    /// Names the result and its file: letters, digits, `-` and `_`.
    public var name: String
    /// The longest edge in pixels, upright; a smaller picture keeps its size. `nil` keeps the picture's size, as far as the
    /// format can hold it.
    public var longestEdge: Int?
    public var format: Format
    public var gamut: Gamut
    /// Whether the picture is measured while it is decoded.
    public var isMeasured: Bool

    /// A recipe from its parts.
    public init(
        name: String, longestEdge: Int?, format: Format, gamut: Gamut = .standard, isMeasured: Bool = false
    ) {
        self.name = name
        self.longestEdge = longestEdge
        self.format = format
        self.gamut = gamut
        self.isMeasured = isMeasured
    }
}

/// A rendition that lies in a file.
public struct RenderedFile: Sendable, Hashable, Codable {
    /// The recipe's name.
    public var name: String
    public var path: String
    /// Upright, as displayed.
    public var size: PixelSize
    public var mimeType: String
    /// How the picture came out, where the recipe asked for it and the picture is large enough to tell.
    public var measures: PictureMeasures?
}

/// How a picture of any shape becomes the fixed one that a model takes.
public enum PixelFit: String, Sendable, Hashable, Codable {
    /// Both sides are scaled, each by its own factor.
    case squash
    /// The shorter side is scaled to fit, the middle of the longer one is kept.
    case centreCrop
}
