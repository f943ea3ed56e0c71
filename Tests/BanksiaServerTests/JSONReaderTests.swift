import Testing

@testable import BanksiaServer

@Suite("JSON reader") struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    @Test func `every kind of value is read`() throws {
        #expect(
            try read(#" { "a" : [ null, true, false, -1.5e2, 0 ] , "b" : "x\u00e9\ud83d\ude00\n\/" , "c" : {} , "d" : [] } "#)
                == .object([
                    "a": .array([.null, .bool(true), .bool(false), .number(-150, "-1.5e2"), .number(0, "0")]),
                    "b": .string("xé😀\n/"),
                    "c": .object([:]), "d": .array([]),
                ]))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "01", "1.", ".5", "+1", "1e", "1E+333", "tru", "nul", "'a'", "{a:1}", "[1] 2",
        "\"\u{1}\"", #""\x""#, #""\u12""#,
        #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, #""\u0000""#, #"{"a":1,"a":2}"#, String(repeating: "[", count: 100_000),
        "NaN", "\u{FEFF}{}",
    ])
    func `what is not JSON, or what nobody means, is refused`(text: String) {
        #expect(throws: RequestProblem.self) { try read(text) }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: RequestProblem.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
    }

    @Test func `a body tells absent, null and value apart`() throws {
        let body = try JSONBody(Array(#"{"null":null,"text":"x","list":["a","b","a"],"other":5}"#.utf8))
        guard case .absent = try body.text("missing"), case .null = try body.text("null"),
            case .value("x") = try body.text("text")
        else {
            Issue.record("the three are not told apart")
            return
        }
        #expect(try body.texts("list").orNil == ["a", "b", "a"])
        #expect(throws: RequestProblem.self) { try body.text("other") }
        #expect(throws: RequestProblem.self) { try body.texts("other") }
        #expect(throws: RequestProblem.self) { try body.requiredText("null") }
    }

    @Test func `an empty body has no fields`() throws {
        guard case .absent = try JSONBody([]).text("name") else {
            Issue.record("a field came from nowhere")
            return
        }
    }
}
