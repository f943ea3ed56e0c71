/// Something in a query that was understood: a name out of the library, a time, a kind of file, a misspelt word.
public struct SearchReading: Sendable, Equatable {
    /// What it was taken for.
    public enum Kind: String, Sendable {
        case person, album, place, camera, time, spelling
        case mediaType = "media_type"
    }

    /// What became of it.
    public enum Effect: String, Sendable {
        /// Nothing else is found.
        case filter
        /// What has it comes nearer.
        case boost
    }

    public var kind: Kind
    /// The words of the query, folded.
    public var text: String
    /// The name as the library has it, the word that was meant, or the kind of file.
    public var value: String
    /// The id of a person or an album.
    public var id: String?
    public var effect: Effect

    init(_ kind: Kind, _ text: String, value: String, id: String? = nil, _ effect: Effect = .boost) {
        self.kind = kind
        self.text = text
        self.value = value
        self.id = id
        self.effect = effect
    }
}
