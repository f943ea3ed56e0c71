/// What a pack's image model says of a picture.
public struct ImageEmbedding: Sendable, Hashable {
    /// The vector that texts are compared with, of unit length.
    public let embedding: [Float]
    /// The vector that other pictures are compared with to find copies, not scaled; empty when the pack has none.
    public let features: [Float]
    /// What is likely seen, likeliest first.
    public let tags: [Tag]

    /// A label that fits.
    public struct Tag: Sendable, Hashable {
        /// Its place among the pack's labels.
        public let label: Int
        /// From 0 to 1.
        public let score: Float

        /// A tag from its parts.
        public init(label: Int, score: Float) {
            self.label = label
            self.score = score
        }
    }

    /// An embedding from its parts.
    public init(embedding: [Float], features: [Float], tags: [Tag]) {
        self.embedding = embedding
        self.features = features
        self.tags = tags
    }
}
