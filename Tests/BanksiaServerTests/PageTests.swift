import BanksiaLibrary
import BanksiaTestKit
import HTTPTypes
import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Pages") struct PageTests {
    let site: Site
    init() async throws { site = try await Site() }

    @Test func `text is never markup`() {
        let name = #"<b>"Tom" & 'Jerry'</b>"#
        let html: HTML = "<p title=\"\(name)\">\(name)</p>"
        let escaped = "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;"
        #expect(html.source == "<p title=\"\(escaped)\">\(escaped)</p>")
        #expect(("<ul>\([html, html])\(nil as HTML?)</ul>" as HTML).source == "<ul>\(html.source)\(html.source)</ul>")
    }

    @Test func `the reference names every operation and needs nothing from elsewhere`() async throws {
        try await site.run { visitor async throws in
            let page = try await visitor.with(key: nil).get("/docs")
            #expect(page.status == 200)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            let text = String(decoding: page.bytes, as: UTF8.self)
            for operation in Operations.all { #expect(text.contains("id=\"\(operation.id)\""), "\(operation.id)") }
            #expect(!text.contains("<script") && !text.contains("src=") && !text.contains("href=\"http"))
        }
    }

    @Test func `what goes wrong on a page is shown as a page`() async throws {
        try await site.run { visitor async throws in
            let page = try await visitor.with(key: nil).get("/signin/setup/unknown")
            #expect(page.status == 404)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.headers[.accessControlAllowOrigin] == nil)
            #expect(try await visitor.send(.delete, "/signin").problem == "method_not_allowed")
        }
    }

    @Test func `pages stand beside the contract, not in its way`() {
        let paths = Set(Operations.all.map(\.path))
        for page in Pages.all { #expect(!paths.contains(page.path) && !page.path.hasPrefix("/api"), "\(page.path)") }
    }

    @Test(
        arguments: [
            (nil, nil, "unknown"), ("203.0.113.9", nil, "203.0.113.9"), ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("127.0.0.1", nil, "127.0.0.1"), ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"), ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.1"),
            ("127.0.0.1", "<script>", "127.0.0.1"), ("2001:db8:1:2:3:4:5:6", nil, "2001:db8:1:2::/64"),
            ("2001:db8::1", nil, "2001:db8::/64"), ("2001:db8:0:0:1::", nil, "2001:db8::/64"),
            ("::ffff:203.0.113.9", nil, "203.0.113.9"), ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.1.2.3", "198.51.100.1, 10.9.9.9", "198.51.100.1"), ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::/64"), ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
            ("nowhere", nil, "unknown"),
        ] as [(String?, String?, String)])
    func `an address is believed as far as its proxy is`(remote: String?, forwarded: String?, address: String) {
        var headers: HTTPFields = [:]
        headers[.forwardedFor] = forwarded
        #expect(
            ClientAddress.of(
                headers, remote: remote, trusted: [AddressRange("127.0.0.1"), AddressRange("10.0.0.0/8")].compactMap(\.self))
                == address)
    }
}
