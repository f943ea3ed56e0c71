/// What is to be made of a picture or a film, by one decoding.
public struct DevelopmentWish: Sendable, Hashable, Codable {
    /// Pixels for a model: how the picture is made to fit, and in which size.
    public struct ModelInput: Sendable, Hashable, Codable {
        public var fit: PixelFit
        public var size: PixelSize

        public init(fit: PixelFit, size: PixelSize) {
            self.fit = fit
            self.size = size
        }
    }

    /// Smaller forms; one that wants more than 1440 pixels gets 1440.
    public var ladder: [RenditionRecipe]
    public var inputs: [ModelInput]
    public var thumbHash: Bool

    /// A wish from its parts.
    public init(ladder: [RenditionRecipe] = [], inputs: [ModelInput] = [], thumbHash: Bool = false) {
        self.ladder = ladder
        self.inputs = inputs
        self.thumbHash = thumbHash
    }

    /// Whether all of another wish is part of this one.
    public func includes(_ other: DevelopmentWish) -> Bool {
        other.ladder.allSatisfy(ladder.contains) && other.inputs.allSatisfy(inputs.contains) && (thumbHash || !other.thumbHash)
    }
}

/// What was made of a picture or a film.
public struct Development: Sendable, Hashable, Codable {
    /// What models are to see: a picture, or one of the scenes of a film.
    public struct View: Sendable, Hashable, Codable {
        /// Where in the film; `nil` for a picture, and for the still of a film that is damaged where the others would be.
        public var timestampMilliseconds: Int?
        /// Once for each input wished for.
        var pixels: [Pixels]

        /// A file of raw pixels: 8-bit red, green, blue, row by row, upright, transparent parts white.
        public func path(of input: DevelopmentWish.ModelInput) -> String? { pixels.first { $0.input == input }?.path }
    }

    struct Pixels: Hashable, Codable {
        var input: DevelopmentWish.ModelInput
        var path: String
    }

    public var renditions: [RenderedFile]
    /// One of a picture. Of a film some, evenly spread.
    public var views: [View]
    /// A blurred placeholder in 5 to 30 bytes (https://evanw.github.io/thumbhash/).
    public var thumbHash: [UInt8]?
}
