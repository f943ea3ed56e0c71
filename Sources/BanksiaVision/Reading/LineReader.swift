import COnnxRuntime
import Foundation

/// Reads one line of text at a time, with a recogniser of the kind CTC (Graves et al., "Connectionist Temporal
/// Classification", 2006): at each step across the line it says which character stands there, or none.
struct LineReader {
    private let model: InferenceModel
    /// What the model's classes mean, from the second on; the first is "none".
    private let characters: [String]

    private static let input = "x"
    private static let output = "fetch_name_0"
    /// The height of the lines that the model reads, in pixels.
    private static let height = 48
    /// How wide lines are, at least and at most: shorter ones are filled up with grey, longer ones squeezed.
    private static let widths = 320...2400
    private static let step = 8

    init(_ pack: ModelPack, _ models: ModelPack.ReadingModels, runtime: InferenceRuntime) throws(VisionProblem) {
        model = try runtime.model(at: pack.path(of: models.recogniser))
        guard let file = FileManager.default.contents(atPath: pack.path(of: models.characters)) else {
            throw .modelUnusable("the recogniser's characters cannot be read")
        }
        characters = String(decoding: file, as: UTF8.self).split(separator: "\n").map { String($0) } + [" "]
    }

    /// What stands in a region, and how sure that is.
    func read(_ region: TextRegion, in picture: RawPicture) throws(VisionProblem) -> (text: String, score: Float) {
        let scale = Double(Self.height) / region.height
        let width = Int((region.length * scale).rounded(.up)).clamped(to: Self.step...Self.widths.upperBound)
        let columns = max(Self.widths.lowerBound, (width + Self.step - 1) / Self.step * Self.step)
        let shown = picture.planes(Self.view(of: region, scale: scale), columns: width, rows: Self.height, .bgr)
        let values = Self.filled(shown, from: width, to: columns)
        let shape = [1, 3, Int64(Self.height), Int64(columns)]
        let scores = try model.run([Tensor(name: Self.input, shape: shape, values: .floats(values))], outputs: [Self.output])[0]
        let classes = characters.count + 1
        guard scores.count.isMultiple(of: classes) else {
            throw .modelUnusable("the recogniser has another number of characters")
        }
        return text(scores.largest(ofEach: classes))
    }

    /// The view whose rows are the text's.
    private static func view(of region: TextRegion, scale: Double) -> RawPicture.View {
        let (a, b) = (region.along.x / scale, region.along.y / scale), corner = region.corners[0]
        // The middle of its first pixel lies half a pixel inside the corner.
        return RawPicture.View(a: a, b: b, x: corner.x + (a - b) / 2, y: corner.y + (a + b) / 2)
    }

    /// Three planes with values from -1 to 1, and zeros to the right of them.
    private static func filled(_ planes: [Float], from width: Int, to columns: Int) -> [Float] {
        var planes = planes
        planes.scale(by: 1 / 127.5, plus: -1)
        guard width < columns else { return planes }
        var filled: [Float] = []
        filled.reserveCapacity(3 * height * columns)
        for row in 0..<3 * height {
            filled += planes[row * width..<(row + 1) * width]
            filled += repeatElement(0, count: columns - width)
        }
        return filled
    }

    /// The likeliest character of each step; a character that goes on over several steps stands once.
    private func text(_ steps: [(place: Int, value: Float)]) -> (text: String, score: Float) {
        var (text, sum, count, last) = ("", Float(0), 0, 0)
        for step in steps {
            if step.place != 0, step.place != last {
                text += characters[step.place - 1]
                sum += step.value
                count += 1
            }
            last = step.place
        }
        return (text.trimmingCharacters(in: .whitespacesAndNewlines), count == 0 ? 0 : sum / Float(count))
    }
}

extension [Float] {
    /// Multiplies each value and adds to it.
    mutating func scale(by factor: Float, plus offset: Float) {
        unsafe withUnsafeMutableBufferPointer { unsafe banksia_scale($0.baseAddress, $0.count, factor, offset) }
    }

    /// The largest value of each row of so many, and its place in the row.
    func largest(ofEach columns: Int) -> [(place: Int, value: Float)] {
        let rows = count / columns
        var places = [Int32](repeating: 0, count: rows), values = Self(repeating: 0, count: rows)
        unsafe withUnsafeBufferPointer { unsafe banksia_largest($0.baseAddress, rows, columns, &places, &values) }
        return zip(places, values).map { (Int($0), $1) }
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
