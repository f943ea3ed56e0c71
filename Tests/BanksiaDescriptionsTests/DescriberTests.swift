import Foundation
import Testing

@testable import BanksiaDescriptions

@Suite("Pace") struct PaceTests {
    /// Instants at which requests go out that all come at the beginning.
    private func departures(_ count: Int, _ pace: inout Pace) -> [Duration] {
        var now = Duration.zero
        return (0..<count).map { _ in
            while let wait = pace.turn(at: now) { now += wait }
            return now
        }
    }

    @Test func `requests are spread over the minute`() {
        var pace = Pace(perMinute: 30)
        #expect(departures(4, &pace) == [.zero, .seconds(2), .seconds(4), .seconds(6)])
    }

    @Test func `nobody goes while the server wants a pause`() {
        var pace = Pace(perMinute: 60)
        #expect(pace.turn(at: .seconds(10)) == nil)
        pace.rest(for: .seconds(20), at: .seconds(10))
        #expect(pace.turn(at: .seconds(11)) == .seconds(19))
        #expect(pace.turn(at: .seconds(30)) == nil)
        #expect(pace.turn(at: .seconds(30)) == .seconds(1))
    }

    @Test func `a pause has bounds, and a shorter one takes nothing back`() {
        var pace = Pace(perMinute: 60)
        pace.rest(for: .seconds(86_400), at: .zero)
        #expect(pace.turn(at: .zero) == Pace.longest)
        pace.rest(for: nil, at: .zero)
        pace.rest(for: .seconds(-5), at: .zero)
        #expect(pace.turn(at: .zero) == Pace.longest)
        var other = Pace(perMinute: 60)
        other.rest(for: nil, at: .zero)
        #expect(other.turn(at: .zero) == Pace.shortest)
    }

    @Test func `a server says in seconds or by a date how long it wants to be left alone`() {
        let now = Date(timeIntervalSince1970: 784_111_777)  // Sun, 06 Nov 1994 08:49:37 GMT
        #expect(RetryAfter.read("120", now: now) == .seconds(120))
        #expect(RetryAfter.read(" 7 ", now: now) == .seconds(7))
        #expect(RetryAfter.read("Sun, 06 Nov 1994 08:50:07 GMT", now: now) == .seconds(30))
        #expect(RetryAfter.read("Sun, 06 Nov 1994 08:00:00 GMT", now: now) == .zero)
        #expect(RetryAfter.read("soon", now: now) == nil)
        #expect(RetryAfter.read(nil, now: now) == nil)
    }
}

@Suite("Words of a model") struct ModelWordsTests {
    @Test func `they become one paragraph of a bounded length`() {
        #expect(Words.tidied("  A dog.\n\n\tIt\u{0} runs.\u{7} ") == "A dog. It runs.")
        #expect(Words.tidied("\n ") == "")
        let long = Words.tidied(String(repeating: "word ", count: 5000))
        #expect(long.count <= Words.longest && long.hasSuffix(" word"))
        #expect(Words.tidied(String(repeating: "x", count: 5000)) == "")
    }

    @Test(
        arguments: [
            (#"{"choices":[{"message":{"role":"assistant","content":"A dog."}}]}"#, "A dog."),
            (#"{"choices":[{"message":{"content":null,"refusal":"no"}}]}"#, ""),
            (#"{"choices":[]}"#, nil), (#"{"error":"x"}"#, nil), ("<html>", nil), ("", nil),
        ])
    func `they are the first choice's`(body: String, words: String?) {
        #expect(ChatAnswer.words(in: Data(body.utf8)) == words)
    }

    @Test func `a question holds the picture, the text and nothing else`() throws {
        let settings = DescriberSettings(
            url: "http://localhost:1/v1/", key: "k", model: "m", prompt: "What?", language: "German", perMinute: 1, width: 1,
            timeout: .seconds(1))
        #expect(settings.endpoint == "http://localhost:1/v1/chat/completions")
        let body = try ChatRequest(settings, jpeg: Data([1, 2, 3])).encoded()
        let object = try #require(try JSONSerialization.jsonObject(with: body) as? NSDictionary)
        let expected: NSDictionary = [
            "model": "m", "max_tokens": 400, "temperature": 0.2, "stream": false,
            "messages": [
                [
                    "role": "user",
                    "content": [
                        ["type": "text", "text": "What? Answer in German."],
                        ["type": "image_url", "image_url": ["url": "data:image/jpeg;base64,AQID"]],
                    ],
                ]
            ],
        ]
        #expect(object == expected)
    }
}
