public import BanksiaCore

/// What a file says about itself, read without decoding its pixels.
public struct Probe: Sendable, Equatable, Codable {
    /// By its content.
    public var format: MediaFormat
    /// Before the orientation is applied; `nil` when neither the header nor the metadata says.
    public var encodedSize: PixelSize?
    /// The turn to apply so that it stands upright, 1…8 (CIPA DC-008, tag 0x0112); 1 when absent, invalid, or when the
    /// container turns the picture itself, as HEIF does.
    public var orientation: Int
    /// As displayed, upright.
    public var displaySize: PixelSize?
    /// Pages or frames; 1 for a still and for videos.
    public var frames: Int
    public var metadata: EmbeddedMetadata
    /// The film of a motion photo.
    public var embeddedFilm: EmbeddedFilm?
    /// Why there is no metadata, in a sentence, when the reader of it is missing or failed; `nil` when it was read.
    public var metadataProblem: String?
    /// Whether the reader itself failed, so that there may be metadata that another attempt finds.
    public var mayHaveMoreMetadata = false
}

/// What this machine can do with media files.
public struct MediaCapabilities: Sendable, Hashable {
    /// Decoding and scaling of pictures (libvips).
    public var decoding: Capability
    /// Reading of embedded metadata (exiftool).
    public var metadata: Capability
}
