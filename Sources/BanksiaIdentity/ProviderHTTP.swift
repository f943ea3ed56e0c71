import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Small requests to a provider, bounded in time and size. Connections are made when the first request comes.
final class ProviderHTTP: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: Data
    }

    private let client = Mutex<HTTPClient?>(nil)

    /// A document or a key set has a few KiB.
    private static let largest = 1 << 20
    /// Somebody waits before a browser for this.
    private static let patience = Duration.seconds(10)

    func get(_ url: String, authorization: String? = nil) async throws -> Answer {
        try await send(HTTPClientRequest(url: url), authorization)
    }

    func post(_ url: String, form: [(String, String)], authorization: String?) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: FormEncoding.encode(form)))
        return try await send(request, authorization)
    }

    private func send(_ request: HTTPClientRequest, _ authorization: String?) async throws -> Answer {
        var request = request
        request.headers.add(name: "Accept", value: "application/json")
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        return try await inTime { [client = connected(), request] in
            do {
                let response = try await client.execute(request, timeout: TimeAmount(Self.patience))
                let body = try await response.body.collect(upTo: Self.largest)
                return Answer(status: Int(response.status.code), body: Data(body.readableBytesView))
            } catch is CancellationError {
                throw CancellationError()
            } catch is NIOTooManyBytesError {
                throw IdentityProblem.misbehaved("it sends too much")
            } catch {
                throw IdentityProblem.unreachable
            }
        }
    }

    /// The client's own time limit ends where the body begins; a body that trickles in is bounded here.
    private func inTime(_ exchange: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            defer { group.cancelAll() }
            group.addTask(operation: exchange)
            group.addTask {
                try await Task.sleep(for: Self.patience)
                throw IdentityProblem.unreachable
            }
            guard let answer = try await group.next() else { throw IdentityProblem.unreachable }
            return answer
        }
    }

    /// No redirect is followed: what a provider says about itself names its addresses, and nothing else is asked.
    private func connected() -> HTTPClient {
        client.withLock { client in
            if let client { return client }
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow,
                timeout: .init(connect: .seconds(5), read: TimeAmount(Self.patience)))
            configuration.connectionPool.idleTimeout = .seconds(30)
            // Whoever waits may try again; a provider that is down is said to be at once.
            configuration.connectionPool.retryConnectionEstablishment = false
            let fresh = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            client = fresh
            return fresh
        }
    }

    func close() async {
        let open = client.withLock { client in
            defer { client = nil }
            return client
        }
        try? await open?.shutdown()  // the process ends; there is nothing to be done about it
    }
}

/// Text as HTML forms and OAuth write it (application/x-www-form-urlencoded).
package enum FormEncoding {
    package static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { encode($0) + "=" + encode($1) }.joined(separator: "&")
    }

    package static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
