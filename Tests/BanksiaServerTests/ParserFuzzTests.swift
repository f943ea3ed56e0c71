import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import Foundation
import NIOCore
import Testing

@testable import BanksiaServer

/// Damaged inputs for the parsers that strangers reach first. None may bring the process down, and what one takes has to mean
/// what it says.
@Suite("Parsers under fire") struct ParserFuzzTests {
    @Test func `a form is the same however it arrives`() throws {
        let form =
            "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--xyz\r\n"
            + "content-disposition: form-data; name=f; filename*=UTF-8''%C3%A9.jpg\r\nContent-Type: image/jpeg\r\n\r\n\r\n--xy\r\n--xyz--\r\n"
        Fuzz.run([Array(form.utf8), Array("--xyz--".utf8)], rounds: 1500) { bytes in
            #expect(events(bytes, pieces: .max) == events(bytes, pieces: 5), "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    /// What the parser tells, bodies joined; the last word is how it ended.
    private func events(_ bytes: [UInt8], pieces: Int) -> [String] {
        var parser = MultipartParser(boundary: "xyz")
        var told: [String] = []
        var body: [UInt8] = []
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                parser.feed(ByteBuffer(bytes: rest.prefix(pieces)))
                rest = rest.dropFirst(pieces)
                while let event = try parser.next() {
                    switch event {
                    case .headers(let headers): told.append("part \(headers.name ?? "-") \(headers.fileName ?? "-")")
                    case .body(let bytes): body += bytes.readableBytesView
                    case .endPart:
                        told.append("\(body)")
                        body = []
                    case .end: told.append("end")
                    }
                }
            }
        } catch {
            // How much of a body was told before the fault depends on how it arrived.
            return ["fault"]
        }
        return told
    }

    @Test func `what is taken for JSON is JSON`() {
        let texts = [
            #"{"a":[null,true,-1.5e2,{"b":"x\u00e9\ud83d\ude00\n"}],"c":""}"#, "[1,2,3]", "\"text\"", " { } ", "-0.1E+3",
            "[[[[[]]]]]",
        ]
        Fuzz.run(texts.map { Array($0.utf8) }) { bytes in
            guard (try? JSONReader.read(bytes)) != nil else { return }
            #expect(throws: Never.self, "\(String(decoding: bytes, as: UTF8.self))") {
                try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            }
        }
    }

    @Test func `a query is read or refused`() {
        Fuzz.run(texts: ["ids=a&ids=b,c&limit=20", "x=%C3%A9+y&flag=true", "time=2024-05-01T12:30:00%2B02:00", "a[]=1&&b"]) {
            text in
            guard let query = try? Query(text[...]) else { return }
            _ = try? query.list("ids")
            _ = try? query.integer("limit", in: 1...200)
            _ = try? query.time("time")
            _ = try? query.flag("flag")
        }
    }

    @Test func `an id is one text, and a text one id`() {
        let ids = IdentifierSource.timeOrdered
        let texts = (0..<8).map { _ in (ids.make() as AssetID).description }
        Fuzz.run(texts: texts + ["asset_", ""]) { text in
            guard let id = AssetID(text) else { return }
            #expect(AssetID(id.description) == id)
        }
    }

    @Test func `a time says again what was read`() {
        let texts = [
            "2024-05-01T12:30:00.123456+05:30", "2024-05-01 12:30Z", "1601-06-06", "0001-01-01T00:00:60-0100",
            "9999-12-31T23:59:59,9",
        ]
        Fuzz.run(texts: texts) { text in
            guard let time = CaptureTime(text) else { return }
            #expect(CaptureTime(time.description) == time, "\(text) is \(time)")
        }
    }
}
