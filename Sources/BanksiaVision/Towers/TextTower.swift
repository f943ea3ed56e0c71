import Foundation

/// A pack's text model with its tokenizer, loaded.
struct TextTower {
    private let tower: ModelPack.TextTower
    private let dimension: Int
    private let words: any Tokenizing
    private let model: InferenceModel
    private let inputs: [Input]
    private let output: String
    /// How many ids the model always takes; `nil` when it takes any number.
    private let width: Int?

    /// An input of the model, and what it is given there.
    private struct Input {
        enum Content {
            case ids, attention, sentence
        }
        var port: Port
        var content: Content
    }

    init(_ pack: ModelPack, runtime: InferenceRuntime) throws(VisionProblem) {
        tower = pack.text
        dimension = pack.dimension
        words = try pack.tokenizer()
        model = try runtime.model(at: pack.path(of: tower.file))
        let ports = try model.ports()
        inputs = try Self.inputs(tower.inputs, of: ports.inputs)
        guard let output = tower.output ?? ports.outputs.first?.name else { throw .modelUnusable("the text model has no output") }
        self.output = output
        let fixed = inputs.first { $0.content == .ids }?.port.shape.last.flatMap { $0 > 0 ? Int($0) : nil }
        width = fixed ?? (tower.padding == nil ? nil : tower.context)
    }

    /// The inputs of the manifest in its order, or those of the model by what their names say.
    private static func inputs(_ names: [String], of ports: [Port]) throws(VisionProblem) -> [Input] {
        if names.isEmpty {
            return ports.map { port in
                let content: Input.Content =
                    port.name.contains("mask") ? .attention : port.name.contains("type") ? .sentence : .ids
                return Input(port: port, content: content)
            }
        }
        var inputs: [Input] = []
        for (name, content) in zip(names, [Input.Content.ids, .attention, .sentence]) {
            guard let port = ports.first(where: { $0.name == name }) else {
                throw .modelUnusable("the text model has no input \(name)")
            }
            inputs.append(Input(port: port, content: content))
        }
        return inputs
    }

    /// The vector of a text, of unit length.
    func embed(_ text: String) throws(VisionProblem) -> [Float] {
        let ids = words.ids(of: tower.cleaning.clean(text), context: min(tower.context, width ?? tower.context))
        let missing = max(0, (width ?? ids.count) - ids.count)
        let tensors = inputs.map { input in
            Tensor(name: input.port.name, integers: values(for: input, ids, missing: missing), as: input.port.element)
        }
        return try UnitVector.checked(try model.run(tensors, outputs: [output])[0], dimension: dimension)
    }

    private func values(for input: Input, _ ids: [Int64], missing: Int) -> [Int64] {
        switch input.content {
        case .ids: ids + Array(repeating: tower.padding ?? 0, count: missing)
        case .attention: ids.map { _ in 1 } + Array(repeating: 0, count: missing)
        case .sentence: Array(repeating: 0, count: ids.count + missing)
        }
    }
}

extension Tensor {
    /// One row of integers, in the width that a model takes.
    fileprivate init(name: String, integers values: [Int64], as element: Port.Element) {
        self.init(
            name: name, shape: [1, Int64(values.count)],
            values: element == .shortIntegers ? .shortIntegers(values.map(Int32.init)) : .integers(values))
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
