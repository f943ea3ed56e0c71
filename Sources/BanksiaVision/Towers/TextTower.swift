import Foundation

/// A pack's text model with its tokenizer, loaded.
struct TextTower {
    private let tower: ModelPack.TextTower
    private let dimension: Int
    private let words: WordPiece
    private let model: InferenceModel

    init(_ pack: ModelPack, runtime: InferenceRuntime) throws(VisionProblem) {
        tower = pack.text
        dimension = pack.dimension
        // The manifest's size was compared when the pack was opened.
        guard let vocabulary = FileManager.default.contents(atPath: pack.path(of: tower.vocabulary)),
            let words = WordPiece(vocabulary: Array(vocabulary), lowercase: tower.lowercase)
        else { throw .modelUnusable("the vocabulary has no [UNK], [CLS] and [SEP]") }
        self.words = words
        model = try runtime.model(at: pack.path(of: tower.file))
    }

    /// The vector of a text, of unit length.
    func embed(_ text: String) throws(VisionProblem) -> [Float] {
        let ids = words.ids(of: text, context: tower.context)
        let shape = [1, Int64(ids.count)]
        // In the order of the manifest's inputs: ids, attention to all of them, one sentence.
        let values = [ids, ids.map { _ in 1 }, ids.map { _ in 0 }]
        let inputs = zip(tower.inputs, values).map { Tensor(name: $0, shape: shape, values: .integers($1)) }
        let outputs = try model.run(inputs, outputs: [tower.output])
        return try UnitVector.checked(outputs[0], dimension: dimension)
    }
}

/// Vectors as models give them, made fit for comparing.
enum UnitVector {
    /// The vector scaled to unit length. Models scale already, up to rounding; one without direction is refused.
    static func checked(_ vector: [Float], dimension: Int) throws(VisionProblem) -> [Float] {
        let length = vector.reduce(Double(0)) { $0 + Double($1) * Double($1) }.squareRoot()
        guard vector.count == dimension, length.isFinite, length > 1e-6 else { throw .noVector }
        return vector.map { Float(Double($0) / length) }
    }
}
