import NIOCore
import NIOPosix

/// A connection on which a test writes what it likes and reads what comes.
struct Line {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// Opens a connection to a server on this machine, and closes it behind `body`.
    static func open<Result: Sendable>(to port: Int?, _ body: (inout Exchange) async throws -> Result) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port ?? 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var exchange = Exchange(input: inbound.makeAsyncIterator(), output: outbound)
            return try await body(&exchange)
        }
    }

    /// The two directions of an open connection.
    struct Exchange {
        fileprivate var input: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        fileprivate let output: NIOAsyncChannelOutboundWriter<ByteBuffer>

        func write(_ text: String) async throws { try await output.write(ByteBuffer(string: text)) }
        func write(_ bytes: ByteBuffer) async throws { try await output.write(bytes) }

        /// What has come when `enough` holds, or the server hangs up.
        mutating func read(until enough: (String) -> Bool = { _ in false }) async throws -> String {
            var text = ""
            while !enough(text), let piece = try await input.next() { text += String(buffer: piece) }
            return text
        }
    }
}
