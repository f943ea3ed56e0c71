import Testing

@testable import BanksiaProcesses

@Suite("Frames") struct FrameTests {
    @Test(arguments: [1, 2, 3, 5, 64]) func `frames come out whole however the stream is cut`(cut: Int) throws {
        let payloads: [[UInt8]] = [[], [1], Array(repeating: 7, count: 300), [0, 0, 0, 0]]
        let stream = payloads.flatMap { Frame.encode($0) }
        var reader = FrameReader()
        var seen: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: cut) {
            reader.append(stream[start..<min(start + cut, stream.count)])
            while let payload = try reader.next() { seen.append(payload) }
        }
        #expect(seen == payloads)
        #expect(!reader.isMidFrame)
    }

    @Test func `a frame beyond the limit is refused before its bytes come`() {
        var reader = FrameReader(limit: 10)
        reader.append([0, 0, 0, 11])
        #expect(throws: FrameReader.Oversized.self) { try reader.next() }
    }

    @Test(arguments: [
        Reply.result([]), .result([1, 2]), .refused(code: "a_code", detail: "Words, and a \u{1F426}."),
        .refused(code: "", detail: ""),
    ])
    func `a reply is read as it was written`(reply: Reply) throws {
        var reader = FrameReader()
        reader.append(reply.frame)
        #expect(Reply(payload: try #require(try reader.next())) == reply)
    }

    @Test(arguments: [[], [9], [1, 65]] as [[UInt8]]) func `a reply without a known form is none`(payload: [UInt8]) {
        #expect(Reply(payload: payload) == nil)
    }

    @Test func `lines of standard error are bounded in length and number`() {
        var lines = StandardErrorLines()
        #expect(lines.take(Array("one\ntw".utf8)) == ["one"])
        #expect(lines.take(Array("o\n\n".utf8)) == ["two"])
        let long = lines.take([UInt8](repeating: 97, count: 10_000) + [10])
        #expect(long.map(\.count) == [StandardErrorLines.lineLimit])
        #expect(
            lines.take([UInt8](repeating: 97, count: 0) + Array(repeating: [97, 10], count: 100).joined()).count
                <= StandardErrorLines.linesPerCall)
        lines.reset()
        #expect(lines.take([98, 10]) == ["b"])
    }
}
