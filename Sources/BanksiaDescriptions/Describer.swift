import BanksiaHTTP
public import Foundation
import Synchronization

/// Asks a vision model what a picture shows: any server that answers chat completions as OpenAI's API has them
/// (https://platform.openai.com/docs/api-reference/chat), such as llama.cpp's, vLLM or Ollama on the same machine.
///
/// It sends a picture and a fixed text, and nothing that says whose picture it is, what it is called, when or where it was taken.
public final class Describer: Sendable {
    public let settings: DescriberSettings
    private let client: BoundedClient
    private let pace: Mutex<Pace>
    private let origin = ContinuousClock.now

    public init(_ settings: DescriberSettings) {
        self.settings = settings
        pace = Mutex(Pace(perMinute: settings.perMinute))
        client = BoundedClient(connecting: .seconds(10), patience: settings.timeout, largest: Self.largestAnswer)
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
            guard let words = ChatAnswer.words(in: Data(answer.body)) else {
                throw DescriberProblem.misbehaved("its answer is no chat completion")
            }
            return Words.tidied(words)
        // What a server says of a picture that it cannot take. Another attempt would end the same way.
        case 400, 413, 415, 422: throw DescriberProblem.refused(status: answer.status)
        case 429, 503:
            let pause = RetryAfter.read(answer.header("Retry-After"), now: Date())
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

    private func send(_ body: Data) async throws -> BoundedClient.Answer {
        var headers = [(name: "Content-Type", value: "application/json"), (name: "Accept", value: "application/json")]
        if !settings.key.isEmpty { headers.append((name: "Authorization", value: "Bearer \(settings.key)")) }
        do {
            return try await client.send(BoundedClient.Request(settings.endpoint, headers: headers, body: Array(body)))
        } catch let failure as BoundedClient.Failure {
            switch failure {
            case .tooLarge: throw DescriberProblem.misbehaved("it sends too much")
            case .unreachable: throw DescriberProblem.unreachable
            }
        }
    }

    /// Ends the connections.
    public func close() async { await client.close() }
}
