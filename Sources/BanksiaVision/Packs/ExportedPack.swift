import Foundation

/// A CLIP model as it is published for Immich: a folder with `config.json`, `visual/` and `textual/`, and no manifest.
///
/// What its files say is put into a manifest of ours once, when the pack is installed; what runs it reads only that.
struct ExportedPack {
    let folder: String
    /// What the manifest says, but for the files.
    private let manifest: [String: Any]
    /// Files of the pack that are made out of the publisher's.
    let made: [String: Data]

    /// The models; each with the file of weights that large ones have beside them.
    static let image = "visual/model.onnx"
    static let text = "textual/model.onnx"
    /// What is read of an export, and what may be missing.
    static let needed = [
        "config.json", "visual/preprocess_cfg.json", "textual/tokenizer.json", "textual/tokenizer_config.json", image, text,
    ]
    static let optional = [image + "_data", text + "_data", image + ".data", text + ".data"]
    /// The largest `tokenizer.json` that is published has 34 MB.
    static let longestDescription = 64 << 20

    static func isOne(_ folder: String) -> Bool {
        FileSize.of("\(folder)/\(Manifest.fileName)") == nil && FileSize.of("\(folder)/\(image)") != nil
    }

    /// Reads what describes an export.
    ///
    /// - Parameters:
    ///   - name: what its publisher calls it; the folder's name when there is none.
    ///   - id: of the pack that it becomes; made of its name when there is none.
    ///   - score: what its scores mean; a guess by its kind when there is none.
    init(folder: String, name: String? = nil, id: String?, score: ModelPack.ScoreRange?) throws(ModelPackProblem) {
        self.folder = folder
        let config = try Self.object("config.json", in: folder)
        let model = config["model_cfg"] as? [String: Any] ?? config
        guard let dimension = model["embed_dim"] as? Int else { throw .manifest("config.json has no embed_dim") }
        let settings = model["text_cfg"] as? [String: Any] ?? [:]
        let cleaning = (settings["tokenizer_kwargs"] as? [String: Any])?["clean"] as? String
        let tokenizer = try TokenizerFile(
            Self.object("textual/tokenizer.json", in: folder), settings: Self.object("textual/tokenizer_config.json", in: folder))
        var text = tokenizer.manifest
        text["file"] = Self.text
        text["context"] = settings["context_length"] as? Int ?? 77
        text["cleaning"] = cleaning == "canonicalize" ? "canonical" : "none"
        let score = score ?? (cleaning == "canonicalize" ? Self.sigmoidScores : Self.contrastiveScores)
        let name = name ?? (folder as NSString).lastPathComponent
        made = tokenizer.made
        manifest = [
            "id": id ?? Self.id(of: name), "name": name, "licence": "as its publisher states", "dimension": dimension,
            "image": try Self.imageTower(Self.object("visual/preprocess_cfg.json", in: folder)), "text": text,
            "score": ["show": score.show, "good": score.good],
        ]
    }

    /// Cosines of CLIP models lie in a narrow band, those of SigLIP lower: guesses to begin with (docs/search.md).
    private static let contrastiveScores = ModelPack.ScoreRange(show: 0.2, good: 0.26)
    private static let sigmoidScores = ModelPack.ScoreRange(show: 0.06, good: 0.11)

    /// The files that are taken as they are.
    var taken: [String] {
        (Self.needed + Self.optional).filter { FileSize.of("\(folder)/\($0)") != nil }
    }

    /// The manifest of the pack that it becomes.
    func written() throws(ModelPackProblem) -> Data {
        var files: [String: Any] = [:]
        for name in taken {
            let path = "\(folder)/\(name)"
            guard let size = FileSize.of(path), let sum = Checksum.sha256(ofFile: path) else { throw .missing(name) }
            files[name] = ["bytes": size, "sha256": sum] as [String: Any]
        }
        for (name, data) in made { files[name] = ["bytes": data.count, "sha256": Checksum.sha256(of: data)] as [String: Any] }
        var manifest = manifest
        manifest["files"] = files
        let form: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: manifest, options: form) else {  // it is of JSON's types
            throw .manifest("it cannot be written")
        }
        return data
    }

    private static func imageTower(_ settings: [String: Any]) throws(ModelPackProblem) -> [String: Any] {
        let edges = settings["size"] as? [Int] ?? (settings["size"] as? Int).map { [$0, $0] } ?? []
        guard edges.count == 2, edges[0] == edges[1] else { throw .unsupported("pictures that are not square") }
        // A colour to fill with is for shapes that are kept whole, which no square picture of these kinds is.
        let interpolation = settings["interpolation"] as? String ?? "bicubic"
        return [
            "file": image, "size": edges[0], "resize": settings["resize_mode"] as? String ?? "shortest",
            "interpolation": interpolation == "random" ? "bicubic" : interpolation,
            "channels": settings["mode"] as? String ?? "RGB", "layout": "NCHW",
            "mean": numbers(settings["mean"]) ?? [0.48145466, 0.4578275, 0.40821073],
            "std": numbers(settings["std"]) ?? [0.26862954, 0.26130258, 0.27577711],
        ]
    }

    private static func numbers(_ value: Any?) -> [Double]? { value as? [Double] }

    static func id(of name: String) -> String {
        String(
            name.lowercased().prefix(64).map { character in
                character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character)) ? character : "-"
            })
    }

    private static func object(_ name: String, in folder: String) throws(ModelPackProblem) -> [String: Any] {
        let path = "\(folder)/\(name)"
        guard let size = FileSize.of(path) else { throw .missing(name) }
        guard size <= longestDescription, let bytes = FileManager.default.contents(atPath: path),
            let object = (try? JSONSerialization.jsonObject(with: bytes)) as? [String: Any]  // what is wrong says the sentence
        else { throw .manifest("\(name) is no JSON object") }
        return object
    }
}
