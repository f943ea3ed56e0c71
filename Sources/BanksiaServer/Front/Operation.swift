import BanksiaLibrary
import HTTPTypes
import Hummingbird

/// One operation of the contract, as the route table declares it.
struct Operation: Sendable {
    /// Who may call it.
    enum Access: Sendable, Equatable {
        /// Anyone, without a credential.
        case open
        /// A browser. The page itself finds out who sits before it; what goes wrong is shown as a page.
        case page
        /// A credential that grants the action. The role in the library in question is checked by the library itself; `nil`
        /// where no membership is asked for.
        case needs(Action, Role?)
        /// A sign-in at this server, with the same meaning: no key, no delegated token (contract §5).
        case firstParty(Action, Role?)
        /// A credential that may manage keys.
        case keyManagement
        /// A signed address, or a credential that may read.
        case media
    }

    /// What the operation reads as its body.
    enum Body: Sendable { case none, json, multipart }

    let method: HTTPRequest.Method
    /// The path as the contract writes it, with `{names}`.
    let path: String
    /// The contract's `operationId`.
    let id: String
    let access: Access
    let body: Body
    let answer: @Sendable (Call) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, _ id: String, _ access: Access, body: Body = .none,
        _ answer: @escaping @Sendable (Call) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.access = access
        self.body = body
        self.answer = answer
    }
}
