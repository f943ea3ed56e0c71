import BanksiaCore
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Header rules") struct HeaderRulesTests {
    private func request(_ headers: HTTPFields) -> Request {
        Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "photos.lan:8080", path: "/", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
    }

    @Test(arguments: [
        (nil, ByteRange.whole), ("bytes=0-9", .part(0..<10)), ("bytes=5-", .part(5..<100)), ("bytes=-5", .part(95..<100)),
        ("bytes=-500", .part(0..<100)), ("bytes=99-1000", .part(99..<100)), ("bytes=100-", .unsatisfiable),
        ("bytes=-0", .unsatisfiable),
        ("bytes=9-5", .whole), ("bytes=0-1,5-6", .whole), ("lines=0-1", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole),
        ("bytes=99999999999999999999-", .unsatisfiable), ("Bytes = 0-0", .whole),
        ("bytes=0-99999999999999999999", .part(0..<100)),
    ])
    func `a range is read by RFC 9110`(header: String?, range: ByteRange) {
        #expect(ByteRange(header, size: 100) == range)
    }

    @Test func `an empty file satisfies no range`() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-1", size: 0) == .unsatisfiable)
    }

    @Test func `a request id is the client's if it is well formed`() {
        #expect(RequestID.of([.requestID: "abc-123"]) == "abc-123")
        for bad in [String(repeating: "a", count: 129), "a b", "ü"] { #expect(RequestID.of([.requestID: bad]).hasPrefix("req_")) }
        #expect(RequestID.of([:]).count == 26)
    }

    @Test(arguments: [
        ("application/json", 200), ("text/html, application/json;q=0.5", 200), ("*/*", 204), ("application/*", 204), (nil, 204),
    ])
    func `an acknowledgement is as long as the client wants it`(accept: String?, status: Int) {
        #expect(Acknowledgement.of(request(accept.map { [.accept: $0] } ?? [:])).status.code == status)
    }

    @Test func `the public origin comes from the setting, the proxy or the host`() {
        let proxied: HTTPFields = [.forwardedProto: "https", .forwardedHost: "photos.example.org, inner"]
        #expect(PublicOrigin.of(request(proxied), setting: "https://a.example/") == "https://a.example")
        #expect(PublicOrigin.of(request(proxied), setting: nil) == "https://photos.example.org")
        #expect(PublicOrigin.of(request([:]), setting: nil) == "http://photos.lan:8080")
        #expect(PublicOrigin.of(request([.forwardedHost: "evil\"/path"]), setting: nil) == "http://photos.lan:8080")
    }

    @Test(arguments: [
        (["X-Client-Generation": "seed"], ClientGeneration.seed, false, true, true),
        (["X-Client-Generation": "latest"], .latest, true, false, false),
        (
            ["X-Stainless-Lang": "python", "X-Stainless-Package-Version": "0.154.0"], .python(major: 0, minor: 154), false, true,
            true
        ),
        (
            ["X-Stainless-Lang": "python", "X-Stainless-Package-Version": "0.171.0"], .python(major: 0, minor: 171), true, true,
            false
        ),
        (
            ["X-Stainless-Lang": "python", "X-Stainless-Package-Version": "0.178.0"], .python(major: 0, minor: 178), true, false,
            false
        ),
        (["X-Stainless-Lang": "go", "X-Stainless-Package-Version": "0.10.0"], .unknown, false, false, false),
        ([:], .unknown, false, false, false),
    ])
    func `three rules depend on the client's generation`(
        headers: [String: String], generation: ClientGeneration, reuses: Bool, listsHidden: Bool, stops: Bool
    ) throws {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let found = ClientGeneration(fields)
        #expect(found == generation)
        #expect(found.reusesAlbumNames == reuses)
        #expect(found.listsHiddenPeople == listsHidden)
        #expect(found.stopsFeedAtUpperBound == stops)
    }

    @Test func `a preflight is granted what it asks for`() {
        let asked = "authorization, x-stainless-runtime-version"
        let answer = CrossOrigin.preflight(request([.accessControlRequestHeaders: asked]))
        #expect(answer.status == .noContent)
        #expect(answer.headers[.accessControlAllowHeaders]?.hasSuffix(asked) == true)
        #expect(answer.headers[.accessControlAllowHeaders]?.contains("Range") == true)
        #expect(answer.headers[.accessControlAllowMethods]?.contains("PATCH") == true)
        #expect(CrossOrigin.preflight(request([:])).headers[.accessControlAllowHeaders]?.contains("Authorization") == true)
    }

    @Test func `a gate admits only so many`() throws {
        let gate = Gate(limit: 2)
        let first = try gate.enter()
        do {
            let second = try gate.enter()
            withExtendedLifetime(second) { _ = #expect(throws: RequestProblem.self) { try gate.enter() } }
        }
        try withExtendedLifetime(first) { _ = try gate.enter() }
    }

    @Test func `a date looks as HTTP wants it`() throws {
        // The example of RFC 9110 §5.6.7.
        #expect(HTTPDate.text(try #require(Instant(assumingUTC: "1994-11-06T08:49:37"))) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(Instant(microseconds: -1)) == "Wed, 31 Dec 1969 23:59:59 GMT")
    }

    @Test func `a file is saved under its true name`() {
        #expect(
            ContentDisposition.attachment("Grüße \"1\".jpg")
                == #"attachment; filename="Gr__e _1_.jpg"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.jpg"#)
    }
}
