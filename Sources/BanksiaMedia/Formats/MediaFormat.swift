/// Whether something stands still or moves.
public enum MediaClass: String, Sendable, Hashable, Codable, CaseIterable {
    case image, video
}

/// The kinds of files that are told apart by what is in them.
public enum MediaFormat: String, Sendable, Hashable, Codable, CaseIterable {
    case jpeg, png, gif, webp, tiff, bmp, heic, heif, avif, jxl, jp2
    /// Camera formats whose first bytes are their own. Others (NEF, ARW, PEF …) are TIFF by their first bytes; see `raw`.
    case dng, cr2, cr3, crw, raf, orf, rw2, x3f, mrw
    /// A camera's unprocessed picture of whichever maker.
    case raw
    case mp4, mov, mkv, webm, avi, threeGP = "3gp", mts, mpeg, wmv, flv

    /// The content type: of the IANA registry where it has one, else the customary name.
    public var mimeType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .tiff: "image/tiff"
        case .bmp: "image/bmp"
        case .heic: "image/heic"
        case .heif: "image/heif"
        case .avif: "image/avif"
        case .jxl: "image/jxl"
        case .jp2: "image/jp2"
        case .dng: "image/x-adobe-dng"
        case .cr2: "image/x-canon-cr2"
        case .cr3: "image/x-canon-cr3"
        case .crw: "image/x-canon-crw"
        case .raf: "image/x-fuji-raf"
        case .orf: "image/x-olympus-orf"
        case .rw2: "image/x-panasonic-rw2"
        case .x3f: "image/x-sigma-x3f"
        case .mrw: "image/x-minolta-mrw"
        case .raw: "image/x-raw"
        case .mp4: "video/mp4"
        case .mov: "video/quicktime"
        case .mkv: "video/x-matroska"
        case .webm: "video/webm"
        case .avi: "video/x-msvideo"
        case .threeGP: "video/3gpp"
        case .mts: "video/mp2t"
        case .mpeg: "video/mpeg"
        case .wmv: "video/x-ms-wmv"
        case .flv: "video/x-flv"
        }
    }

    /// Whether it is shown as a picture or played.
    public var mediaClass: MediaClass {
        switch self {
        case .mp4, .mov, .mkv, .webm, .avi, .threeGP, .mts, .mpeg, .wmv, .flv: .video
        default: .image
        }
    }

    /// Whether it holds what a sensor saw, which takes a RAW developer to show.
    public var isRaw: Bool {
        switch self {
        case .dng, .cr2, .cr3, .crw, .raf, .orf, .rw2, .x3f, .mrw, .raw: true
        default: false
        }
    }

    /// Whether it is a HEIF container, which turns its picture itself.
    var isHEIF: Bool { [.heic, .heif, .avif].contains(self) }

    /// What people call it.
    public var displayName: String {
        switch self {
        case .jxl: "JPEG XL"
        case .jp2: "JPEG 2000"
        case .webp: "WebP"
        case .webm: "WebM"
        case .mts: "MPEG transport stream"
        default: rawValue.uppercased()
        }
    }
}
