/// A pack's models for faces, loaded: one that finds them, one that tells them apart.
struct FaceTower {
    private let models: ModelPack.FaceModels
    private let detector: FaceDetector
    private let embedder: InferenceModel

    init(_ pack: ModelPack, runtime: InferenceRuntime) throws(VisionProblem) {
        guard let models = pack.faces else { throw .unavailable("The model pack \(pack.id) has no models for faces.") }
        self.models = models
        detector = try FaceDetector(pack, models, runtime: runtime)
        embedder = try runtime.model(at: pack.path(of: models.embedder))
    }

    /// The faces of a picture, the surest first.
    func faces(in picture: RawPicture, _ limits: FaceLimits) throws(VisionProblem) -> [FoundFace] {
        var faces: [FoundFace] = []
        for candidate in try detector.candidates(in: picture, limits) {
            guard let alignment = FaceAlignment(candidate.landmarks) else { continue }
            faces.append(try face(candidate, alignment, in: picture))
        }
        return faces
    }

    private func face(_ candidate: FaceDetector.Candidate, _ alignment: FaceAlignment, in picture: RawPicture)
        throws(VisionProblem) -> FoundFace
    {
        let side = Int64(FaceAlignment.side)
        let planes = picture.planes(alignment.view, side: FaceAlignment.side, .rgb)
        let input = Tensor(name: models.embedderInput, shape: [1, 3, side, side], values: .floats(planes))
        let raw = try embedder.run([input], outputs: [models.embedderOutput])[0]
        let vector = try UnitVector.checked(raw, dimension: models.dimension)
        let strength = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let portrait = Portrait(
            size: min(candidate.box.width, candidate.box.height), sharpness: Self.sharpness(planes), turn: Float(alignment.turn),
            strength: strength / models.recognisable)
        return FoundFace(
            score: candidate.score, box: candidate.box, quality: portrait.quality, strength: strength, vector: vector)
    }

    /// The variance of the Laplacian of the face's green: what is out of focus or moved has little.
    private static func sharpness(_ planes: [Float]) -> Float {
        let side = FaceAlignment.side, margin = 16
        let green = side * side
        var (sum, squares, count) = (Float(0), Float(0), Float(0))
        for row in margin..<side - margin {
            for column in margin..<side - margin {
                let place = green + row * side + column
                let value =
                    4 * planes[place] - planes[place - 1] - planes[place + 1] - planes[place - side] - planes[place + side]
                sum += value
                squares += value * value
                count += 1
            }
        }
        return squares / count - (sum / count) * (sum / count)
    }
}

/// What makes a good portrait.
struct Portrait {
    /// The shorter side in pixels.
    var size: Float
    /// The variance of the Laplacian.
    var sharpness: Float
    /// `FaceAlignment.turn`.
    var turn: Float
    /// What the embedding model made of it, in parts of what it makes of a face that can be recognised.
    var strength: Float

    /// 0 to 1. Each part is full where more of it is not seen in a thumbnail: of the labelled photos of people, half have a
    /// sharpness over 300 and a strength over 1.5.
    var quality: Float {
        func share(_ value: Float, of enough: Float) -> Float { max(0, min(1, value / enough)) }
        return 0.3 * share(strength, of: 1.5) + 0.25 * share(sharpness, of: 300) + 0.25 * share(size, of: 160)
            + 0.2 * (1 - share(turn, of: 0.5))
    }
}
