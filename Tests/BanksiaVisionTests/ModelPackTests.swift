import Crypto
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Model packs") struct ModelPackTests {
    let folder = try! TemporaryFolder()

    @Test func `a pack is read from its manifest`() throws {
        let pack = try ModelPack(folder: PackFiles.make(in: folder, "tiny"))
        #expect(pack.id == "tiny")
        #expect(pack.dimension == 4)
        #expect(pack.image.size == 8)
        #expect(pack.image.resize == .squash)
        #expect(pack.image.interpolation == .bicubic)
        #expect(pack.text.context == 16)
        #expect(pack.scoreRange == .init(show: 0.25, good: 0.5))
        #expect(pack.labels() == ["cat", "dog"])
        try pack.verify()
    }

    private static let file = "{\"bytes\": 1, \"sha256\": \"\(String(repeating: "0", count: 64))\"}"

    @Test(arguments: [
        ("id", "\"../evil\""), ("id", "\"\""), ("id", "\"Has Space\""), ("id", "\".hidden\""), ("dimension", "0"),
        ("dimension", "1000000"), ("dimension", "\"4\""), ("image.size", "0"), ("image.size", "100000"),
        ("image.resize", "\"stretch\""),
        ("image.layout", "\"CHW\""), ("image.channels", "\"CMYK\""), ("image.mean", "[0.5]"), ("image.std", "[0, 0, 0]"),
        ("image.file", "\"elsewhere.onnx\""), ("image.interpolation", "\"nearest\""), ("text.tokenizer", "\"bpe\""),
        ("text.context", "1"), ("text.inputs", "[]"), ("text.opening", "[-1]"),
        ("text.closing", "[1, 2, 3, 4, 5, 6, 7, 8, 9]"), ("text.padding", "99999999999"), ("text.cleaning", "\"scrub\""),
        ("score.show", "0.9"), ("score.good", "2"), ("files", "{}"),
        ("files./etc/passwd", file), ("files.../x", file), ("files.a/../../x", file), ("files.a/b/c/d/e", file), ("files.", file),
        ("files.manifest.json", file), ("files.x", "{\"bytes\": -1, \"sha256\": \"0\"}"),
        ("files.x", "{\"bytes\": 1, \"sha256\": \"zz\"}"),
    ]) func `a manifest that breaks a rule is refused`(key: String, json: String) throws {
        let path = try PackFiles.make(in: folder, "tiny") { try $0.set(key, to: json) }
        #expect(throws: ModelPackProblem.self) { try ModelPack(folder: path) }
    }

    @Test func `a manifest that is no manifest is refused`() throws {
        for text in [
            "", "null", "[]", "{}", "{\"id\": 3}", String(repeating: "[", count: 100_000), String(repeating: " ", count: 2 << 20),
        ] {
            let path = try PackFiles.make(in: folder, "tiny")
            try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/manifest.json"))
            #expect(throws: ModelPackProblem.self) { try ModelPack(folder: path) }
        }
    }

    @Test func `a missing, short or changed file is named`() throws {
        let path = try PackFiles.make(in: folder, "tiny")
        try Data("xx\nyy".utf8).write(to: URL(fileURLWithPath: path + "/vocab.txt"))
        #expect(throws: ModelPackProblem.wrongSize("vocab.txt")) { try ModelPack(folder: path) }
        try FileManager.default.removeItem(atPath: path + "/vocab.txt")
        #expect(throws: ModelPackProblem.missing("vocab.txt")) { try ModelPack(folder: path) }
        let other = try PackFiles.make(in: folder, "other")
        try Data("IMAGE".utf8).write(to: URL(fileURLWithPath: other + "/image.onnx"))
        let pack = try ModelPack(folder: other)
        #expect(throws: ModelPackProblem.wrongChecksum("image.onnx")) { try pack.verify() }
    }

    @Test func `packs are listed and found by id, the first folder winning`() throws {
        let first = try TemporaryFolder()
        let second = try TemporaryFolder()
        _ = try PackFiles.make(in: second, "b")
        let winner = try PackFiles.make(in: first, "b")
        _ = try PackFiles.make(in: second, "c")
        let broken = try PackFiles.make(in: second, "d")
        try FileManager.default.removeItem(atPath: broken + "/image.onnx")
        let packs = ModelPacks(folders: [first.path, "/does/not/exist", second.path])
        let names = packs.list().map { entry in
            switch entry {
            case .installed(let pack): pack.id
            case .damaged(let folder, let problem): "\(URL(fileURLWithPath: folder).lastPathComponent) \(problem)"
            }
        }
        #expect(Set(names) == ["b", "c", "d missing(\"image.onnx\")"])
        #expect(try packs.pack("b").folder == winner)
        #expect(throws: ModelPackProblem.missing("image.onnx")) { try packs.pack("d") }
        #expect(throws: ModelPackProblem.notInstalled("e")) { try packs.pack("e") }
    }
}

/// Packs whose files are no models: enough for everything but running them.
enum PackFiles {
    static let contents = [
        "image.onnx": "image", "text.onnx": String(repeating: "text ", count: 1000), "vocab.txt": "[UNK]\n[CLS]\n[SEP]\na",
        "deep/labels.json": "[\"cat\",\"dog\"]",
    ]

    static func make(in folder: TemporaryFolder, _ id: String, _ change: (inout JSONTree) throws -> Void = { _ in }) throws
        -> String
    {
        let path = folder.child(id)
        try FileManager.default.createDirectory(atPath: path + "/deep", withIntermediateDirectories: true)
        for (name, text) in contents { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
        var tree = JSONTree(manifest(id))
        try change(&tree)
        try JSONSerialization.data(withJSONObject: tree.value).write(to: URL(fileURLWithPath: path + "/manifest.json"))
        return path
    }

    static func manifest(_ id: String) -> [String: Any] {
        [
            "id": id, "licence": "CC0-1.0", "dimension": 4, "unknown": ["key": true],
            "image": [
                "file": "image.onnx", "input": "in", "output": "out", "size": 8, "resize": "squash", "channels": "RGB",
                "layout": "NCHW",
                "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "labels": "deep/labels.json",
            ],
            "text": [
                "file": "text.onnx", "tokenizer": "wordpiece", "vocabulary": "vocab.txt", "context": 16, "inputs": ["ids"],
                "output": "out",
            ],
            "score": ["show": 0.25, "good": 0.5],
            "files": contents.mapValues { ["bytes": $0.utf8.count, "sha256": sha256($0)] as [String: Any] },
        ]
    }

    private static func sha256(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// A JSON object that can be changed.
struct JSONTree {
    private(set) var value: [String: Any]

    init(_ value: [String: Any]) { self.value = value }

    /// Sets a key, or after the first dot a key of the object there, to a value written in JSON.
    mutating func set(_ path: String, to json: String) throws {
        let new = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        guard let dot = path.firstIndex(of: ".") else {
            value[path] = new
            return
        }
        let head = String(path[..<dot])
        var child = value[head] as? [String: Any] ?? [:]
        child[String(path[path.index(after: dot)...])] = new
        value[head] = child
    }
}
