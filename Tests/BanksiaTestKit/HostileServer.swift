import AsyncHTTPClient
package import NIOCore
package import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that makes trouble, by itself or before one that does what it should, such as a store of objects.
package final class HostileServer: Sendable {
    package struct Request: Sendable {
        package var head: HTTPRequestHead
        package var body = ByteBuffer()
        package var method: HTTPMethod { head.method }
        package var uri: String { head.uri }
    }

    package struct Answer: Sendable {
        package var status: UInt
        package var headers: HTTPHeaders
        package var body: ByteBuffer

        package init(status: UInt, headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        /// An error as S3 writes them.
        package static func error(_ status: UInt, _ code: String) -> Answer { xml("<Error><Code>\(code)</Code></Error>", status) }
        package static func xml(_ text: String, _ status: UInt = 200) -> Answer {
            Answer(status: status, body: ByteBuffer(string: text))
        }

        /// The head as it goes over the wire; the length is that of the whole body, whatever is sent of it.
        package var wire: ByteBuffer {
            var headers = headers
            headers.remove(name: "transfer-encoding")
            headers.remove(name: "connection")
            if headers["content-length"].isEmpty { headers.add(name: "content-length", value: "\(body.readableBytes)") }
            return ByteBuffer(
                string: "HTTP/1.1 \(status) Answer\r\n" + headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n")
        }
    }

    package enum Reply: Sendable {
        /// Whatever the server behind says.
        case pass
        case answer(Answer)
        /// What the server behind says, cut off after so many bytes of the body.
        case cutOff(after: Int)
        /// What the server behind says, with the first byte of the body changed.
        case damaged
        /// The server behind does what was asked, but nobody learns of it.
        case lost
        case hangUp
    }

    /// Decides on a request, of whose kind (the same method and address) there were so many before.
    package typealias Script = @Sendable (Request, Int) -> Reply

    package let port: Int
    package var endpoint: String { "http://127.0.0.1:\(port)" }
    private let core: Core
    private let channel: any Channel
    /// Ends when the channel closes.
    private let work: Task<Void, Never>

    /// - Parameters:
    ///   - store: the address of the server behind; `nil` when there is none.
    ///   - port: 0 for any that is free.
    package init(before store: String? = nil, port: Int = 0, _ script: @escaping Script) async throws {
        let core = Core(store: store, script: script)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    return try NIOAsyncChannel<HTTPServerRequestPart, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        self.core = core
        channel = server.channel
        self.port = server.channel.localAddress?.port ?? 0
        work = Task {
            // Connections that break are what this is for.
            try? await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections { group.addTask { try? await core.serve(connection) } }
                }
            }
        }
    }

    /// Listens no more, and hangs up.
    package func stop() async throws {
        work.cancel()
        await work.value
    }

    deinit { work.cancel() }

    /// All requests so far.
    package var requests: [Request] { core.seen.withLock { $0 } }

    private final class Core: Sendable {
        let store: String?
        let script: Script
        let seen = Mutex<[Request]>([])

        init(store: String?, script: @escaping Script) {
            self.store = store
            self.script = script
        }

        func serve(_ connection: NIOAsyncChannel<HTTPServerRequestPart, ByteBuffer>) async throws {
            try await connection.executeThenClose { inbound, outbound in
                var request: Request?
                for try await part in inbound {
                    switch part {
                    case .head(let head): request = Request(head: head)
                    case .body(var bytes): request?.body.writeBuffer(&bytes)
                    case .end:
                        guard let whole = request, try await answer(whole, outbound) else { return }
                    }
                }
            }
        }

        /// - Returns: whether the connection goes on.
        private func answer(_ request: Request, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Bool {
            let count = seen.withLock { seen in
                defer { seen.append(request) }
                return seen.count { $0.method == request.method && $0.uri == request.uri }
            }
            switch script(request, count) {
            case .hangUp: return false
            case .lost:
                _ = try await forwarded(request)
                return false
            case .answer(let answer):
                try await outbound.write(contentsOf: [answer.wire, answer.body])
                return true
            case .pass:
                let answer = try await forwarded(request)
                try await outbound.write(contentsOf: [answer.wire, request.method == .HEAD ? ByteBuffer() : answer.body])
                return true
            case .cutOff(let count):
                let answer = try await forwarded(request)
                try await outbound.write(contentsOf: [answer.wire, ByteBuffer(answer.body.readableBytesView.prefix(count))])
                return false
            case .damaged:
                var answer = try await forwarded(request)
                let first = answer.body.getInteger(at: answer.body.readerIndex, as: UInt8.self) ?? 0
                answer.body.setInteger(~first, at: answer.body.readerIndex)
                try await outbound.write(contentsOf: [answer.wire, answer.body])
                return true
            }
        }

        /// Passes a request on. The signature is of the address that the client knows, which stands in the fields.
        private func forwarded(_ request: Request) async throws -> Answer {
            var onward = HTTPClientRequest(url: (store ?? "http://127.0.0.1:1") + request.uri)
            onward.method = request.method
            onward.headers = request.head.headers
            if request.body.readableBytes > 0 { onward.body = .bytes(request.body) }
            let response = try await HTTPClient.shared.execute(onward, timeout: .seconds(60))
            return Answer(
                status: response.status.code, headers: response.headers, body: try await response.body.collect(upTo: 256 << 20))
        }
    }
}
