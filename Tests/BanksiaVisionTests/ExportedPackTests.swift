import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaVision

/// Models as they are published for Immich: real structure, random weights, made at test time (Tests/Reference/clip_export.py).
@Suite("Exported packs", .enabled(if: Installed.runtime != nil && Installed.python != nil, "the runtime or Python is not set up"))
struct ExportedPackTests {
    let folder = try! TemporaryFolder()
    let target = try! TemporaryFolder()

    private struct Request: Encodable {
        var ids: [[Int64]]
        var pictures: [String]
    }
    private struct Answer: Decodable {
        var texts: [[Float]]
        var pictures: [[Float]]
    }

    private func export(_ form: String = "plain", name: String = "Tiny CLIP__random") throws -> String {
        let path = folder.child(name)
        _ = try ReferenceScript.run(Installed.python!, "clip_export.py", ["make", path, "7", form])
        return path
    }

    private func install(_ path: String) throws -> ModelPack { try ModelPacks(folders: [target.path]).install(fromExport: path) }

    private func change(_ file: String, _ key: String, to json: String) throws {
        let url = URL(fileURLWithPath: file)
        var tree = JSONTree(try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]))
        try tree.set(key, to: json)
        try JSONSerialization.data(withJSONObject: tree.value).write(to: url)
    }

    @Test func `what an export says of itself stands in the manifest`() throws {
        let path = try export()
        #expect(ModelPacks.isExport(path))
        let pack = try install(path)
        #expect(pack.id == "tiny-clip__random" && pack.dimension == 16)
        #expect(pack.image.size == 32 && pack.image.resize == .shortest && pack.image.mean[0] == 0.48145466)
        #expect(pack.text.tokenizer == .clip && pack.text.context == 24 && pack.text.cleaning == .none)
        #expect(pack.text.opening == [1006] && pack.text.closing == [1007] && pack.text.padding == 1007)
        try pack.verify()
        #expect(!ModelPacks.isExport(pack.folder))
        let again = try ModelPacks(folders: [target.path]).install(
            fromExport: path, id: "mine", score: .init(show: 0.1, good: 0.2))
        #expect(again.id == "mine" && again.scoreRange == .init(show: 0.1, good: 0.2))
    }

    @Test(arguments: ["plain", "bytes", "masked"]) func `vectors are those of the formulas`(form: String) throws {
        let path = try export(form)
        let pack = try install(path)
        let texts = ["", "a photo of a dog on the beach", "犬が浜辺を走っている 🐶", String(repeating: "two dogs ", count: 50)]
        let words = try pack.tokenizer()
        let pictures = try (0..<2).map { seed in
            let file = folder.child("\(seed).rgb")
            try Data(TestPixels.picture(seed, size: 32)).write(to: URL(fileURLWithPath: file))
            return file
        }
        let request = try JSONEncoder().encode(Request(ids: texts.map { words.ids(of: $0, context: 24) }, pictures: pictures))
        let expected = try JSONDecoder().decode(
            Answer.self, from: try ReferenceScript.run(Installed.python!, "clip_export.py", ["vectors", path], input: request))
        let worker = VisionWorker(arguments: VisionArguments(runtime: Installed.runtime, pack: pack.folder))
        for (text, vector) in zip(texts, expected.texts) {
            let found = try #require(VisionMessage.vector(try worker.answer(VisionMessage.Request.text(text).bytes)))
            #expect(zip(found, vector).allSatisfy { abs($0 - $1) < 1e-3 } && found.count == vector.count, "\(form): \(text)")
        }
        for (file, vector) in zip(pictures, expected.pictures) {
            let pixels = try Data(contentsOf: URL(fileURLWithPath: file))
            let answer = try worker.answer(VisionMessage.Request.image(Array(pixels)[...]).bytes)
            let found = try #require(VisionMessage.embedding(answer)).embedding
            #expect(zip(found, vector).allSatisfy { abs($0 - $1) < 1e-3 } && found.count == vector.count, "\(form)")
        }
    }

    @Test func `an export that breaks a rule is refused`() throws {
        let path = try export()
        for (file, key, json, repaired) in [
            ("config.json", "embed_dim", "\"16\"", "16"), ("config.json", "embed_dim", "0", "16"),
            ("config.json", "text_cfg.context_length", "1", "24"), ("visual/preprocess_cfg.json", "size", "[32, 64]", "32"),
            ("visual/preprocess_cfg.json", "size", "100000", "32"),
            ("visual/preprocess_cfg.json", "resize_mode", "\"longest\"", "\"squash\""),
            ("visual/preprocess_cfg.json", "std", "[0, 0, 0]", "[1, 1, 1]"),
            ("textual/tokenizer.json", "model.type", "\"WordLevel\"", "\"BPE\""),
        ] {
            try change("\(path)/\(file)", key, to: json)
            #expect(throws: ModelPackProblem.self, "\(file) \(key)") { try install(path) }
            try change("\(path)/\(file)", key, to: repaired)
        }
        #expect(try install(path).image.resize == .squash)
        try Data("[]".utf8).write(to: URL(fileURLWithPath: path + "/config.json"))
        #expect(throws: ModelPackProblem.manifest("config.json is no JSON object")) { try install(path) }
        try FileManager.default.removeItem(atPath: path + "/textual/tokenizer_config.json")
        #expect(throws: ModelPackProblem.self) { try install(path) }
    }
}
