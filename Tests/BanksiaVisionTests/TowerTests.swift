import BanksiaCore
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Towers", .enabled(if: Installed.canRun, "the model pack or the runtime is not set up")) struct TowerTests {
    private func worker() -> VisionWorker {
        VisionWorker(arguments: VisionArguments(runtime: Installed.runtime, pack: Installed.pack?.folder))
    }

    private func vector(_ text: String, _ worker: VisionWorker) throws -> [Float] {
        try #require(VisionMessage.vector(try worker.answer(VisionMessage.Request.text(text).bytes)))
    }

    private static func cosine(_ left: [Float], _ right: [Float]) -> Double {
        func dot(_ left: [Float], _ right: [Float]) -> Double { zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
    }

    static let texts = [
        "a dog on the beach", "Hello,   World!! it's 2024", "Über den Wölken — naïve café", "中文 photo 漢字 日本のカメラ", "🐶🎉 emoji",
        "snow\u{200B}board\u{0}ing", "supercalifragilisticexpialidocious antidisestablishmentarianism",
        String(repeating: "x", count: 101), "",
        String(repeating: "a long walk by the sea ", count: 50), "[CLS] [MASK] ## ##s", "مرحبا שלום привет ελληνικά",
        "don't rock'n'roll @home #tag 50%",
        "İstanbul ﬁne Straße", "한국어 사진",
    ]

    @Test(.enabled(if: Installed.canCompare, "there is no Python with onnxruntime"))
    func `vectors agree with the reference in Python`() throws {
        let folder = try TemporaryFolder()
        let pack = try #require(Installed.pack)
        let pictures = try (0..<3).map { seed in
            let path = folder.child("\(seed).rgb")
            try Data(TestPixels.picture(seed, size: pack.image.size)).write(to: URL(fileURLWithPath: path))
            return path
        }
        let reference = try Reference.run(pack, texts: Self.texts, pictures: pictures, in: folder)
        let vocabulary = try #require(FileManager.default.contents(atPath: pack.path(of: pack.text.vocabulary)))
        let words = try #require(WordPiece(vocabulary: Array(vocabulary), lowercase: pack.text.lowercase))
        let worker = worker()
        for (index, text) in Self.texts.enumerated() {
            #expect(words.ids(of: text, context: pack.text.context) == reference.ids[index], "\(text)")
            #expect(Self.cosine(try vector(text, worker), reference.texts[index]) >= 0.999, "\(text)")
        }
        for (index, path) in pictures.enumerated() {
            let pixels = try Data(contentsOf: URL(fileURLWithPath: path))
            let answer = try worker.answer(VisionMessage.Request.image(Array(pixels)[...]).bytes)
            let embedding = try #require(VisionMessage.embedding(answer))
            let expected = reference.pictures[index]
            #expect(Self.cosine(embedding.embedding, expected.vector) >= 0.999)
            #expect(Self.cosine(embedding.features, expected.features) >= 0.999)
            for tag in embedding.tags { #expect(abs(tag.score - expected.tags[tag.label]) < 0.001) }
            #expect(embedding.tags.count == expected.tags.count { $0 >= 0.1 })
        }
    }

    @Test func `a text lies nearer to one that means the same`() throws {
        let worker = worker()
        let dog = try vector("a dog runs on the beach", worker)
        let same = Self.cosine(dog, try vector("a puppy running at the seaside", worker))
        let other = Self.cosine(dog, try vector("quarterly tax report", worker))
        #expect(same > other + 0.2)
        #expect(abs(dog.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }

    @Test func `pixels of another size are refused`() throws {
        #expect(throws: VisionProblem.pixels(expected: 3 * 520 * 520, given: 3)) {
            try worker().answer(VisionMessage.Request.image([1, 2, 3]).bytes)
        }
    }

    @Test func `a wrong name in a manifest brings the runtime's words and no crash`() throws {
        let folder = try TemporaryFolder()
        let pack = try #require(Installed.pack)
        let manifest = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: pack.path(of: "manifest.json"))))
                as? [String: Any])
        for name in pack.files.keys {
            try FileManager.default.createSymbolicLink(atPath: folder.child(name), withDestinationPath: pack.path(of: name))
        }
        var tree = JSONTree(manifest)
        try tree.set("text.output", to: "\"no_such_output\"")
        try JSONSerialization.data(withJSONObject: tree.value).write(to: URL(fileURLWithPath: folder.child("manifest.json")))
        let worker = VisionWorker(arguments: VisionArguments(runtime: Installed.runtime, pack: folder.path))
        let problem = #expect(throws: VisionProblem.self) { try worker.answer(VisionMessage.Request.text("a").bytes) }
        #expect(problem?.detail.contains("no_such_output") == true)
    }

    @Test func `a file that is no model brings a problem and no crash`() throws {
        let folder = try TemporaryFolder()
        let path = try PackFiles.make(in: folder, "tiny")
        let worker = VisionWorker(arguments: VisionArguments(runtime: Installed.runtime, pack: path))
        #expect(throws: VisionProblem.self) { try worker.answer(VisionMessage.Request.text("a").bytes) }
        #expect(throws: VisionProblem.self) { try worker.answer(VisionMessage.Request.image([]).bytes) }
        #expect(try String(decoding: worker.answer(VisionMessage.Request.version.bytes), as: UTF8.self).contains("."))
    }
}

@Suite("Runtime") struct RuntimeTests {
    @Test func `a library that is missing or no runtime is a problem in words`() throws {
        let folder = try TemporaryFolder()
        let fake = folder.child("libfake.so")
        try Data("no library".utf8).write(to: URL(fileURLWithPath: fake))
        for library in ["/nowhere/libonnxruntime.so", fake, "libm.so.6"] {
            let worker = VisionWorker(arguments: VisionArguments(runtime: library, pack: nil))
            let problem = #expect(throws: VisionProblem.self) { try worker.answer(VisionMessage.Request.version.bytes) }
            #expect(problem?.code == "runtime_unusable")
        }
    }

    @Test func `a worker without runtime or pack, and an unknown request, say so`() {
        let worker = VisionWorker(arguments: VisionArguments(runtime: nil, pack: nil))
        for request in [[], [77], VisionMessage.Request.version.bytes, VisionMessage.Request.text("a").bytes] {
            #expect(throws: VisionProblem.self) { try worker.answer(request) }
        }
    }
}

/// Pictures that are cheap to make and not plain: colour ramps with discs.
enum TestPixels {
    static func picture(_ seed: Int, size: Int) -> [UInt8] {
        var random = Seeded(seed)
        let discs = (0..<6).map { _ in (0..<6).map { _ in Int(random.next() % UInt64(size)) } }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * size * size)
        for y in 0..<size {
            for x in 0..<size {
                let disc = discs.first { ($0[0] - x) * ($0[0] - x) + ($0[1] - y) * ($0[1] - y) < $0[2] * $0[2] / 9 }
                for channel in 0..<3 {
                    pixels.append(
                        UInt8(truncatingIfNeeded: disc.map { $0[3 + channel] } ?? (x * (channel + 1) + y) * 255 / (4 * size)))
                }
            }
        }
        return pixels
    }
}

/// What Python's onnxruntime makes of the same inputs.
struct Reference: Decodable {
    struct Picture: Decodable {
        var vector: [Float]
        var features: [Float]
        var tags: [Float]
    }
    var ids: [[Int64]]
    var texts: [[Float]]
    var pictures: [Picture]

    private struct Request: Encodable {
        var texts: [String]
        var pictures: [String]
    }

    static func run(_ pack: ModelPack, texts: [String], pictures: [String], in folder: TemporaryFolder) throws -> Reference {
        let request = folder.child("request.json")
        let answer = folder.child("answer.json")
        try JSONEncoder().encode(Request(texts: texts, pictures: pictures)).write(to: URL(fileURLWithPath: request))
        _ = FileManager.default.createFile(atPath: answer, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Installed.python!)
        let script = Program.root.appending(path: "Tests/Reference/towers.py").path
        process.arguments = [script, pack.folder]
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: request))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: answer))
        try process.run()
        process.waitUntilExit()
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: URL(fileURLWithPath: answer)))
    }
}
