import BanksiaCore
import BanksiaLibrary
import HTTPTypes
import Hummingbird

/// The authorization endpoint: where programs send browsers, and what browsers are sent back with.
enum AuthorizationPages {
    static let operations: [Operation] = [
        Operation(.get, OwnProvider.authorizationPath, "authorize", .page, authorize),
        Operation(.get, OwnProvider.endSessionPath, "end_session_page", .page, endSession),
    ]

    static func authorize(_ call: Call) async throws -> Response {
        let provider = try call.provider
        let request = try OwnProvider.Request(call.query)
        try await provider.checkTarget(of: request)
        let prompt = try call.query.text("prompt") ?? ""
        do {
            try provider.check(request)
        } catch {
            return back(request, [("error", error.oauthError), ("error_description", error.detail)])
        }
        if prompt != "login", let viewer = try await Browser(call).viewer(call.library) {
            return back(request, [("code", try await provider.makeCode(for: request, of: viewer))])
        }
        guard prompt != "none" else { return back(request, [("error", "login_required")]) }
        // Asked for anew after the sign-in, without the wish to be asked again.
        return try await SignInPages.passwordForm(call, next: OwnProvider.authorizationPath + "?" + request.query)
    }

    private static func back(_ request: OwnProvider.Request, _ answer: [(String, String)]) -> Response {
        var parameters = answer
        if let state = request.state { parameters.append(("state", state)) }
        let text = parameters.map { "\($0)=\(PercentDecoding.encode($1))" }.joined(separator: "&")
        return .seeOther(request.redirectURI + (request.redirectURI.contains("?") ? "&" : "?") + text)
    }

    /// Where the form leads in the end when a program waits behind it.
    static func formTargets(of next: String, _ call: Call) async throws -> [String] {
        let start = OwnProvider.authorizationPath + "?"
        guard next.hasPrefix(start), let provider = call.library.provider,
            let request = try? OwnProvider.Request(Query(next.dropFirst(start.count))),  // a form that leads nowhere else
            (try? await provider.checkTarget(of: request)) != nil,  // likewise
            let mark = request.redirectURI.firstRange(of: "://")
        else { return [] }
        let scheme = request.redirectURI[..<mark.lowerBound]
        guard ["http", "https"].contains(scheme) else { return ["\(scheme):"] }
        let host = request.redirectURI[mark.upperBound...].prefix { $0 != "/" && $0 != "?" }
        return host.utf8.allSatisfy { byte in byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",") }
            ? ["\(scheme)://\(host)"] : []
    }

    /// Programs send browsers here to sign out. A link must not be enough to do it, so the person is asked.
    static func endSession(_ call: Call) async throws -> Response {
        _ = try call.provider
        guard let viewer = try await Browser(call).viewer(call.library) else {
            return WebPage(title: "Signed out", body: "<main><h1>You are signed out</h1></main>").response()
        }
        let user = try await call.library.accounts.profile(of: viewer)
        return try await SignInForms(call).answer { hidden in
            WebPage(
                title: "Sign out",
                body: """
                    <main><h1>Sign out</h1><p>You are signed in to this server as <strong>\(user.email)</strong>.</p>
                    <form method="post" action="/signin/out">\(hidden)<button>Sign out here too</button></form></main>
                    """)
        }
    }
}

extension OwnProvider.Request {
    /// What a program asks for in the query of the authorization endpoint.
    init(_ query: Query) throws(RequestProblem) {
        guard !query.holdsNUL else { throw .malformedQuery }
        self.init(
            clientID: query.raw("client_id") ?? "", redirectURI: query.raw("redirect_uri") ?? "",
            responseType: query.raw("response_type") ?? "", scope: query.raw("scope") ?? "", state: query.raw("state"),
            nonce: query.raw("nonce"), challenge: query.raw("code_challenge"), method: query.raw("code_challenge_method"))
    }

    /// The same as a query.
    var query: String {
        let parameters: [(String, String?)] = [
            ("response_type", responseType), ("client_id", clientID), ("redirect_uri", redirectURI), ("scope", scope),
            ("state", state), ("nonce", nonce), ("code_challenge", challenge), ("code_challenge_method", method),
        ]
        return parameters.compactMap { name, value in value.map { "\(name)=\(PercentDecoding.encode($0))" } }
            .joined(separator: "&")
    }
}
