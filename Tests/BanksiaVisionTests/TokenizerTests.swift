import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Tokenizers") struct TokenizerTests {
    private struct Golden: Decodable {
        struct Cut: Decodable {
            var text: String
            var ids: [Int64]
        }
        var texts: [Cut]
    }

    private static let goldens = Program.root.appending(path: "Tests/Goldens/tokenizers")

    private func clip(_ change: (String) -> String = { $0 }) throws -> BytePairs {
        let file = try String(contentsOf: Self.goldens.appending(path: "clip-tokenizer.json"), encoding: .utf8)
        return try BytePairs(Data(change(file).utf8), opening: [1006], closing: [1007])
    }

    @Test func `byte pairs are those of the reference`() throws {
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: Self.goldens.appending(path: "clip.json")))
        let words = try clip()
        for cut in golden.texts { #expect(words.ids(of: cut.text, context: 77) == cut.ids, "\(cut.text.debugDescription)") }
        #expect(golden.texts.count > 30)
    }

    @Test(arguments: [2, 3, 10, 77]) func `a long text keeps its end mark`(context: Int) throws {
        let ids = try clip().ids(of: String(repeating: "a dog ", count: 3000), context: context)
        #expect(ids.count == context && ids.first == 1006 && ids.last == 1007)
    }

    @Test func `a file that is no tokenizer of byte pairs is refused`() throws {
        for (old, new) in [
            ("merges", "mergers"), ("\"vocab\":{\"!\":0", "\"vocab\":{\"?!\":0"), ("[[", "[[\"q\\u0001q\",\"x\"],["), ("{", "["),
        ] {
            #expect(throws: VisionProblem.self) { try clip { $0.replacingOccurrences(of: old, with: new) } }
        }
    }

    @Test(arguments: [
        ("A DOG, on the_beach!", "a dog on thebeach"), ("  it's   a\tdog ", "its a dog"),
        ("Ünïcödé — «café»", "ünïcödé — «café»"),
        ("?!", ""),
    ]) func `texts are cleaned as SigLIP wants them`(text: String, clean: String) {
        #expect(ModelPack.Cleaning.canonical.clean(text) == clean)
        #expect(ModelPack.Cleaning.none.clean(text) == text)
    }

    // MARK: SentencePiece

    private static let texts = [
        "", "   \t\r\n ", "a photo of a dog on the beach", "Hello,   World!! it's 2024", "Über den Wolken — naïve café",
        "Café ﬁne ½ Ⅷ",
        "собака и σκύλος", "中文 photo 漢字 日本のカメラ 한국어", "שלום עולם", "كلب على الشاطئ", "🐶🏖️ 🎉 emoji🐶dog", "</s> <s> <unk> <0x41> ▁a",
        "a\u{0}b\u{7}c", "no\u{A0}break\u{2028}line\u{3000}wide", String(repeating: "x", count: 1000),
        String(repeating: "犬", count: 300),
        String(repeating: "a long walk by the sea ", count: 43), "1234567890",
    ]

    @Test(.enabled(if: ReferenceScript.suites != nil, "there is no Python with sentencepiece"))
    func `pieces are those of the reference, from its own files and from exports`() throws {
        let folder = try TemporaryFolder()
        let answer = try ReferenceScript.run(
            try #require(ReferenceScript.suites), "pieces.py", [folder.path], input: JSONEncoder().encode(Self.texts))
        let expected = try JSONDecoder().decode([String: [[Int64]]].self, from: answer)
        for name in ["unigram", "bytes"] {
            let model = try Data(contentsOf: URL(fileURLWithPath: folder.child("\(name).model")))
            try compare(try SentencePieces(model, opening: [], closing: []), try #require(expected[name]), name)
        }
        for name in ["xlmr", "gemma"] {
            let data = try Data(contentsOf: URL(fileURLWithPath: folder.child("\(name).json")))
            let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let file = try TokenizerFile(json, settings: ["pad_token": ["content": "</s>"]])
            let (opening, closing) = (file.manifest["opening"] as? [Int] ?? [], file.manifest["closing"] as? [Int] ?? [])
            #expect(file.manifest["padding"] as? Int == 2)
            let pieces = try SentencePieces(
                try #require(file.made["textual/pieces.model"]), opening: opening.map(Int64.init),
                closing: closing.map(Int64.init))
            try compare(pieces, try #require(expected[name]), name)
        }
    }

    private func compare(_ pieces: SentencePieces, _ expected: [[Int64]], _ name: String) throws {
        for (text, ids) in zip(Self.texts, expected) {
            #expect(pieces.ids(of: text, context: 4096) == ids, "\(name): \(text.prefix(40).debugDescription)")
            let short = pieces.ids(of: text, context: 8)
            #expect(short.count <= 8 && (ids.count <= 8 || name == "unigram" || name == "bytes" || short.last == 2))
        }
    }

    @Test(arguments: ["", "no model", String(repeating: "\u{0}", count: 100), String(repeating: "\u{A}\u{1}a", count: 20)])
    func `a file that is no model of pieces is refused in words`(text: String) {
        let problem = #expect(throws: VisionProblem.self) { try SentencePieces(Data(text.utf8), opening: [], closing: []) }
        #expect(problem?.code == "model_unusable")
    }
}
