import Foundation

/// A pack's `manifest.json`, and the rules that it must keep. Keys that are not named here are passed over.
struct Manifest: Decodable {
    static let fileName = "manifest.json"
    /// The default pack's has 4 kB.
    static let longest = 1 << 20

    private var id: String
    private var name: String?
    private var licence: String?
    private var dimension: Int
    private var image: Image
    private var text: Text
    private var faces: Faces?
    private var reading: Reading?
    private var score: Score
    private var files: [String: File]

    private struct Image: Decodable {
        var file: String
        var input: String?
        var output: String?
        var size: Int
        var resize: String
        var interpolation: String?
        var channels: String
        var layout: String
        var mean: [Float]
        var std: [Float]
        var features: String?
        var tags: String?
        var labels: String?
    }

    private struct Text: Decodable {
        var file: String
        var tokenizer: String
        var vocabulary: String
        var lowercase: Bool?
        var cleaning: String?
        var context: Int
        var opening: [Int64]?
        var closing: [Int64]?
        var padding: Int64?
        var inputs: [String]?
        var output: String?
        var languages: [String]?
    }

    private struct Faces: Decodable {
        var detector: Detector
        var embedder: Embedder
        var same: Float
        var certain: Float
        var recognisable: Float

        struct Detector: Decodable {
            var file: String
            var kind: String
            var size: Int
        }
        struct Embedder: Decodable {
            var file: String
            var input: String
            var output: String
            var alignment: String
            var dimension: Int
        }
    }

    private struct Reading: Decodable {
        var detector: Model
        var recogniser: Model
        var characters: String

        struct Model: Decodable {
            var file: String
            var kind: String
        }
    }

    private struct Score: Decodable {
        var show: Float
        var good: Float
    }

    private struct File: Decodable {
        var bytes: Int64
        var sha256: String
    }

    init(_ bytes: Data) throws(ModelPackProblem) {
        do { self = try JSONDecoder().decode(Manifest.self, from: bytes) } catch let DecodingError.keyNotFound(key, _) {
            throw .manifest("the key \(key.stringValue) is missing")
        } catch let DecodingError.typeMismatch(_, context) {
            throw .manifest("\(context.codingPath.map(\.stringValue).joined(separator: ".")) is of the wrong type")
        } catch {
            throw .manifest("it is not JSON of the right form")
        }
    }

    /// The pack that it describes, once every rule is kept.
    func pack(in folder: String) throws(ModelPackProblem) -> ModelPack {
        guard Self.isName(id) else { throw .manifest("the id is not 1 to 64 of a–z, 0–9, '.', '_' and '-'") }
        guard (1...2048).contains(dimension) else { throw .manifest("the dimension is not 1 to 2048") }
        guard score.show.isFinite, score.good.isFinite, score.show < score.good, score.show >= -1, score.good < 1 else {
            throw .manifest("the score range is not -1 <= show < good < 1")
        }
        let image = try imageTower()
        let text = try textTower()
        return ModelPack(
            id: id, name: name ?? id, licence: licence ?? "not stated", dimension: dimension, image: image, text: text,
            faces: try faceModels(), reading: try readingModels(), scoreRange: .init(show: score.show, good: score.good),
            files: try checkedFiles(),
            folder: folder)
    }

    private func checkedFiles() throws(ModelPackProblem) -> [String: ModelPack.File] {
        let needed = [
            image.file, text.file, text.vocabulary, image.labels, faces?.detector.file, faces?.embedder.file,
            reading?.detector.file, reading?.recogniser.file, reading?.characters,
        ].compactMap { $0 }
        for name in needed where files[name] == nil { throw .manifest("\(name) is not among its files") }
        guard files.count <= 100 else { throw .manifest("it lists more than 100 files") }
        var checked: [String: ModelPack.File] = [:]
        for (path, file) in files {
            // Depth is bounded so that a pack from elsewhere cannot build a tower of folders.
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 4, parts.allSatisfy({ Self.isName($0.lowercased()) }), path != Self.fileName else {
                throw .manifest("a file's name is not plain")
            }
            guard (0...(8 << 30)).contains(file.bytes) else { throw .manifest("the size of \(path) is not 0 to 8 GiB") }
            guard file.sha256.utf8.count == 64, file.sha256.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
                throw .manifest("the checksum of \(path) is not 64 lower-case hexadecimal digits")
            }
            checked[path] = ModelPack.File(bytes: file.bytes, sha256: file.sha256)
        }
        return checked
    }

    private func imageTower() throws(ModelPackProblem) -> ModelPack.ImageTower {
        guard let resize = ModelPack.Resize(rawValue: image.resize) else { throw .unsupported("resize \(image.resize)") }
        guard let interpolation = ModelPack.Interpolation(rawValue: image.interpolation ?? "bicubic") else {
            throw .unsupported("interpolation \(image.interpolation ?? "")")
        }
        guard let channels = ModelPack.Channels(rawValue: image.channels) else {
            throw .unsupported("channels \(image.channels)")
        }
        guard let layout = ModelPack.Layout(rawValue: image.layout) else { throw .unsupported("layout \(image.layout)") }
        guard (1...2048).contains(image.size) else { throw .manifest("image.size is not 1 to 2048") }
        guard image.mean.count == 3, image.std.count == 3, (image.mean + image.std).allSatisfy(\.isFinite),
            image.std.allSatisfy({ $0 > 0 })
        else { throw .manifest("image.mean and image.std are not three numbers each") }
        return ModelPack.ImageTower(
            file: image.file, input: image.input, output: image.output, size: image.size, resize: resize,
            interpolation: interpolation,
            channels: channels, layout: layout, mean: image.mean, deviation: image.std, features: image.features,
            tags: image.tags,
            labels: image.labels)
    }

    private func textTower() throws(ModelPackProblem) -> ModelPack.TextTower {
        guard let tokenizer = ModelPack.Tokenizer(rawValue: text.tokenizer) else {
            throw .unsupported("tokenizer \(text.tokenizer)")
        }
        guard (2...1024).contains(text.context) else { throw .manifest("text.context is not 2 to 1024") }
        guard let cleaning = ModelPack.Cleaning(rawValue: text.cleaning ?? "none") else {
            throw .unsupported("cleaning \(text.cleaning ?? "")")
        }
        guard (1...3).contains(text.inputs?.count ?? 1) else { throw .manifest("text.inputs is not one to three names") }
        let (opening, closing) = (text.opening ?? [], text.closing ?? [])
        guard (opening + closing + [text.padding ?? 0]).allSatisfy({ (0...Int64(Int32.max)).contains($0) }),
            opening.count + closing.count < min(text.context, 9)
        else { throw .manifest("text.opening, closing and padding are not a few ids that fit the context") }
        return ModelPack.TextTower(
            file: text.file, tokenizer: tokenizer, vocabulary: text.vocabulary, lowercase: text.lowercase ?? true,
            cleaning: cleaning, context: text.context, opening: opening, closing: closing, padding: text.padding,
            inputs: text.inputs ?? [], output: text.output, languages: text.languages ?? [])
    }

    private func faceModels() throws(ModelPackProblem) -> ModelPack.FaceModels? {
        guard let faces else { return nil }
        guard faces.detector.kind == "yunet" else { throw .unsupported("face detector \(faces.detector.kind)") }
        guard faces.embedder.alignment == "arcface-112" else { throw .unsupported("alignment \(faces.embedder.alignment)") }
        let size = faces.detector.size
        guard (320...2048).contains(size), size.isMultiple(of: 32) else {
            throw .manifest("faces.detector.size is not a multiple of 32 from 320 to 2048")
        }
        guard (1...2048).contains(faces.embedder.dimension) else {
            throw .manifest("faces.embedder.dimension is not 1 to 2048")
        }
        guard faces.same > 0, faces.same < faces.certain, faces.certain < 1, faces.recognisable > 0,
            faces.recognisable.isFinite
        else { throw .manifest("the figures of faces are not 0 < same < certain < 1 and 0 < recognisable") }
        return ModelPack.FaceModels(
            detector: faces.detector.file, detectorSize: size, embedder: faces.embedder.file,
            embedderInput: faces.embedder.input, embedderOutput: faces.embedder.output, dimension: faces.embedder.dimension,
            same: faces.same, certain: faces.certain, recognisable: faces.recognisable)
    }

    private func readingModels() throws(ModelPackProblem) -> ModelPack.ReadingModels? {
        guard let reading else { return nil }
        guard reading.detector.kind == "db" else { throw .unsupported("text detector \(reading.detector.kind)") }
        guard reading.recogniser.kind == "ctc-48" else { throw .unsupported("text recogniser \(reading.recogniser.kind)") }
        return ModelPack.ReadingModels(
            detector: reading.detector.file, recogniser: reading.recogniser.file, characters: reading.characters)
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count) && text.first != "."
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 46 || $0 == 95 || $0 == 45 }
    }
}
