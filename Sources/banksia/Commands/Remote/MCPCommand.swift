import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Lets a program that starts its tools itself use a server's.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Offer a server's tools to a language model over standard input and output.",
        discussion: """
            Speaks the Model Context Protocol, one message a line, and carries each to the server's /mcp. What the tools may \
            do is what the key may do. The key is read from the environment (BANKSIA_KEY), so that it stands in no list of \
            processes.
            """)

    @Option(help: "Where the server is, as in http://localhost:8080.") var url: String

    /// The largest answer that is carried: a picture in base64, with room.
    private static let answerLimit = 32 << 20

    func run() async throws {
        guard let key = ProcessInfo.processInfo.environment["BANKSIA_KEY"], !key.isEmpty else {
            throw ValidationError("Set BANKSIA_KEY to an API key of the server.")
        }
        let endpoint = url.hasSuffix("/") ? url + "mcp" : url + "/mcp"
        for await line in Self.lines() where !line.allSatisfy(\.isWhitespace) {
            if let answer = await answer(to: line, at: endpoint, key) {
                FileHandle.standardOutput.write(Data((answer + "\n").utf8))
            }
        }
    }

    /// What comes in, line by line. Reading blocks, so it has a thread of its own.
    private static func lines() -> AsyncStream<String> {
        AsyncStream { lines in
            Thread.detachNewThread {
                while let line = readLine() { lines.yield(line) }
                lines.finish()
            }
        }
    }

    /// The server's answer; `nil` to a notification. That the server cannot be reached is an answer too.
    private func answer(to line: String, at endpoint: String, _ key: String) async -> String? {
        var request = HTTPClientRequest(url: endpoint)
        request.method = .POST
        request.headers = ["Authorization": "Bearer \(key)", "Content-Type": "application/json", "Accept": "application/json"]
        request.body = .bytes(ByteBuffer(string: line))
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
            let body = String(buffer: try await response.body.collect(upTo: Self.answerLimit))
            guard response.status != .accepted else { return nil }
            let isAnswer = body.contains("\"jsonrpc\"")
            return isAnswer ? body : Self.failure(of: line, "The server answers \(response.status.code): \(body)")
        } catch {
            return Self.failure(of: line, "The server at \(url) cannot be reached: \(error)")
        }
    }

    /// An error of JSON-RPC for the message of a line; `nil` where the message asked for no answer.
    private static func failure(of line: String, _ words: String) -> String? {
        let message = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]  // what is none has no id
        guard let id = message?["id"] else { return nil }
        let reply: [String: Any] = ["jsonrpc": "2.0", "id": id, "error": ["code": -32000, "message": words]]
        // Of such values it is always made.
        return (try? JSONSerialization.data(withJSONObject: reply)).map { String(decoding: $0, as: UTF8.self) }
    }
}
