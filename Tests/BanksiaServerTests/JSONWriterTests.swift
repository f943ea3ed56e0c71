import BanksiaAPI
import BanksiaCore
import Foundation
import NIOCore
import Testing

@Suite("JSON writer") struct JSONWriterTests {
    private func text(_ value: some JSONWritable) -> String { String(buffer: JSONWriter.bytes(of: value)) }

    @Test(arguments: [
        ("a/b", #""a/b""#), ("\"\\", #""\"\\""#), ("\n\r\t\u{8}\u{1f}\u{0}", #""\n\r\t\u0008\u001f\u0000""#),
        ("Grüße 😀\u{7f}", "\"Grüße 😀\u{7f}\""), ("", "\"\""),
    ])
    func `strings are escaped where they must be and nowhere else`(string: String, written: String) throws {
        #expect(text(string) == written)
        #expect(try JSONDecoder().decode([String].self, from: Data("[\(written)]".utf8)) == [string])
    }

    @Test(arguments: [
        (0.1, "0.1"), (1.0, "1.0"), (-0.5, "-0.5"), (1e-7, "1e-07"), (1e300, "1e+300"), (.infinity, "null"), (-.nan, "null"),
    ])
    func `numbers are short and finite`(number: Double, written: String) {
        #expect(text(number) == written)
    }

    @Test func `commas stand between, never before or after`() {
        struct Nested: JSONWritable {
            func write(to writer: inout JSONWriter) {
                writer.object {
                    $0.field("a", 1)
                    $0.key("b")
                    $0.array([1, 2]) { writer, number in writer.object { $0.field("n", number) } }
                    $0.key(dynamic: "c\"")
                    $0.object { _ in }
                    $0.field("d", [String]())
                    $0.field("e", String?.none)
                    $0.field("f", true)
                }
            }
        }
        #expect(text([Nested(), Nested()]).hasPrefix(#"[{"a":1,"b":[{"n":1},{"n":2}],"c\"":{},"d":[],"e":null,"f":true},{"#))
    }

    @Test func `times keep their offset, and only theirs`() throws {
        #expect(text(Instant(microseconds: 1)) == #""1970-01-01T00:00:00.000001Z""#)
        #expect(text(try #require(CaptureTime("2024-05-01 12:00"))) == #""2024-05-01T12:00:00""#)
    }
}
