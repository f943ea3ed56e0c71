import Testing

@testable import BanksiaServer

@Suite("Part headers") struct PartHeadersTests {
    private func headers(_ disposition: String) throws -> PartHeaders {
        var headers = PartHeaders()
        try headers.add(Array("Content-Disposition: \(disposition)".utf8))
        return headers
    }

    @Test(arguments: [
        (#"form-data; name="f"; filename="a b.jpg""#, "a b.jpg"),
        (#"form-data; name=f; filename=a.jpg"#, "a.jpg"),
        (#"form-data; name="f"; filename="Grüße 😀.jpg""#, "Grüße 😀.jpg"),
        (#"form-data; name="f"; filename="plain.jpg"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.jpg"#, "Grüße.jpg"),
        (#"form-data; name="f"; filename*=utf-8'de'%e2%82%ac.jpg; filename="plain.jpg""#, "€.jpg"),
        (#"form-data; name="f"; filename="plain.jpg"; filename*=latin-1''%FC.jpg"#, "plain.jpg"),
        (#"form-data; name="f"; filename="a\"b\\c.jpg""#, #"a"b\c.jpg"#),
        (#"form-data; name="f"; filename="C:\dir\a.jpg""#, #"C:\dir\a.jpg"#),
        (#"form-data; name="f"; filename="a%22b;c.jpg""#, #"a"b;c.jpg"#),
        (#"form-data; name="f"; filename="""#, ""),
    ])
    func `the file's name is what the sender meant`(disposition: String, name: String) throws {
        let headers = try headers(disposition)
        #expect(headers.name == "f")
        #expect(headers.fileName == name)
    }

    @Test(arguments: ["form-data", "form-data; filename=a", "attachment; name=f"]) func `a part without a name is refused`(
        disposition: String
    ) {
        #expect(throws: RequestProblem.self) { try headers(disposition) }
    }
}
