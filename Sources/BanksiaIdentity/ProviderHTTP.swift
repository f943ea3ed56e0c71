import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Small requests to a provider, bounded in time and size.
struct ProviderHTTP: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: Data
    }

    private let client: HTTPClient

    /// A document or a key set has a few KiB.
    private static let largest = 1 << 20
    /// Somebody waits before a browser for this.
    private static let patience = TimeAmount.seconds(10)

    init() {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: Self.patience))
        configuration.connectionPool.idleTimeout = .seconds(30)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func get(_ url: String) async throws -> Answer { try await send(HTTPClientRequest(url: url)) }

    func post(_ url: String, form: [(String, String)], authorization: String?) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(string: FormEncoding.encode(form)))
        return try await send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws -> Answer {
        var request = request
        request.headers.add(name: "Accept", value: "application/json")
        do {
            let response = try await client.execute(request, timeout: Self.patience)
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

    func close() async { try? await client.shutdown() }  // the process ends; there is nothing to be done about it
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
