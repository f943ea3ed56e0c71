import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import BanksiaServer

@Suite("Connection guard") struct ConnectionGuardTests {
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel(handler: ConnectionGuard(patience: .seconds(10)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    @Test func `a client that takes nothing of its answer is let go`() {
        channel.write(HTTPResponsePart.head(HTTPResponse(status: .ok)), promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `one that takes its time, piece by piece, is served`() {
        for _ in 0..<5 {
            channel.write(HTTPResponsePart.body(ByteBuffer(string: "piece")), promise: nil)
            channel.embeddedEventLoop.advanceTime(by: .seconds(9))
            channel.flush()
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(channel.isActive)
    }

    @Test func `time in which nothing was to be sent does not count`() {
        channel.write(HTTPResponsePart.end(nil), promise: nil)
        channel.flush()
        channel.embeddedEventLoop.advanceTime(by: .seconds(8))
        channel.write(HTTPResponsePart.head(HTTPResponse(status: .ok)), promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(9))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }
}
