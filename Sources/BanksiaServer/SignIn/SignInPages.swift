import BanksiaCore
import BanksiaLibrary
import HTTPTypes
import Hummingbird

/// Signing in with a password, and with a code where the account wants one.
enum SignInPages {
    static let operations: [Operation] = [
        Operation(.get, "/signin", "sign_in_page", .page, show),
        Operation(.post, "/signin", "sign_in", .page, signIn),
        Operation(.post, "/signin/code", "sign_in_code", .page, finish),
        Operation(.post, "/signin/out", "sign_out", .page, signOut),
    ]

    static func show(_ call: Call) async throws -> Response {
        let next = try call.query.text("next", atMost: 8192) ?? ""
        if try await Browser(call).viewer(call.library) != nil { return .seeOther(SignInForms.local(next)) }
        return try await passwordForm(call, next: next)
    }

    /// The form for address and password.
    ///
    /// - Parameters:
    ///   - next: where to go afterwards.
    ///   - problem: what was wrong the last time.
    static func passwordForm(
        _ call: Call, next: String, email: String = "", problem: (any Problem)? = nil
    ) async throws -> Response {
        let targets = try await AuthorizationPages.formTargets(of: next, call)
        return try await SignInForms(call).answer { hidden in
            WebPage(
                title: "Sign in",
                body: """
                    <main><h1>Sign in</h1>\(problem.map(notice))
                    <form method="post" action="/signin">\(hidden)
                    <input type="hidden" name="next" value="\(next)">
                    <label>E-mail <input type="email" name="email" value="\(email)" autocomplete="username" required></label>
                    <label>Password <input type="password" name="password" autocomplete="current-password" required></label>
                    <button>Sign in</button></form>
                    <p class="quiet">No password yet, or forgotten? The person who runs this server can make you a link.</p></main>
                    """,
                status: status(problem), formTargets: targets)
        }
    }

    private static func codeForm(_ call: Call, ticket: String, next: String, problem: (any Problem)? = nil) async throws
        -> Response
    {
        let targets = try await AuthorizationPages.formTargets(of: next, call)
        return try await SignInForms(call).answer { hidden in
            WebPage(
                title: "Code",
                body: """
                    <main><h1>One more step</h1>\(problem.map(notice))
                    <form method="post" action="/signin/code">\(hidden)
                    <input type="hidden" name="ticket" value="\(ticket)">
                    <input type="hidden" name="next" value="\(next)">
                    <label>Code from your phone
                    <input name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus></label>
                    <button>Sign in</button></form></main>
                    """,
                status: status(problem), formTargets: targets)
        }
    }

    static func signIn(_ call: Call) async throws -> Response {
        let forms = SignInForms(call)
        let form: FormBody
        do { form = try await forms.read() } catch let problem as FormProblem {
            return try await passwordForm(call, next: "", problem: problem)
        }
        do {
            let outcome = try await call.library.signIn.signIn(
                email: form["email"], password: form["password"], from: call.address)
            switch outcome {
            case .signedIn(let session): return forms.enter(session, then: form["next"])
            case .codeNeeded(let ticket): return try await codeForm(call, ticket: ticket, next: form["next"])
            }
        } catch let problem as any Problem {
            return try await passwordForm(call, next: form["next"], email: form["email"], problem: problem)
        }
    }

    static func finish(_ call: Call) async throws -> Response {
        let forms = SignInForms(call)
        let form = try await forms.read()
        do {
            let session = try await call.library.signIn.signIn(ticket: form["ticket"], code: form["code"], from: call.address)
            return forms.enter(session, then: form["next"])
        } catch SignInProblem.ticketInvalid {
            return try await passwordForm(call, next: form["next"], problem: SignInProblem.ticketInvalid)
        } catch let problem as SignInProblem {
            return try await codeForm(call, ticket: form["ticket"], next: form["next"], problem: problem)
        }
    }

    static func signOut(_ call: Call) async throws -> Response {
        let forms = SignInForms(call)
        _ = try await forms.read()
        if let viewer = try await forms.browser.viewer(call.library) { try await call.library.signIn.signOut(viewer) }
        var response = Response.seeOther("/signin")
        forms.browser.forgetSession(in: &response)
        return response
    }

    static func notice(_ problem: any Problem) -> HTML { "<p class=\"problem\" role=\"alert\">\(problem.detail)</p>" }

    static func status(_ problem: (any Problem)?) -> HTTPResponse.Status { problem.map { ProblemStatus($0).status } ?? .ok }
}
