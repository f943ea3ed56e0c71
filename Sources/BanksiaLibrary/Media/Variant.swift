public import BanksiaCore
public import BanksiaFiles
import BanksiaMedia

/// A form in which an image is delivered.
public enum Variant: String, Sendable, CaseIterable {
    case thumbnail, small, preview, fullsize, original
    /// A film as browsers play it; pictures have none.
    case playback

    /// The longest edge in pixels; `nil` for full size (contract §8).
    public var longestEdge: Int? {
        switch self {
        case .thumbnail: 360
        case .small: 720
        case .preview: 1440
        case .fullsize, .original, .playback: nil
        }
    }

    /// The rungs that the pipeline makes for every image; `fullsize` is made when it is first asked for.
    static let ladder: [Variant] = [.thumbnail, .small, .preview]

    /// How the rendition is made; `nil` for the original, which is never remade, and for what is made of the film and not of its
    /// still.
    ///
    /// Small rungs are WebP because they are many; `fullsize` is JPEG because every program on earth opens one. The large two
    /// keep wide colours (docs/decisions/0017).
    var recipe: RenditionRecipe? {
        switch self {
        case .thumbnail, .small:
            RenditionRecipe(name: rawValue, longestEdge: longestEdge, format: .webp(quality: 80, effort: 2))
        case .preview:
            RenditionRecipe(
                name: rawValue, longestEdge: longestEdge, format: .webp(quality: 80, effort: 2), gamut: .wide, isMeasured: true)
        case .fullsize: RenditionRecipe(name: rawValue, longestEdge: nil, format: .jpeg(quality: 90), gamut: .wide)
        case .original, .playback: nil
        }
    }

    /// By the name of a path. The stills of videos have names of their own (contract §8).
    init?(pathName: String) {
        let still = pathName.hasSuffix(Self.stillSuffix) ? String(pathName.dropLast(Self.stillSuffix.count)) : nil
        self.init(rawValue: still ?? pathName)
        if still != nil, self == .original || self == .playback { return nil }
    }

    /// What the names of a video's stills end with.
    public static let stillSuffix = "_image"

    /// Counts up whenever `recipe` changes, so that renditions of an older one are remade.
    static let recipeVersion = 2

    /// The content type that a URL of this variant serves, where it does not depend on the file.
    public var mimeType: String? {
        switch self {
        case .thumbnail, .small, .preview: "image/webp"
        case .fullsize: "image/jpeg"
        case .playback: "video/mp4"
        case .original: nil
        }
    }
}

/// Bytes that can be sent: a file that does not change under its name.
public struct Delivery: Sendable, Equatable {
    public var file: StoredFile
    public var mimeType: String
    public var sizeBytes: Int64
    /// The content hash in hex: equal bytes, equal tag.
    public var entityTag: String
    public var modifiedAt: Instant
    /// The name for saving; set for originals.
    public var fileName: String?
    /// Where in the file the bytes begin.
    public var start: Int64 = 0
}
