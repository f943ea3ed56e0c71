import BanksiaLibrary
import BanksiaTestKit
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Connections") struct LiveTests {
    let site: Site
    init() async throws { site = try await Site() }

    private func head(_ key: String, _ headers: String...) -> String {
        let lines = [
            "POST /api/assets HTTP/1.1", "Host: localhost", "Authorization: Bearer \(key)", "Content-Type: \(Form().contentType)",
        ]
        return (lines + headers + ["", ""]).joined(separator: "\r\n")
    }

    @Test func `headers without end are 431 in the envelope, and the connection ends`() async throws {
        try await site.run(.live) { visitor async throws in
            let answer = try await Line.open(to: visitor.client.port) { line in
                try await line.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + String(repeating: "a", count: 100_000))
                return try await line.read()
            }
            #expect(answer.hasPrefix("HTTP/1.1 431 "))
            #expect(answer.contains("\"code\":\"bad_request\""))
            #expect(answer.lowercased().contains("x-request-id: req_"))
        }
    }

    @Test func `what is not HTTP is 400 in the envelope`() async throws {
        try await site.run(.live) { visitor async throws in
            let answer = try await Line.open(to: visitor.client.port) { line in
                try await line.write("hello there\r\n\r\n")
                return try await line.read()
            }
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains("\"detail\":"))
        }
    }

    @Test func `a client that waits for it is told to go on`() async throws {
        let form = Form(bytes: TestPicture.png())
        try await site.run(.live) { visitor async throws in
            let answer = try await Line.open(to: visitor.client.port) { line in
                try await line.write(head(site.key, "Content-Length: \(form.body.readableBytes)", "Expect: 100-continue"))
                let first = try await line.read { $0.contains("\r\n\r\n") }
                #expect(first.hasPrefix("HTTP/1.1 100 "))
                try await line.write(form.body)
                return try await line.read { $0.contains("download_url") }
            }
            #expect(answer.hasPrefix("HTTP/1.1 201 "))
        }
    }

    @Test func `a form may come in chunks of any size`() async throws {
        let form = Form(bytes: TestPicture.png(width: 200, height: 100))
        try await site.run(.live) { visitor async throws in
            let answer = try await Line.open(to: visitor.client.port) { line in
                try await line.write(head(site.key, "Transfer-Encoding: chunked"))
                var body = form.body
                var length = 1
                while let piece = body.readSlice(length: min(length, body.readableBytes)), piece.readableBytes > 0 {
                    try await line.write("\(String(piece.readableBytes, radix: 16))\r\n")
                    try await line.write(piece)
                    try await line.write("\r\n")
                    length = length * 3 + 1
                }
                try await line.write("0\r\n\r\n")
                return try await line.read { $0.contains("download_url") }
            }
            #expect(answer.hasPrefix("HTTP/1.1 201 "))
        }
    }

    @Test func `a client that leaves in the middle leaves nothing`() async throws {
        let body = Form(bytes: TestPicture.png() + [UInt8](repeating: 1, count: 2 << 20)).body
        try await site.run(.live) { visitor async throws in
            try await Line.open(to: visitor.client.port) { line in
                try await line.write(head(site.key, "Content-Length: \(body.readableBytes)"))
                try await line.write(body.getSlice(at: 0, length: 1 << 20) ?? ByteBuffer())
            }
            // A request on another connection is answered after the server has seen the end of the first one, or soon after.
            while try !site.staged.isEmpty { _ = try await visitor.get("/api/server/ping") }
            #expect(try await visitor.get("/api/assets").json["data"] == .array([]))
        }
        #expect(try await site.originals.isEmpty)
    }

    @Test func `a client that says nothing is let go`() async throws {
        let site = try await Site(idleTimeout: .milliseconds(300))
        try await site.run(.live) { visitor async throws in
            for start in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: a", head(site.key, "Content-Length: 1000")] {
                // Writing to a connection that the server has closed meanwhile throws: it was let go without an answer.
                let answer =
                    (try? await Line.open(to: visitor.client.port) { line in
                        try await line.write(start)
                        return try await line.read()
                    }) ?? ""
                #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(start)")
            }
        }
    }
}
