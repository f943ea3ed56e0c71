/// Finds where text stands in a picture, with a detector of the kind DB (Liao et al., "Real-time Scene Text Detection with
/// Differentiable Binarization", 2020), whose map of likelihoods shows lines shrunk so that neighbours do not touch.
struct TextDetector {
    private let model: InferenceModel

    private static let input = "x"
    private static let output = "fetch_name_0"
    /// Edges of what the model looks at are multiples of it.
    private static let step = 32
    /// The least mean likelihood of a line, and how much larger than its blob it is: PaddleOCR's `box_thresh` and `unclip_ratio`.
    private static let leastScore: Float = 0.6
    private static let growth = 1.6
    /// Lower text cannot be read; in pixels of what the model looks at.
    private static let leastHeight = 5.0

    /// The longest edge in a first look, which tells whether there is text at all: a third of the time of a whole look.
    static let glance = 736
    /// The longest edge of a whole look, for which the model takes 180 MB; 1,600 pixels would be 310 MB.
    static let look = 1280

    init(_ pack: ModelPack, _ models: ModelPack.ReadingModels, runtime: InferenceRuntime) throws(VisionProblem) {
        model = try runtime.model(at: pack.path(of: models.detector))
    }

    /// Where lines of text are, the largest first, in pixels of the picture.
    func regions(in picture: RawPicture) throws(VisionProblem) -> [TextRegion] {
        let edge = max(picture.width, picture.height)
        if edge > Self.glance, try regions(in: picture, edge: Self.glance).isEmpty { return [] }
        // Small pictures are looked at enlarged: letters of a few pixels are found then.
        return try regions(in: picture, edge: min(Self.look, max(edge, min(Self.glance, 2 * edge))))
    }

    private func regions(in picture: RawPicture, edge: Int) throws(VisionProblem) -> [TextRegion] {
        let scale = Double(edge) / Double(max(picture.width, picture.height))
        let columns = Self.whole(Double(picture.width) * scale), rows = Self.whole(Double(picture.height) * scale)
        var planes = picture.planes(.init(x: 0, y: 0, scale: scale), columns: columns, rows: rows, .bgr)
        planes.scale(by: 1 / 127.5, plus: -1)
        let input = Tensor(name: Self.input, shape: [1, 3, Int64(rows), Int64(columns)], values: .floats(planes))
        let values = try model.run([input], outputs: [Self.output])[0]
        guard values.count == columns * rows else { throw .modelUnusable("the text detector's map is not of the picture's size") }
        return TextMap(columns: columns, rows: rows, values: values).blobs().compactMap(Self.region)
            .sorted { $0.length * $0.height > $1.length * $1.height }
            .map { $0.divided(by: scale) }
    }

    private static func region(of blob: TextMap.Blob) -> TextRegion? {
        guard blob.score >= leastScore, let core = TextRegion(around: blob.outline), min(core.length, core.height) >= 2 else {
            return nil
        }
        let margin = core.length * core.height * growth / (2 * (core.length + core.height))
        let region = core.grown(by: margin)
        return min(region.length, region.height) >= leastHeight ? region : nil
    }

    private static func whole(_ length: Double) -> Int { max(1, (Int(length.rounded()) + step - 1) / step) * step }
}
