import COnnxRuntime

/// A pack's image model, loaded.
struct ImageTower {
    private let tower: ModelPack.ImageTower
    private let dimension: Int
    private let model: InferenceModel

    /// Tags below this score are left out: most pictures have a handful above it, of a thousand.
    private static let lowestTag: Float = 0.1

    init(_ pack: ModelPack, runtime: InferenceRuntime) throws(VisionProblem) {
        tower = pack.image
        dimension = pack.dimension
        model = try runtime.model(at: pack.path(of: tower.file))
    }

    /// What the model says of a picture of exactly the tower's size.
    ///
    /// - Parameter pixels: 8-bit red, green, blue, row by row.
    func embed(_ pixels: ArraySlice<UInt8>) throws(VisionProblem) -> ImageEmbedding {
        let count = tower.size * tower.size
        guard pixels.count == 3 * count else { throw .pixels(expected: 3 * count, given: pixels.count) }
        let side = Int64(tower.size)
        let input = Tensor(name: tower.input, shape: [1, 3, side, side], values: .floats(planes(pixels, count)))
        let outputs = try model.run([input], outputs: [tower.output, tower.features, tower.tags].compactMap { $0 })
        let tags = tower.tags == nil ? [] : outputs[outputs.count - 1]
        return ImageEmbedding(
            embedding: try UnitVector.checked(outputs[0], dimension: dimension),
            features: tower.features == nil ? [] : outputs[1],
            tags: tags.enumerated().filter { $0.element >= Self.lowestTag }.map {
                ImageEmbedding.Tag(label: $0.offset, score: $0.element)
            }
            .sorted { $0.score > $1.score })
    }

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
