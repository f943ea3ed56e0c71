import BanksiaHTTP
import Foundation

/// Small requests to a provider.
struct ProviderHTTP: Sendable {
    struct Answer {
        let status: Int
        let body: Data
    }

    /// A document or a key set has a few KiB. Somebody waits before a browser for it.
    private let client = BoundedClient(connecting: .seconds(5), patience: .seconds(10), largest: 1 << 20)

    func get(_ url: String, authorization: String? = nil) async throws -> Answer {
        try await send(BoundedClient.Request(url), authorization)
    }

    func post(_ url: String, form: [(String, String)], authorization: String?) async throws -> Answer {
        let type = (name: "Content-Type", value: "application/x-www-form-urlencoded")
        let body = Array(FormEncoding.encode(form).utf8)
        return try await send(BoundedClient.Request(url, headers: [type], body: body), authorization)
    }

    private func send(_ request: BoundedClient.Request, _ authorization: String?) async throws -> Answer {
        var request = request
        request.headers.append((name: "Accept", value: "application/json"))
        if let authorization { request.headers.append((name: "Authorization", value: authorization)) }
        do {
            let answer = try await client.send(request)
            return Answer(status: answer.status, body: Data(answer.body))
        } catch let failure as BoundedClient.Failure {
            switch failure {
            case .tooLarge: throw IdentityProblem.misbehaved("it sends too much")
            case .unreachable: throw IdentityProblem.unreachable
            }
        }
    }

    func close() async { await client.close() }
}
