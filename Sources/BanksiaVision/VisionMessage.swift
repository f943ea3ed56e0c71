/// What parent and child say to each other: a request begins with a byte that says what is asked, numbers are 32-bit
/// little-endian.
enum VisionMessage {
    /// What is asked of a child.
    enum Request: Equatable {
        /// Loads the runtime; the answer is its version.
        case version
        case text(String)
        /// Pixels of the size that the pack's image tower takes.
        case image(ArraySlice<UInt8>)

        var bytes: [UInt8] {
            switch self {
            case .version: [0]
            case .text(let text): [1] + text.utf8
            case .image(let pixels): [2] + pixels
            }
        }

        init?(_ bytes: [UInt8]) {
            switch bytes.first {
            case 0: self = .version
            case 1: self = .text(String(decoding: bytes.dropFirst(), as: UTF8.self))
            case 2: self = .image(bytes.dropFirst())
            default: return nil
            }
        }
    }

    // MARK: Answers

    static func bytes(of vector: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * vector.count)
        for value in vector { append(value.bitPattern, to: &bytes) }
        return bytes
    }

    static func vector(_ bytes: [UInt8]) -> [Float]? {
        guard bytes.count % 4 == 0 else { return nil }
        return words(bytes[...]).map(Float.init(bitPattern:))
    }

    /// Three lists, each behind its length: the vector, the features, and pairs of label and score.
    static func bytes(of embedding: ImageEmbedding) -> [UInt8] {
        var bytes: [UInt8] = []
        for list in [embedding.embedding, embedding.features] {
            append(UInt32(list.count), to: &bytes)
            bytes += Self.bytes(of: list)
        }
        append(UInt32(embedding.tags.count), to: &bytes)
        for tag in embedding.tags {
            append(UInt32(tag.label), to: &bytes)
            append(tag.score.bitPattern, to: &bytes)
        }
        return bytes
    }

    static func embedding(_ bytes: [UInt8]) -> ImageEmbedding? {
        guard bytes.count % 4 == 0 else { return nil }
        var rest = words(bytes[...])[...]
        func list(_ width: Int) -> [UInt32]? {
            guard let count = rest.popFirst().map(Int.init), count <= rest.count / width else { return nil }
            defer { rest.removeFirst(count * width) }
            return Array(rest.prefix(count * width))
        }
        guard let vector = list(1), let features = list(1), let tags = list(2), rest.isEmpty else { return nil }
        return ImageEmbedding(
            embedding: vector.map(Float.init(bitPattern:)), features: features.map(Float.init(bitPattern:)),
            tags: stride(from: 0, to: tags.count, by: 2).map {
                .init(label: Int(tags[$0]), score: Float(bitPattern: tags[$0 + 1]))
            })
    }

    private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }

    private static func words(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        }
    }
}
