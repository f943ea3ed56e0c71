import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Body reading") struct BodyReadingTests {
    /// A request whose body has no end: a byte again and again.
    private let trickle: Request = {
        let bytes = AsyncStream<ByteBuffer> {
            try? await Task.sleep(for: .milliseconds(1))
            return ByteBuffer(string: " ")
        }
        return Request(
            head: HTTPRequest(method: .post, scheme: "http", authority: nil, path: "/"), body: RequestBody(asyncSequence: bytes))
    }()

    @Test func `a body that trickles in is waited for no longer than patience lasts`() async throws {
        let problem = await #expect(throws: RequestProblem.self) {
            try await BodyReading.collect(trickle, upTo: .max, named: "any", patience: .milliseconds(50))
        }
        #expect(try ProblemStatus(#require(problem)).status == .requestTimeout)
    }

    @Test func `a body whose length was not announced is read up to the limit`() async throws {
        let problem = await #expect(throws: RequestProblem.self) {
            try await BodyReading.collect(trickle, upTo: 10, named: "ten bytes")
        }
        #expect(problem?.code == "payload_too_large")
    }
}
