import Foundation

/// Finds faces with YuNet: the whole picture at the model's size, and tiles of it at its own, for small faces.
struct FaceDetector {
    /// A face before it was looked at closely.
    struct Candidate {
        var score: Float
        var box: FoundBox
        /// Right eye, left eye, nose, right and left corner of the mouth, as the viewer sees them from left to right.
        var landmarks: [Point]
    }

    struct Point: Equatable {
        var x: Double
        var y: Double
    }

    private let models: ModelPack.FaceModels
    private let model: InferenceModel

    /// The model's grids; cells of this many pixels.
    private static let strides = [8, 16, 32]
    private static let outputs = ["cls", "obj", "bbox", "kps"].flatMap { name in strides.map { "\(name)_\($0)" } }
    /// Neighbouring tiles share this much; a face up to this size lies wholly in one of them.
    private static let overlap = 128
    /// Larger faces are found in the whole picture, and in tiles perhaps only a part of them.
    private static let largestInTile: Float = 192

    init(_ pack: ModelPack, _ models: ModelPack.FaceModels, runtime: InferenceRuntime) throws(VisionProblem) {
        self.models = models
        model = try runtime.model(at: pack.path(of: models.detector))
    }

    /// The faces of a picture, the surest first, each once.
    func candidates(in picture: RawPicture, _ limits: FaceLimits) throws(VisionProblem) -> [Candidate] {
        let side = models.detectorSize
        let scale = Double(side) / Double(max(picture.width, picture.height))
        var found = try candidates(in: picture, x: 0, y: 0, scale: scale, limits)
        if scale < 1 {
            for y in Self.tiles(over: picture.height, side: side) {
                for x in Self.tiles(over: picture.width, side: side) {
                    let tile = try candidates(in: picture, x: x, y: y, scale: 1, limits)
                    found += tile.filter { Self.isWhole($0.box, x: x, y: y, side: side, in: picture) }
                }
            }
        }
        return Array(Self.distinct(found).prefix(FaceLimits.mostFaces))
    }

    /// Where tiles begin, evenly spread over an edge.
    static func tiles(over length: Int, side: Int) -> [Int] {
        guard length > side else { return [0] }
        let count = (length - overlap + side - overlap - 1) / (side - overlap)
        return (0..<count).map { ($0 * (length - side) + (count - 1) / 2) / (count - 1) }
    }

    /// Whether a face found in a tile is all of it: small, and away from edges behind which the picture goes on.
    private static func isWhole(_ box: FoundBox, x: Int, y: Int, side: Int, in picture: RawPicture) -> Bool {
        guard max(box.width, box.height) <= largestInTile else { return false }
        return (x == 0 || box.x > Float(x) + 1) && (y == 0 || box.y > Float(y) + 1)
            && (x + side >= picture.width || box.x + box.width < Float(x + side) - 1)
            && (y + side >= picture.height || box.y + box.height < Float(y + side) - 1)
    }

    private func candidates(in picture: RawPicture, x: Int, y: Int, scale: Double, _ limits: FaceLimits) throws(VisionProblem)
        -> [Candidate]
    {
        let side = models.detectorSize
        let planes = picture.planes(.init(x: Double(x), y: Double(y), scale: scale), side: side, .bgr)
        let input = Tensor(name: "input", shape: [1, 3, Int64(side), Int64(side)], values: .floats(planes))
        let outputs = try model.run([input], outputs: Self.outputs)
        var found: [Candidate] = []
        for (place, stride) in Self.strides.enumerated() {
            let grid = Grid(
                stride: stride, columns: side / stride, classes: outputs[place], objects: outputs[3 + place],
                boxes: outputs[6 + place], points: outputs[9 + place])
            found += grid.candidates(atLeast: limits.score).map { $0.placed(x: Double(x), y: Double(y), scale: scale) }
        }
        return found.filter { min($0.box.width, $0.box.height) >= Float(limits.size) && $0.box.area.isFinite }
    }

    /// The best of each heap of overlapping candidates. One that lies within another counts as the same face too.
    static func distinct(_ candidates: [Candidate]) -> [Candidate] {
        var kept: [Candidate] = []
        for candidate in candidates.sorted(by: { $0.score > $1.score }) {
            let isKnown = kept.contains { other in
                candidate.box.likeness(to: other.box) > 0.3
                    || candidate.box.overlap(with: other.box) > 0.7 * min(candidate.box.area, other.box.area)
            }
            if !isKnown { kept.append(candidate) }
        }
        return kept
    }
}

extension FaceDetector {
    /// What the model says at one of its strides, a row of each list for each cell.
    private struct Grid {
        var stride: Int
        var columns: Int
        var classes: [Float]
        var objects: [Float]
        var boxes: [Float]
        var points: [Float]

        func candidates(atLeast score: Float) -> [Candidate] {
            let cells = columns * columns
            guard classes.count == cells, objects.count == cells, boxes.count == 4 * cells, points.count == 10 * cells else {
                return []
            }
            return (0..<cells).compactMap { cell in
                let product = min(max(classes[cell], 0), 1) * min(max(objects[cell], 0), 1)
                return product >= score * score ? candidate(at: cell, score: product.squareRoot()) : nil
            }
        }

        private func candidate(at cell: Int, score: Float) -> Candidate {
            let step = Float(stride), column = Float(cell % columns), row = Float(cell / columns)
            let width = exp(boxes[4 * cell + 2]) * step, height = exp(boxes[4 * cell + 3]) * step
            let box = FoundBox(
                x: (column + boxes[4 * cell]) * step - width / 2, y: (row + boxes[4 * cell + 1]) * step - height / 2,
                width: width, height: height)
            let landmarks = (0..<5).map { point in
                Point(
                    x: Double((column + points[10 * cell + 2 * point]) * step),
                    y: Double((row + points[10 * cell + 2 * point + 1]) * step))
            }
            return Candidate(score: score, box: box, landmarks: landmarks)
        }
    }
}

extension FaceDetector.Candidate {
    /// From pixels of a view to pixels of the picture.
    fileprivate func placed(x: Double, y: Double, scale: Double) -> Self {
        let part = Float(1 / scale)
        return Self(
            score: score,
            box: FoundBox(
                x: box.x * part + Float(x), y: box.y * part + Float(y), width: box.width * part, height: box.height * part),
            landmarks: landmarks.map { .init(x: $0.x / scale + x, y: $0.y / scale + y) })
    }
}
