import Foundation

/// A `tokenizer.json` of Hugging Face's tokenizers, and what of it a pack needs: which ids open and close a text, which one
/// fills it up, and a vocabulary that ours read.
struct TokenizerFile {
    /// Keys of the manifest's `text`.
    private(set) var manifest: [String: Any] = [:]
    /// Files that are made out of this one.
    private(set) var made: [String: Data] = [:]

    private let file: [String: Any]
    private let model: [String: Any]
    /// The ids of added tokens, and which of them are special.
    private let added: [String: Int]

    /// More pieces than any published vocabulary has (256,000).
    private static let mostPieces = 1_000_000

    init(_ file: [String: Any], settings: [String: Any]) throws(ModelPackProblem) {
        guard let model = file["model"] as? [String: Any] else { throw .manifest("tokenizer.json has no model") }
        self.file = file
        self.model = model
        added = Dictionary(
            (file["added_tokens"] as? [[String: Any]] ?? []).compactMap { token in
                guard let content = token["content"] as? String, let id = token["id"] as? Int else { return nil }
                return (content, id)
            }, uniquingKeysWith: { first, _ in first })
        try describe()
        let ends = Self.ends(file["post_processor"] as? [String: Any] ?? [:])
        if manifest["tokenizer"] as? String != "wordpiece" { (manifest["opening"], manifest["closing"]) = ends }
        let filler = settings["pad_token"] as? String ?? (settings["pad_token"] as? [String: Any])?["content"] as? String
        if let filler, let id = added[filler] ?? (model["vocab"] as? [String: Int])?[filler] { manifest["padding"] = id }
    }

    private mutating func describe() throws(ModelPackProblem) {
        switch model["type"] as? String {
        case "BPE" where model["end_of_word_suffix"] as? String == "</w>":
            (manifest["tokenizer"], manifest["vocabulary"]) = ("clip", "textual/tokenizer.json")
        case "BPE" where model["byte_fallback"] as? Bool == true: try make(pieces: try mergedPieces(), kind: .merges)
        case "Unigram": try make(pieces: try scoredPieces(), kind: .unigram)
        case "WordPiece": try makeWords()
        case let type: throw .unsupported("a tokenizer of the kind \(type ?? "nothing")")
        }
    }

    private mutating func makeWords() throws(ModelPackProblem) {
        guard let vocabulary = model["vocab"] as? [String: Int] else { throw .manifest("tokenizer.json has no vocabulary") }
        made["textual/vocab.txt"] = Data(try Self.ordered(vocabulary).joined(separator: "\n").utf8)
        manifest["tokenizer"] = "wordpiece"
        manifest["vocabulary"] = "textual/vocab.txt"
        manifest["lowercase"] = (file["normalizer"] as? [String: Any])?["lowercase"] as? Bool ?? false
    }

    /// The keys in the order of their ids, which must be 0, 1, 2 …
    private static func ordered(_ vocabulary: [String: Int]) throws(ModelPackProblem) -> [String] {
        let entries = vocabulary.sorted { $0.value < $1.value }
        guard entries.count <= mostPieces, entries.enumerated().allSatisfy({ $0.offset == $0.element.value }) else {
            throw .manifest("the ids of tokenizer.json have gaps")
        }
        return entries.map(\.key)
    }

    // MARK: SentencePiece

    private mutating func make(pieces: [SentencePieceFile.Piece], kind: SentencePieceFile.Kind) throws(ModelPackProblem) {
        let rules = Rules(file)
        let unknown = model["unk_id"] as? Int ?? pieces.firstIndex { $0.text == (model["unk_token"] as? String ?? "<unk>") }
        guard let unknown, pieces.indices.contains(unknown) else { throw .manifest("tokenizer.json has no unknown piece") }
        var pieces = pieces
        for (_, id) in added where pieces.indices.contains(id) { pieces[id].role = .control }
        pieces[unknown].role = .unknown
        made["textual/pieces.model"] =
            SentencePieceFile(
                pieces: pieces, kind: kind, characters: rules.characters, beginsWithSpace: rules.beginsWithSpace,
                singleSpaces: rules.singleSpaces
            ).bytes
        (manifest["tokenizer"], manifest["vocabulary"]) = ("sentencepiece", "textual/pieces.model")
    }

    /// Pieces with their scores, as unigram models have them.
    private func scoredPieces() throws(ModelPackProblem) -> [SentencePieceFile.Piece] {
        guard let entries = model["vocab"] as? [[Any]], entries.count <= Self.mostPieces else {
            throw .manifest("tokenizer.json has no vocabulary")
        }
        let pieces = entries.compactMap { entry -> SentencePieceFile.Piece? in
            guard entry.count == 2, let text = entry[0] as? String, let score = entry[1] as? Double else { return nil }
            return .init(text: text, score: Float(score))
        }
        guard pieces.count == entries.count else { throw .manifest("a piece of tokenizer.json has no score") }
        return pieces
    }

    /// Pieces that are merged of others score by how early they are: so the library merges in the file's order.
    private func mergedPieces() throws(ModelPackProblem) -> [SentencePieceFile.Piece] {
        guard let vocabulary = model["vocab"] as? [String: Int], let merges = model["merges"] as? [Any] else {
            throw .manifest("tokenizer.json has no vocabulary and merges")
        }
        var scores: [String: Int] = [:]
        for (rank, merge) in merges.enumerated() {
            let whole = (merge as? [String])?.joined() ?? (merge as? String)?.split(separator: " ").joined() ?? ""
            if scores[whole] == nil { scores[whole] = -rank }
        }
        return try Self.ordered(vocabulary).map { text in
            let isByte = text.utf8.count == 6 && text.hasPrefix("<0x") && text.hasSuffix(">")
            return .init(text: text, score: Float(scores[text] ?? -merges.count), role: isByte ? .byte : .normal)
        }
    }

    /// What is done to texts, gathered from wherever the file says it.
    private struct Rules {
        var characters = Data()
        var beginsWithSpace = false
        var singleSpaces = false

        init(_ file: [String: Any]) {
            for key in ["normalizer", "pre_tokenizer"] { look(at: file[key]) }
        }

        private mutating func look(at value: Any?) {
            if let parts = value as? [Any] { for part in parts { look(at: part) } }
            guard let part = value as? [String: Any] else { return }
            switch part["type"] as? String {
            case "Precompiled":
                characters = (part["precompiled_charsmap"] as? String).flatMap { Data(base64Encoded: $0) } ?? Data()
            case "Metaspace":
                let scheme = part["prepend_scheme"] as? String
                beginsWithSpace = scheme.map { $0 != "never" } ?? (part["add_prefix_space"] as? Bool ?? true)
            case "Prepend": beginsWithSpace = true
            case "WhitespaceSplit": singleSpaces = true
            case "Replace": if (part["pattern"] as? [String: Any])?["Regex"] as? String == " {2,}" { singleSpaces = true }
            default: break
            }
            look(at: part["normalizers"] ?? part["pretokenizers"])
        }
    }

    // MARK: Ends

    /// The ids before and behind those of a single text.
    private static func ends(_ processor: [String: Any]) -> (opening: [Int], closing: [Int]) {
        switch processor["type"] as? String {
        case "RobertaProcessing", "BertProcessing":
            func id(_ key: String) -> [Int] { ((processor[key] as? [Any])?.last as? Int).map { [$0] } ?? [] }
            return (id("cls"), id("sep"))
        case "TemplateProcessing":
            let tokens = processor["special_tokens"] as? [String: [String: Any]] ?? [:]
            var ends: (opening: [Int], closing: [Int]) = ([], [])
            var isBehind = false
            for part in processor["single"] as? [[String: Any]] ?? [] {
                guard let name = (part["SpecialToken"] as? [String: Any])?["id"] as? String else {
                    isBehind = true
                    continue
                }
                let ids = tokens[name]?["ids"] as? [Int] ?? []
                if isBehind { ends.closing += ids } else { ends.opening += ids }
            }
            return ends
        case "Sequence":
            let all = (processor["processors"] as? [[String: Any]] ?? []).map(Self.ends)
            return all.first { !$0.opening.isEmpty || !$0.closing.isEmpty } ?? ([], [])
        default: return ([], [])
        }
    }
}
