/// A line of text that a pack's models read in a picture.
public struct FoundLine: Sendable, Hashable {
    /// What stands there, without spaces around it; never empty.
    public let text: String
    /// How sure the model is of its characters on average, 0 to 1.
    public let score: Float
    /// The corners of the line's rectangle, in pixels of the picture that was looked at: where reading begins, where it ends,
    /// and the two below them, clockwise. They may lie beyond the picture.
    public let corners: [Corner]

    /// A place in a picture.
    public struct Corner: Sendable, Hashable {
        public var x: Float
        public var y: Float

        /// A corner from its parts.
        public init(x: Float, y: Float) {
            self.x = x
            self.y = y
        }
    }

    /// A line from its parts.
    public init(text: String, score: Float, corners: [Corner]) {
        self.text = text
        self.score = score
        self.corners = corners
    }

    /// No picture gives more. A printed page has some 60; each costs some 15 ms.
    public static let mostLines = 128
}
