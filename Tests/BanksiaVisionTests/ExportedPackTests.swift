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

    // MARK: From a hub

    /// A repository on a hub with an export's files and some that nobody needs. Sends `allowance` bytes, then breaks off.
    private final class Hub {
        struct BrokenOff: Error {}
        let folder: String
        var allowance = Int.max
        private(set) var served = 0

        init(_ folder: String) { self.folder = folder }

        /// With SHA-256 for the models and Git's hash for all else, as such a hub lists them.
        func listing(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> Data {
            var entries: [[String: Any]] = [
                ["type": "directory", "path": "visual", "size": 0, "oid": ""],
                ["type": "file", "path": "README.md", "size": 3, "oid": "nothing"],
            ]
            for path in ExportedPack.needed {
                let bytes = try contents(path)
                let blob = try #require(Checksum.gitBlob(ofFile: "\(folder)/\(path)"))
                var entry: [String: Any] = ["type": "file", "path": path, "size": bytes.count, "oid": blob]
                if path.hasSuffix(".onnx") { entry["lfs"] = ["oid": Checksum.sha256(of: bytes), "size": bytes.count] }
                change(&entry)
                entries.append(entry)
            }
            return try JSONSerialization.data(withJSONObject: entries.shuffled())
        }

        func fetch(_ name: String, _ offset: Int64) throws -> AsyncThrowingStream<[UInt8], any Error> {
            let rest = try contents(name).dropFirst(Int(offset))
            let given = rest.prefix(allowance)
            allowance -= given.count
            served += given.count
            return AsyncThrowingStream {
                $0.yield(Array(given))
                $0.finish(throwing: given.count < rest.count ? BrokenOff() : nil)
            }
        }

        private func contents(_ name: String) throws -> Data {
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    private func install(_ hub: Hub, _ listing: Data) async throws -> ModelPack {
        try await ModelPacks(folders: [target.path]).install(published: "Tiny__random", listing: Array(listing)) {
            try hub.fetch($0, $1)
        }
    }

    @Test func `git's hash of a file is git's`() throws {
        let path = folder.child("hello")
        try Data("hello\n".utf8).write(to: URL(fileURLWithPath: path))
        // What `git hash-object` says of it.
        #expect(Checksum.gitBlob(ofFile: path) == "ce013625030ba8dba906f756967f9e9ca394464a")
    }

    @Test func `a published model is fetched by its name, in as many goes as it takes`() async throws {
        let hub = Hub(try export())
        var goes = 0
        var pack: ModelPack?
        while pack == nil, goes < 100 {
            hub.allowance = 20_000
            goes += 1
            do { pack = try await install(hub, try hub.listing()) } catch is Hub.BrokenOff { continue }
        }
        let installed = try #require(pack)
        #expect(installed.id == "tiny__random" && installed.name == "Tiny__random" && goes > 3)
        #expect(hub.served == (try ExportedPack.needed.map { try #require(FileSize.of("\(hub.folder)/\($0)")) }.reduce(0, +)))
        try installed.verify()
        #expect(try target.names == ["tiny__random"])
    }

    @Test(arguments: ["oid", "lfs"]) func `a published file that is not what the hub lists is refused`(key: String) async throws {
        let hub = Hub(try export())
        let wrong = try hub.listing { entry in
            if key == "oid", entry["lfs"] == nil { entry["oid"] = String(repeating: "0", count: 40) }
            if key == "lfs", entry["lfs"] != nil { entry["lfs"] = ["oid": String(repeating: "0", count: 64)] }
        }
        await #expect(throws: ModelPackProblem.self) { try await install(hub, wrong) }
        #expect(try target.names.allSatisfy { $0.hasPrefix(".") })
        _ = try await install(hub, try hub.listing())
        #expect(try target.names == ["tiny__random"])
    }

    @Test func `a listing that breaks a rule is refused`() async throws {
        let hub = Hub(try export())
        for bad in ["", "{}", "[1]", #"[{"type": "file", "path": "config.json"}]"#, "[]"] {
            await #expect(throws: ModelPackProblem.self, "\(bad)") { try await install(hub, Data(bad.utf8)) }
        }
        for (key, value) in [("size", -1 as Any), ("size", 1 << 40), ("oid", "../../etc"), ("path", "elsewhere")] {
            let listing = try hub.listing { if $0["path"] as? String == "config.json" { $0[key] = value } }
            await #expect(throws: ModelPackProblem.self, "\(key) \(value)") { try await install(hub, listing) }
        }
        #expect(hub.served == 0)
    }
}
