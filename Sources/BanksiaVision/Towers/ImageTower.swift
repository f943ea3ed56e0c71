import COnnxRuntime

/// A pack's image model, loaded.
struct ImageTower {
    private let tower: ModelPack.ImageTower
    private let dimension: Int
    private let model: InferenceModel
    private let input: Port
    private let layout: ModelPack.Layout
    private let output: String

    /// Tags below this score are left out: most pictures have a handful above it, of a thousand.
    private static let lowestTag: Float = 0.1

    init(_ pack: ModelPack, runtime: InferenceRuntime) throws(VisionProblem) {
        tower = pack.image
        dimension = pack.dimension
        model = try runtime.model(at: pack.path(of: tower.file))
        let ports = try model.ports()
        let wanted = pack.image.input ?? ports.inputs.first?.name ?? ""
        guard let input = ports.inputs.first(where: { $0.name == wanted }) else {
            throw .modelUnusable("the image model has no input \(wanted)")
        }
        guard let output = tower.output ?? ports.outputs.first?.name else {
            throw .modelUnusable("the image model has no output")
        }
        self.input = input
        self.output = output
        layout = Self.layout(of: input.shape) ?? tower.layout
    }

    /// What a model's shape says; `nil` when it leaves that open.
    private static func layout(of shape: [Int64]) -> ModelPack.Layout? {
        guard shape.count == 4 else { return nil }
        if shape[1] == 3 { return .planes }
        return shape[3] == 3 ? .pixels : nil
    }

    /// What the model says of a picture of exactly the tower's size.
    ///
    /// - Parameter pixels: 8-bit red, green, blue, row by row.
    func embed(_ pixels: ArraySlice<UInt8>) throws(VisionProblem) -> ImageEmbedding {
        let count = tower.size * tower.size
        guard pixels.count == 3 * count else { throw .pixels(expected: 3 * count, given: pixels.count) }
        let side = Int64(tower.size)
        let shape = layout == .planes ? [1, 3, side, side] : [1, side, side, 3]
        let tensor = Tensor(name: input.name, shape: shape, values: values(of: pixels, count))
        let outputs = try model.run([tensor], outputs: [output, tower.features, tower.tags].compactMap { $0 })
        let tags = tower.tags == nil ? [] : outputs[outputs.count - 1]
        return ImageEmbedding(
            embedding: try UnitVector.checked(outputs[0], dimension: dimension),
            features: tower.features == nil ? [] : outputs[1],
            tags: tags.enumerated().filter { $0.element >= Self.lowestTag }.map {
                ImageEmbedding.Tag(label: $0.offset, score: $0.element)
            }
            .sorted { $0.score > $1.score })
    }

    /// A model that takes bytes scales them itself.
    private func values(of pixels: ArraySlice<UInt8>, _ count: Int) -> Tensor.Values {
        switch (input.element, layout) {
        case (.bytes, .pixels): return .bytes(tower.channels == .rgb ? Array(pixels) : Self.swapped(Array(pixels)))
        case (.bytes, .planes):
            let pixels = tower.channels == .rgb ? Array(pixels) : Self.swapped(Array(pixels))
            return .bytes((0..<3 * count).map { pixels[3 * ($0 % count) + $0 / count] })
        case (_, .planes): return .floats(planes(pixels, count))
        case (_, .pixels):
            let planes = planes(pixels, count)
            return .floats((0..<3 * count).map { planes[$0 % 3 * count + $0 / 3] })
        }
    }

    /// Blue first.
    private static func swapped(_ pixels: [UInt8]) -> [UInt8] { pixels.indices.map { pixels[$0 - $0 % 3 + 2 - $0 % 3] } }

    private func planes(_ pixels: ArraySlice<UInt8>, _ count: Int) -> [Float] {
        unsafe [Float](unsafeUninitializedCapacity: 3 * count) { planes, filled in
            unsafe pixels.withUnsafeBufferPointer { pixels in
                unsafe banksia_planes(
                    pixels.baseAddress, count, tower.mean, tower.deviation, tower.channels == .rgb ? 0 : 2, planes.baseAddress)
            }
            filled = 3 * count
        }
    }
}
