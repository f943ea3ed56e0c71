import Foundation

/// A folder with the models that turn pictures and texts into vectors of one space, and the manifest that describes them.
///
/// Two vectors may be compared only when they come from packs of the same id.
public struct ModelPack: Sendable, Hashable {
    /// Names the space of its vectors: 1 to 64 of the characters `a–z 0–9 . _ -`, not beginning with a dot.
    public let id: String
    /// What a person may call it.
    public let name: String
    /// The licences of its files, as an SPDX expression or a sentence.
    public let licence: String
    /// How many values a vector has.
    public let dimension: Int
    /// What makes vectors of pictures.
    public let image: ImageTower
    /// What makes vectors of texts.
    public let text: TextTower
    /// What finds faces and tells them apart; `nil` when the pack has no models for that.
    public let faces: FaceModels?
    /// What reads text in pictures; `nil` when the pack has no models for that.
    public let reading: ReadingModels?
    /// What scores mean.
    public let scoreRange: ScoreRange
    /// What must lie in the folder, by path relative to it.
    public let files: [String: File]
    /// Where it lies.
    public let folder: String

    /// The model for pictures, and how pixels are made ready for it.
    public struct ImageTower: Sendable, Hashable {
        /// The model's file, relative to the folder.
        public let file: String
        /// Names of the model's input and of the output that is the vector; `nil` for its first.
        public let input: String?
        /// See `input`.
        public let output: String?
        /// Edge of the square picture that the model takes, in pixels.
        public let size: Int
        /// How a picture becomes square.
        public let resize: Resize
        /// How pixels are mixed when resizing.
        public let interpolation: Interpolation
        /// The order of the planes.
        public let channels: Channels
        /// Whether a picture lies in planes or pixel by pixel. The model's own word counts, where its shape has one.
        public let layout: Layout
        /// Subtracted from each channel after division by 255, in the order of the planes.
        public let mean: [Float]
        /// What each channel is then divided by.
        public let deviation: [Float]
        /// The output that describes a picture for finding its copies, if there is one.
        public let features: String?
        /// The output with one score from 0 to 1 for each label, if there is one.
        public let tags: String?
        /// The file with the labels as a JSON array, if there is one.
        public let labels: String?
    }

    /// How a picture becomes square.
    public enum Resize: String, Sendable {
        /// Both edges are set, whatever the shape.
        case squash
        /// The shorter edge is set, and the middle cut out.
        case shortest
    }

    /// How pixels are mixed when resizing; always averaging over what a new pixel covers.
    public enum Interpolation: String, Sendable {
        case bilinear, bicubic, lanczos
    }

    /// How the values of a picture lie.
    public enum Layout: String, Sendable {
        /// A plane for each colour.
        case planes = "NCHW"
        /// Pixel by pixel.
        case pixels = "NHWC"
    }

    /// The order of colour planes.
    public enum Channels: String, Sendable {
        case rgb = "RGB"
        case bgr = "BGR"
    }

    /// The model for texts, and how texts are made ready for it.
    public struct TextTower: Sendable, Hashable {
        /// The model's file, relative to the folder.
        public let file: String
        /// How texts are cut.
        public let tokenizer: Tokenizer
        /// The tokenizer's vocabulary file.
        public let vocabulary: String
        /// Whether word pieces fold case and accents.
        public let lowercase: Bool
        /// What is done to a text before it is cut.
        public let cleaning: Cleaning
        /// The most tokens of a text that are read.
        public let context: Int
        /// The ids before and behind those of a text. Word pieces have their own.
        public let opening: [Int64]
        /// See `opening`.
        public let closing: [Int64]
        /// The id that fills a short text up to `context`; `nil` where the model takes short texts as they are.
        public let padding: Int64?
        /// The model's inputs: ids, then attention mask, then token types, as many as it has. None here: as their names say.
        public let inputs: [String]
        /// The output that is the vector; `nil` for the first.
        public let output: String?
        /// Languages that it understands, as BCP 47 tags.
        public let languages: [String]
    }

    /// The models for faces. Both are of one kind: YuNet finds faces with five landmarks, and faces are laid upon ArcFace's
    /// template before they are told apart.
    public struct FaceModels: Sendable, Hashable {
        /// The file of the model that finds faces, relative to the folder.
        public let detector: String
        /// Edge of the square picture that it takes, in pixels; a multiple of 32.
        public let detectorSize: Int
        /// The file of the model that makes vectors, relative to the folder.
        public let embedder: String
        /// Names of its input and its output.
        public let embedderInput: String
        /// See `embedderInput`.
        public let embedderOutput: String
        /// How many values a face's vector has.
        public let dimension: Int
        /// From this mean cosine on, groups of faces are one person's.
        public let same: Float
        /// From this cosine on, two faces are one person's beyond doubt.
        public let certain: Float
        /// From this strength on (`FoundFace.strength`), a face can be recognised.
        public let recognisable: Float
    }

    /// The models for text in pictures: one of the kind DB finds lines, one of the kind CTC reads lines that are 48 pixels high.
    public struct ReadingModels: Sendable, Hashable {
        /// The file of the model that finds lines, relative to the folder.
        public let detector: String
        /// The file of the model that reads them.
        public let recogniser: String
        /// The file with the characters that it knows, one on each line of it.
        public let characters: String
    }

    /// A way to cut texts.
    public enum Tokenizer: String, Sendable {
        /// BERT's.
        case wordpiece
        /// The byte pairs of CLIP; the vocabulary is a `tokenizer.json`.
        case clip
        /// SentencePiece's; the vocabulary is a model file of it.
        case sentencepiece
    }

    /// What is done to a text before it is cut, beside what the tokenizer does itself.
    public enum Cleaning: String, Sendable {
        case none
        /// Lower case, no ASCII punctuation, single spaces: what SigLIP was trained with.
        case canonical
    }

    /// What the score of a text and a picture (a cosine) means in this space.
    public struct ScoreRange: Sendable, Hashable {
        /// From here on a match is plausible.
        public let show: Float
        /// From here on it is good.
        public let good: Float

        /// A range from its two scores.
        public init(show: Float, good: Float) {
            self.show = show
            self.good = good
        }
    }

    /// What a file must be.
    public struct File: Sendable, Hashable {
        /// Its size.
        public let bytes: Int64
        /// Its SHA-256, in lower-case hexadecimal.
        public let sha256: String
    }

}

extension ModelPack {
    /// Reads a pack's manifest and looks whether its files are there in the right size; `verify` reads them too.
    public init(folder: String) throws(ModelPackProblem) {
        self = try Self.unchecked(folder: folder)
        try checkSizes()
    }

    /// Looks whether the files are there in the right size.
    func checkSizes() throws(ModelPackProblem) {
        for (name, file) in files {
            guard let size = FileSize.of(path(of: name)) else { throw .missing(name) }
            guard size == file.bytes else { throw .wrongSize(name) }
        }
    }

    /// Reads a pack's manifest only.
    static func unchecked(folder: String) throws(ModelPackProblem) -> ModelPack {
        let path = "\(folder)/\(Manifest.fileName)"
        guard let size = FileSize.of(path), let bytes = FileManager.default.contents(atPath: path) else {
            throw .missing(Manifest.fileName)
        }
        guard size <= Manifest.longest else { throw .manifest("it is larger than \(Manifest.longest) bytes") }
        return try Manifest(bytes).pack(in: folder)
    }

    /// Reads every file and compares its checksum: about a second for each 500 MB.
    public func verify() throws(ModelPackProblem) {
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            guard let sum = Checksum.sha256(ofFile: path(of: name)) else { throw .missing(name) }
            guard sum == file.sha256 else { throw .wrongChecksum(name) }
        }
    }

    /// Where a file of the pack lies.
    public func path(of file: String) -> String { "\(folder)/\(file)" }

    /// The names of the image tower's tags, by index; empty when it has none.
    public func labels() -> [String] {
        guard let file = image.labels, let bytes = FileManager.default.contents(atPath: path(of: file)) else { return [] }
        return (try? JSONDecoder().decode([String].self, from: bytes)) ?? []  // tags without names are not shown
    }
}
