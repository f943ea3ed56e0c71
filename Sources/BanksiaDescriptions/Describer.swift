import AsyncHTTPClient
public import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// Asks a vision model what a picture shows: any server that answers chat completions as OpenAI's API has them
/// (https://platform.openai.com/docs/api-reference/chat), such as llama.cpp's, vLLM or Ollama on the same machine.
///
/// It sends a picture and a fixed text, and nothing that says whose picture it is, what it is called, when or where it was taken.
public final class Describer: Sendable {
    public let settings: DescriberSettings
    private let client = Mutex<HTTPClient?>(nil)
    private let pace: Mutex<Pace>
    private let origin = ContinuousClock.now

    public init(_ settings: DescriberSettings) {
        self.settings = settings
        pace = Mutex(Pace(perMinute: settings.perMinute))
    }

    /// An answer of a few sentences has a few KiB.
    private static let largestAnswer = 256 << 10

    /// What the model says of a picture, as one paragraph; empty when it declines.
    ///
    /// Waits for its turn first, so that all calls together keep to the rate, and until a server that wanted a pause has had it.
    ///
    /// - Parameter jpeg: without metadata; the caller sees to that.
    public func describe(jpeg: Data) async throws -> String {
        let body = try ChatRequest(settings, jpeg: jpeg).encoded()
        try await waitForTurn()
        let answer = try await send(body)
        switch answer.status {
        case 200:
            guard let words = ChatAnswer.words(in: answer.body) else {
                throw DescriberProblem.misbehaved("its answer is no chat completion")
            }
            return Words.tidied(words)
        // What a server says of a picture that it cannot take. Another attempt would end the same way.
        case 400, 413, 415, 422: throw DescriberProblem.refused(status: answer.status)
        case 429, 503:
            let pause = RetryAfter.read(answer.retryAfter, now: Date())
            pace.withLock { $0.rest(for: pause, at: ContinuousClock.now - origin) }
            throw DescriberProblem.busy
        default: throw DescriberProblem.misbehaved("it answers with status \(answer.status)")
        }
    }

    private func waitForTurn() async throws {
        while true {
            let wait = pace.withLock { [origin] in $0.turn(at: ContinuousClock.now - origin) }
            guard let wait else { return }
            try await Task.sleep(for: wait)
        }
    }

    private struct Answer: Sendable {
        let status: Int
        let retryAfter: String?
        let body: Data
    }

    private func send(_ body: Data) async throws -> Answer {
        var request = HTTPClientRequest(url: settings.endpoint)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "application/json")
        if !settings.key.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(settings.key)") }
        request.body = .bytes(ByteBuffer(bytes: body))
        // The client's own time limit ends where the body begins; a body that trickles in is bounded here.
        return try await withThrowingTaskGroup(of: Answer.self) {
            [client = connected(), request, timeout = settings.timeout] group in
            defer { group.cancelAll() }
            group.addTask {
                do {
                    let response = try await client.execute(request, timeout: TimeAmount(timeout))
                    let body = try await response.body.collect(upTo: Self.largestAnswer)
                    return Answer(
                        status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
                        body: Data(body.readableBytesView))
                } catch is CancellationError {
                    throw CancellationError()
                } catch is NIOTooManyBytesError {
                    throw DescriberProblem.misbehaved("it sends too much")
                } catch {
                    throw DescriberProblem.unreachable
                }
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw DescriberProblem.unreachable
            }
            guard let answer = try await group.next() else { throw DescriberProblem.unreachable }
            return answer
        }
    }

    /// Connections are made when the first picture comes. No redirect is followed: pictures go to the address that was set, and
    /// nowhere else.
    private func connected() -> HTTPClient {
        client.withLock { client in
            if let client { return client }
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow,
                timeout: .init(connect: .seconds(10), read: TimeAmount(settings.timeout)))
            configuration.connectionPool.idleTimeout = .seconds(30)
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
