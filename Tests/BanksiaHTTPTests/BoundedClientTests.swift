import BanksiaHTTP
import BanksiaTestKit
import NIOCore
import NIOHTTP1
import Testing

@Suite("Bounded HTTP client") struct BoundedClientTests {
    private typealias Reply = HostileServer.Reply

    /// What comes of a request to a server that replies so, and what the server got.
    private func outcome(
        _ reply: HostileServer.Reply, patience: Duration = .seconds(30), largest: Int = 1000,
        _ request: (String) -> BoundedClient.Request
    ) async throws -> (answer: Result<BoundedClient.Answer, any Error>, requests: [HostileServer.Request]) {
        let server = try await HostileServer { _, _ in reply }
        let client = BoundedClient(connecting: .seconds(5), patience: patience, largest: largest)
        let answer: Result<BoundedClient.Answer, any Error>
        do { answer = .success(try await client.send(request(server.endpoint))) } catch { answer = .failure(error) }
        let requests = server.requests
        await client.close()
        try await server.stop()
        return (answer, requests)
    }

    @Test func `what is sent arrives, and what is answered comes back, whatever its status`() async throws {
        let reply = Reply.answer(.init(status: 418, headers: ["retry-after": "7"], body: ByteBuffer(string: "short and stout")))
        let (answer, requests) = try await outcome(reply) {
            BoundedClient.Request($0 + "/pot", headers: [(name: "Authorization", value: "Bearer key")], body: Array("tea".utf8))
        }
        let got = try answer.get()
        #expect(got.status == 418 && got.header("Retry-After") == "7" && got.body == Array("short and stout".utf8))
        let request = try #require(requests.first)
        #expect(request.method == .POST && request.uri == "/pot" && String(buffer: request.body) == "tea")
        #expect(request.head.headers["authorization"] == ["Bearer key"])
    }

    @Test func `without a body it asks`() async throws {
        let (answer, requests) = try await outcome(.answer(.init(status: 200))) { BoundedClient.Request($0) }
        #expect(try answer.get().body.isEmpty && requests.map(\.method) == [.GET])
    }

    @Test func `an answer that is too large is not read`() async throws {
        for (size, isTaken) in [(1000, true), (1001, false)] {
            let reply = Reply.answer(.init(status: 200, body: ByteBuffer(repeating: 0x20, count: size)))
            let (answer, _) = try await outcome(reply) { BoundedClient.Request($0) }
            if isTaken {
                #expect(try answer.get().body.count == size)
            } else {
                #expect(throws: BoundedClient.Failure.tooLarge) { try answer.get() }
            }
        }
    }

    @Test func `it goes nowhere but where it is sent`() async throws {
        let (answer, requests) = try await outcome(.answer(.init(status: 302, headers: ["location": "/elsewhere"]))) {
            BoundedClient.Request($0 + "/here")
        }
        #expect(try answer.get().status == 302 && requests.map(\.uri) == ["/here"])
    }

    @Test func `a body that never ends is not waited for`() async throws {
        let reply = Reply.answer(.init(status: 200, headers: ["content-length": "10"], body: ByteBuffer(string: "begun")))
        let (answer, _) = try await outcome(reply, patience: .milliseconds(300)) { BoundedClient.Request($0) }
        #expect(throws: BoundedClient.Failure.unreachable) { try answer.get() }
    }

    @Test func `who hangs up, and who is not there, cannot be reached`() async throws {
        let (answer, _) = try await outcome(.hangUp) { BoundedClient.Request($0) }
        #expect(throws: BoundedClient.Failure.unreachable) { try answer.get() }
        let client = BoundedClient(connecting: .seconds(5), patience: .seconds(5), largest: 1)
        await #expect(throws: BoundedClient.Failure.unreachable) {
            _ = try await client.send(BoundedClient.Request("http://127.0.0.1:1"))
        }
        await client.close()
    }
}
