/// A face that a pack's models found in a picture.
public struct FoundFace: Sendable, Hashable {
    /// The detector's confidence, 0 to 1.
    public let score: Float
    /// In pixels of the picture that was looked at; may reach beyond it.
    public let box: FoundBox
    /// How good a portrait it is, 0 to 1: by size, sharpness, pose, and how much the embedding model made of it.
    public let quality: Float
    /// How much the embedding model made of it: the length of its vector before scaling. Statues, drawings, blur and what is no
    /// face at all have little (`ModelPack.FaceModels.recognisable`).
    public let strength: Float
    /// What faces are compared by, of unit length.
    public let vector: [Float]

    /// A face from its parts.
    public init(score: Float, box: FoundBox, quality: Float, strength: Float, vector: [Float]) {
        self.score = score
        self.box = box
        self.quality = quality
        self.strength = strength
        self.vector = vector
    }
}

/// A rectangle in pixels of a picture, with fractions.
public struct FoundBox: Sendable, Hashable {
    public var x: Float
    public var y: Float
    public var width: Float
    public var height: Float

    /// A box from its parts.
    public init(x: Float, y: Float, width: Float, height: Float) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    var area: Float { max(width, 0) * max(height, 0) }

    func overlap(with other: FoundBox) -> Float {
        let across = min(x + width, other.x + other.width) - max(x, other.x)
        let down = min(y + height, other.y + other.height) - max(y, other.y)
        return across > 0 && down > 0 ? across * down : 0
    }

    /// What two boxes share, of what they cover together; 0 to 1.
    public func likeness(to other: FoundBox) -> Float {
        let shared = overlap(with: other), together = area + other.area - shared
        return together > 0 ? shared / together : 0
    }
}

/// Which faces count as found.
public struct FaceLimits: Sendable, Hashable {
    /// The least confidence, 0 to 1.
    public var score: Float
    /// The least length of a face's shorter side, in pixels of the picture that is looked at.
    public var size: Int

    /// Limits from their parts.
    public init(score: Float = 0.7, size: Int = 24) {
        self.score = score
        self.size = size
    }

    /// No picture gives more, the surest first. Each costs some 15 ms; a full stadium would cost minutes.
    public static let mostFaces = 200
}
