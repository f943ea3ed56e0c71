import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Multipart parser") struct MultipartParserTests {
    /// A form as its reader sees it, wherever it was cut.
    private struct Form: Equatable {
        var parts: [Part] = []
        var isComplete = false
        struct Part: Equatable {
            var name: String?
            var fileName: String?
            var body = ""
        }
    }

    /// Feeds a text in pieces of the given lengths, the last of them repeated.
    private func read(_ text: String, boundary: String = "xyz", cuts: [Int] = [.max]) throws -> Form {
        var parser = MultipartParser(boundary: boundary)
        var form = Form()
        var rest = Array(text.utf8)[...]
        var cuts = cuts[...]
        var length = Int.max
        while !rest.isEmpty {
            length = cuts.popFirst() ?? length
            parser.feed(ByteBuffer(bytes: rest.prefix(length)))
            rest = rest.dropFirst(length)
            while let event = try parser.next() {
                switch event {
                case .headers(let headers): form.parts.append(.init(name: headers.name, fileName: headers.fileName))
                case .body(let bytes): form.parts[form.parts.count - 1].body += String(buffer: bytes)
                case .endPart: break
                case .end: form.isComplete = true
                }
            }
        }
        return form
    }

    private static let sample = [
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n",
        "--xyz  \r\ncontent-disposition:form-data;name=file; filename=\"b.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
        // A body that looks like a delimiter again and again.
        "\r\n--xy\r\r\n--x-\r\n",
        "--xyz\r\nContent-Disposition: form-data; name=\"e\"\r\n\r\n\r\n", "--xyz--\r\nepilogue",
    ].joined()

    @Test func `a form has its parts and their bodies`() throws {
        let form = try read(Self.sample)
        #expect(form.isComplete)
        #expect(form.parts.map(\.name) == ["a", "file", "e"])
        #expect(form.parts.map(\.fileName) == [nil, "b.jpg", nil])
        #expect(form.parts.map(\.body) == ["one", "\r\n--xy\r\r\n--x-", ""])
    }

    @Test func `any cut into two yields the same form`() throws {
        let whole = try read(Self.sample)
        for cut in 1..<Self.sample.utf8.count { #expect(try read(Self.sample, cuts: [cut, .max]) == whole, "cut at \(cut)") }
    }

    @Test(arguments: 1...17) func `any even cut yields the same form`(length: Int) throws {
        #expect(try read(Self.sample, cuts: [length]) == read(Self.sample))
    }

    @Test func `a part without a body may share its line end with the delimiter`() throws {
        let form = try read("--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--xyz--")
        #expect(form == Form(parts: [.init(name: "a", fileName: nil, body: "")], isComplete: true))
    }

    @Test func `text before the first delimiter is skipped`() throws {
        #expect(try read("hello\r\n--xyz--\r\n") == Form(parts: [], isComplete: true))
    }

    @Test(arguments: [
        "--xyz\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--xyz--",
        "--xyz\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xyz--",
        "--xyz\r\nno colon\r\n\r\n1\r\n--xyz--", "--xyzzy\r\n\r\n1", String(repeating: "x", count: 20_000),
        "--xyz\r\nA: " + String(repeating: "x", count: 20_000), "--xyz\r\n" + String(repeating: "A: b\r\n", count: 4000),
    ])
    func `what breaks the rules is refused`(text: String) {
        #expect(throws: RequestProblem.self) { try read(text) }
        #expect(throws: RequestProblem.self) { try read(text, cuts: [7]) }
    }

    @Test func `a form that stops is not complete`() throws {
        #expect(try !read("--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n").isComplete)
        #expect(try !read("--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xyz-").isComplete)
    }

    @Test(arguments: UInt64(0)..<300) func `noise never brings it down, nor does its cut matter`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        // Letters that make boundaries and line ends likely.
        let letters = Array("\r\n--xyz: ;=\"a".utf8)
        let text = String(
            decoding: (0..<Int.random(in: 1...400, using: &random)).map { _ in letters.randomElement(using: &random)! },
            as: UTF8.self)
        let body = "--xyz\r\n" + text + "\r\n--xyz--"
        let whole = try? read(body)
        let cut = try? read(body, cuts: (0..<50).map { _ in Int.random(in: 1...9, using: &random) })
        #expect(whole == cut)
    }
}

/// A small generator with a seed, so that a failing case can be run again alone (Steele, Lea, Flood: "Fast splittable
/// pseudorandom number generators", 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
