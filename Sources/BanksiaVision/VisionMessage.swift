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
        /// The same in a file.
        case imageFile(String)
        /// A picture of any shape in a file, and which of its faces count.
        case faces(FaceLimits, width: Int, height: Int, path: String)
        /// A picture of any shape in a file, to read what stands in it.
        case lines(width: Int, height: Int, path: String)

        var bytes: [UInt8] {
            switch self {
            case .version: [0]
            case .text(let text): [1] + text.utf8
            case .image(let pixels): [2] + pixels
            case .imageFile(let path): [3] + path.utf8
            case .faces(let limits, let width, let height, let path):
                [4] + VisionMessage.words([limits.score.bitPattern, UInt32(limits.size), UInt32(width), UInt32(height)])
                    + path.utf8
            case .lines(let width, let height, let path):
                [5] + VisionMessage.words([UInt32(width), UInt32(height)]) + path.utf8
            }
        }

        init?(_ bytes: [UInt8]) {
            switch bytes.first {
            case 0: self = .version
            case 1: self = .text(String(decoding: bytes.dropFirst(), as: UTF8.self))
            case 2: self = .image(bytes.dropFirst())
            case 3: self = .imageFile(String(decoding: bytes.dropFirst(), as: UTF8.self))
            case 4 where bytes.count >= 17:
                let words = VisionMessage.words(bytes[1..<17])
                self = .faces(
                    FaceLimits(score: Float(bitPattern: words[0]), size: Int(words[1])), width: Int(words[2]),
                    height: Int(words[3]), path: String(decoding: bytes[17...], as: UTF8.self))
            case 5 where bytes.count >= 9:
                let words = VisionMessage.words(bytes[1..<9])
                self = .lines(width: Int(words[0]), height: Int(words[1]), path: String(decoding: bytes[9...], as: UTF8.self))
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

    /// For each face eight numbers: score, box, quality, strength and the length of the vector, which follows.
    static func bytes(of faces: [FoundFace]) -> [UInt8] {
        var numbers: [UInt32] = []
        for face in faces {
            let box = face.box
            numbers += [face.score, box.x, box.y, box.width, box.height, face.quality, face.strength].map(\.bitPattern)
            numbers.append(UInt32(face.vector.count))
            numbers += face.vector.map(\.bitPattern)
        }
        return words(numbers)
    }

    static func faces(_ bytes: [UInt8]) -> [FoundFace]? {
        guard bytes.count % 4 == 0 else { return nil }
        var rest = words(bytes[...])[...]
        var faces: [FoundFace] = []
        while !rest.isEmpty {
            guard rest.count >= 8 else { return nil }
            let head = rest.prefix(7).map(Float.init(bitPattern:)), count = Int(rest[rest.startIndex + 7])
            rest = rest.dropFirst(8)
            guard count <= rest.count else { return nil }
            faces.append(
                FoundFace(
                    score: head[0], box: FoundBox(x: head[1], y: head[2], width: head[3], height: head[4]), quality: head[5],
                    strength: head[6], vector: rest.prefix(count).map(Float.init(bitPattern:))))
            rest = rest.dropFirst(count)
        }
        return faces
    }

    /// For each line its score, four corners, the count of its bytes, and these.
    static func bytes(of lines: [FoundLine]) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines {
            let numbers = [line.score] + line.corners.flatMap { [$0.x, $0.y] }
            bytes += words(numbers.map(\.bitPattern) + [UInt32(line.text.utf8.count)]) + line.text.utf8
        }
        return bytes
    }

    static func lines(_ bytes: [UInt8]) -> [FoundLine]? {
        var rest = bytes[...]
        var lines: [FoundLine] = []
        while !rest.isEmpty {
            guard rest.count >= 40 else { return nil }
            let numbers = words(rest.prefix(40)), values = numbers.prefix(9).map(Float.init(bitPattern:))
            rest = rest.dropFirst(40)
            let count = Int(numbers[9])
            guard count <= rest.count else { return nil }
            lines.append(
                FoundLine(
                    text: String(decoding: rest.prefix(count), as: UTF8.self), score: values[0],
                    corners: stride(from: 1, to: 9, by: 2).map { FoundLine.Corner(x: values[$0], y: values[$0 + 1]) }))
            rest = rest.dropFirst(count)
        }
        return lines
    }

    private static func words(_ numbers: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * numbers.count)
        for number in numbers { append(number, to: &bytes) }
        return bytes
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
