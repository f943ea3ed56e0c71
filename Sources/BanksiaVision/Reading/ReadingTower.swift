/// A pack's models for text in pictures, loaded: one that finds lines, one that reads them.
struct ReadingTower {
    private let detector: TextDetector
    private let reader: LineReader

    /// Below it, what was read is noise (RapidOCR's `text_score`).
    private static let leastScore: Float = 0.5
    /// Below it, the line may stand on its head.
    private static let sureScore: Float = 0.85
    /// So many lines of a picture are tried from the other end at most.
    private static let mostTurned = 32

    init(_ pack: ModelPack, runtime: InferenceRuntime) throws(VisionProblem) {
        guard let models = pack.reading else { throw .unavailable("The model pack \(pack.id) has no models for reading.") }
        detector = try TextDetector(pack, models, runtime: runtime)
        reader = try LineReader(pack, models, runtime: runtime)
    }

    /// The lines of text in a picture, in the order in which they are read.
    func lines(in picture: RawPicture) throws(VisionProblem) -> [FoundLine] {
        var turned = 0
        var lines: [(line: FoundLine, region: TextRegion)] = []
        for region in try detector.regions(in: picture).prefix(FoundLine.mostLines) {
            var (read, best) = (try reader.read(region, in: picture), region)
            if read.score < Self.sureScore, turned < Self.mostTurned {
                turned += 1
                let other = try reader.read(region.reversed, in: picture)
                if other.score > read.score { (read, best) = (other, region.reversed) }
            }
            guard read.score >= Self.leastScore, !read.text.isEmpty else { continue }
            let corners = best.corners.map { FoundLine.Corner(x: Float($0.x), y: Float($0.y)) }
            lines.append((FoundLine(text: read.text, score: read.score, corners: corners), best))
        }
        return Self.inOrder(lines)
    }

    /// From top to bottom as the longest line is read; what stands beside each other from left to right.
    private static func inOrder(_ lines: [(line: FoundLine, region: TextRegion)]) -> [FoundLine] {
        guard let level = lines.max(by: { $0.region.length < $1.region.length })?.region.along else { return [] }
        let placed = lines.map { line, region in
            let (x, y) = (region.middle.x, region.middle.y)
            return (line: line, across: x * level.x + y * level.y, down: y * level.x - x * level.y, height: region.height)
        }
        var rows: [[(line: FoundLine, across: Double, down: Double, height: Double)]] = []
        for line in placed.sorted(by: { $0.down < $1.down }) {
            if let first = rows.last?.first, line.down - first.down < first.height / 2 {
                rows[rows.count - 1].append(line)
            } else {
                rows.append([line])
            }
        }
        return rows.flatMap { row in row.sorted { $0.across < $1.across }.map(\.line) }
    }
}
