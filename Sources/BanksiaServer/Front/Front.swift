import BanksiaCore
import BanksiaLibrary
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The path of a request, from its first line to its answer.
///
/// The order is the contract's (§4): path, credential, form of the body, what the credential grants; then the operation,
/// which reads its values and asks the library. Whatever is thrown on the way becomes the error envelope here.
struct Front: HTTPResponder {
    let tree = PathTree(Operations.all + Pages.all)
    let parts: Parts
    let gates: Gates
    let logger: Logger

    func respond(to request: Request, context: Connection) async -> Response {
        let start = ContinuousClock.now
        let requestID = RequestID.of(request.headers)
        var logger = logger
        logger[metadataKey: "request"] = "\(requestID)"
        var known = Known()
        var response: Response
        do {
            response = try await answer(request, from: context, &known, logger)
        } catch {
            response = Response(error: error, requestID: requestID, logger: logger)
            if known.isPage { response = WebPage.problem(error, response) }
        }
        known.allowance?.tell(&response.headers)
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = requestID
        // Pages go by cookies, so other sites have no business with them.
        if !known.isPage { CrossOrigin.allow(&response.headers) }
        RequestLog.write(
            logger, request.method, known.operation?.path ?? "-", response.status, took: ContinuousClock.now - start)
        return response
    }

    /// What has been found out about a request, also when it fails.
    private struct Known {
        var operation: Operation?
        var allowance: Allowance?
        var isPage: Bool { operation?.access == .page }
    }

    /// Who is asking, if they may ask once more. A credential that does not hold counts against the address it comes from, or
    /// else guessing would cost nothing.
    private func identified(
        _ request: Request, _ target: RequestTarget, _ address: String, _ known: inout Known, _ operation: Operation
    ) async throws -> Viewer? {
        let caller: Viewer?
        var failure: AccountProblem?
        do { caller = try await Authentication.caller(of: request, target, for: operation, parts) } catch let problem
            as AccountProblem
        {
            (caller, failure) = (nil, problem)
        }
        known.allowance = await parts.limiter.count(operation, by: caller, from: address)
        if let allowance = known.allowance, allowance.isExceeded {
            throw RequestProblem.tooMany(secondsLeft: allowance.secondsLeft)
        }
        if let failure { throw failure }
        return caller
    }

    private func answer(
        _ request: Request, from connection: Connection, _ known: inout Known, _ logger: Logger
    ) async throws -> Response {
        guard request.method != .options else { return CrossOrigin.preflight(request) }
        let target = RequestTarget(request)
        switch tree.find(request.method, target.path) {
        case .unknown: throw RequestProblem.unknownPath
        case .wrongMethod(let allowed): throw RequestProblem.wrongMethod(allowed: allowed)
        case .found(let operation, let parameters):
            known.operation = operation
            let pass = try gates.enter(for: operation)
            let address = ClientAddress.of(
                request.headers, remote: connection.remoteAddress, trusted: parts.configuration.trustedProxies)
            let caller = try await identified(request, target, address, &known, operation)
            let body = operation.body == .json ? try await BodyReading.json(request) : JSONBody.empty
            try caller?.admit(to: operation)
            let call = Call(
                request: request, path: parameters, query: try Query(target.query), body: body, caller: caller,
                address: address, parts: parts, pass: pass, logger: logger)
            var response: Response
            do { response = try await operation.answer(call) } catch let problem as any Problem where problem.kind == .invalid {
                try await call.requireReach(for: operation)
                throw problem
            }
            try await renewToken(of: caller, &response)
            return response
        }
    }
}

extension Front {
    /// Sends a fresh token along with JSON for who came with one that has grown old (contract §5).
    private func renewToken(of caller: Viewer?, _ response: inout Response) async throws {
        guard let caller, response.status.kind == .successful,
            response.headers[.contentType]?.hasPrefix("application/json") == true
        else { return }
        response.headers[.newAccessToken] = try await parts.library.accounts.tokens.renewal(for: caller)
    }
}

extension HTTPField.Name {
    static let newAccessToken = HTTPField.Name("x-new-access-token")!  // a constant token
}

extension Viewer {
    /// - Throws: `AccountProblem` when the credential is not of the kind the operation asks for, or does not grant enough.
    func admit(to operation: Operation) throws(AccountProblem) {
        switch operation.access {
        case .needs(let action, _): try require(action)
        case .firstParty(let action, _):
            guard isFirstParty else { throw .sessionOnly }
            try require(action)
        case .open, .page, .media, .keyManagement: break
        }
    }
}

/// The two halves of a request's target, still encoded.
struct RequestTarget {
    let path: Substring
    let query: Substring

    init(_ request: Request) {
        let target = request.head.path ?? "/"
        let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        path = target[..<end]
        query = end < target.endIndex ? target[target.index(after: end)...] : ""
    }
}

/// What is known of the connection a request came on.
struct Connection: InitializableFromSource {
    /// The other end's address, without its port; `nil` where there is no network, as in tests.
    let remoteAddress: String?

    init(source: ApplicationRequestContextSource) { remoteAddress = source.channel.remoteAddress?.ipAddress }
}
