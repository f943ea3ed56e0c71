import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Small exchanges with one server elsewhere, bounded in time and size. Connections are made when the first request goes out.
///
/// No redirect is followed: what is sent goes to the address that was set, and nowhere else.
public final class BoundedClient: Sendable {
    /// A question: a GET, or a POST when it has a body.
    public struct Request: Sendable {
        public var url: String
        /// Names and values in the order in which they are sent.
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]?

        public init(_ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    /// What came back, whatever its status.
    public struct Answer: Sendable {
        public let status: Int
        public let body: [UInt8]
        private let headers: HTTPHeaders

        fileprivate init(_ response: HTTPClientResponse, atMost largest: Int) async throws {
            status = Int(response.status.code)
            headers = response.headers
            body = [UInt8](try await response.body.collect(upTo: largest).readableBytesView)
        }

        /// The first header of a name.
        public func header(_ name: String) -> String? { headers.first(name: name) }
    }

    /// Why there is no answer.
    public enum Failure: Error, Equatable {
        /// Nobody is there, the connection broke, or the answer took too long.
        case unreachable
        case tooLarge
    }

    private let client = Mutex<HTTPClient?>(nil)
    private let connecting: Duration
    private let patience: Duration
    private let largest: Int

    /// - Parameters:
    ///   - connecting: longest time until there is a connection.
    ///   - patience: longest time until the answer is here whole.
    ///   - largest: most bytes that an answer may have.
    public init(connecting: Duration, patience: Duration, largest: Int) {
        self.connecting = connecting
        self.patience = patience
        self.largest = largest
    }

    /// Sends a request and returns the whole answer.
    ///
    /// - Throws: `Failure`; `CancellationError`.
    public func send(_ request: Request) async throws -> Answer {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if let body = request.body {
            outgoing.method = .POST
            outgoing.body = .bytes(ByteBuffer(bytes: body))
        }
        // The client's own time limit ends where the body begins; a body that trickles in is bounded by the second task.
        return try await withThrowingTaskGroup(of: Answer.self) {
            [client = connected(), outgoing, patience, largest] group in
            defer { group.cancelAll() }
            group.addTask {
                do {
                    let response = try await client.execute(outgoing, timeout: TimeAmount(patience))
                    return try await Answer(response, atMost: largest)
                } catch is CancellationError {
                    throw CancellationError()
                } catch is NIOTooManyBytesError {
                    throw Failure.tooLarge
                } catch {
                    throw Failure.unreachable
                }
            }
            group.addTask {
                try await Task.sleep(for: patience)
                throw Failure.unreachable
            }
            guard let answer = try await group.next() else { throw Failure.unreachable }
            return answer
        }
    }

    private func connected() -> HTTPClient {
        client.withLock { client in
            if let client { return client }
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow,
                timeout: .init(connect: TimeAmount(connecting), read: TimeAmount(patience)))
            configuration.connectionPool.idleTimeout = .seconds(30)
            // Whoever waits may try again; a server that is down is said to be at once.
            configuration.connectionPool.retryConnectionEstablishment = false
            let fresh = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            client = fresh
            return fresh
        }
    }

    /// Ends the connections.
    public func close() async {
        let open = client.withLock { client in
            defer { client = nil }
            return client
        }
        try? await open?.shutdown()  // the process ends; there is nothing to be done about it
    }
}
