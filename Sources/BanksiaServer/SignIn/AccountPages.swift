import BanksiaCore
import BanksiaIdentity
import BanksiaLibrary
import HTTPTypes
import Hummingbird

/// Setting a password by a link, and what somebody who has signed in may change about how they do it.
enum AccountPages {
    static let operations: [Operation] = [
        Operation(.get, "/signin/setup/{link}", "set_up_page", .page, showSetup),
        Operation(.post, "/signin/setup/{link}", "set_up", .page, setUp),
        Operation(.get, "/signin/account", "account_page", .page, { try await show($0) }),
        Operation(.post, "/signin/password", "change_password", .page, changePassword),
        Operation(.get, "/signin/code/setup", "code_setup_page", .page, { try await showCode($0) }),
        Operation(.post, "/signin/code/setup", "confirm_code", .page, confirmCode),
        Operation(.post, "/signin/code/remove", "remove_code", .page, removeCode),
    ]

    static func showSetup(_ call: Call) async throws -> Response { try await setupForm(call) }

    private static func setupForm(_ call: Call, problem: (any Problem)? = nil) async throws -> Response {
        let owner = try await call.library.signIn.owner(ofLink: call.path["link"])
        return try await SignInForms(call).answer { hidden in
            WebPage(
                title: "Set a password",
                body: """
                    <main><h1>Set a password</h1>\(problem.map(SignInPages.notice))
                    <p>For the account <strong>\(owner.email)</strong>.</p>
                    <form method="post">\(hidden)\(newPassword)<button>Set password</button></form></main>
                    """,
                status: SignInPages.status(problem))
        }
    }

    private static let newPassword: HTML = """
        <label>New password <input type="password" name="new" minlength="10" autocomplete="new-password" required></label>
        <label>Once more <input type="password" name="again" autocomplete="new-password" required></label>
        """

    static func setUp(_ call: Call) async throws -> Response {
        let forms = SignInForms(call)
        do {
            let form = try await forms.read()
            guard form["new"] == form["again"] else { throw FormProblem.passwordsDiffer }
            let session = try await call.library.signIn.setPassword(form["new"], byLink: call.path["link"])
            return forms.enter(session, then: "/signin/account")
        } catch SignInProblem.linkInvalid {
            throw SignInProblem.linkInvalid
        } catch let problem as any Problem {
            return try await setupForm(call, problem: problem)
        }
    }

    /// Who is signed in, or the way to the form and back.
    private static func viewer(_ call: Call) async throws -> Viewer? { try await Browser(call).viewer(call.library) }

    static func show(_ call: Call, problem: (any Problem)? = nil) async throws -> Response {
        guard let viewer = try await viewer(call) else { return .seeOther("/signin?next=/signin/account") }
        let user = try await call.library.accounts.profile(of: viewer)
        let status = try await call.library.signIn.status(of: viewer)
        return try await SignInForms(call).answer { hidden in
            WebPage(
                title: "Your account",
                body: """
                    <main><h1>Your account</h1>\(problem.map(SignInPages.notice))
                    <p>Signed in as <strong>\(user.email)</strong>.</p>
                    <form method="post" action="/signin/out">\(hidden)<button class="plain">Sign out</button></form>
                    <section><h2>Password</h2>\(password(status, hidden))</section>
                    <section><h2>Code from your phone</h2>\(code(status, hidden))</section></main>
                    """,
                status: SignInPages.status(problem))
        }
    }

    private static let oldPassword: HTML = """
        <label>Password <input type="password" name="old" autocomplete="current-password" required></label>
        """

    private static func password(_ status: SignIn.Status, _ hidden: HTML) -> HTML {
        guard status.hasPassword else { return "<p>This account has no password.</p>" }
        return """
            <p class="quiet">Changing it ends all your other sign-ins.</p>
            <form method="post" action="/signin/password">\(hidden)\(oldPassword)\(newPassword)<button>Change</button></form>
            """
    }

    private static func code(_ status: SignIn.Status, _ hidden: HTML) -> HTML {
        guard status.wantsCode else {
            return """
                <p>Besides the password, a code from an app on your phone can be asked for.</p>
                <p><a href="/signin/code/setup">Set it up</a></p>
                """
        }
        return """
            <p>A code is asked for when you sign in.</p>
            <form method="post" action="/signin/code/remove">\(hidden)\(oldPassword)
            <button class="plain">Do not ask any more</button></form>
            """
    }

    static func changePassword(_ call: Call) async throws -> Response {
        try await change(call) { form, viewer in
            guard form["new"] == form["again"] else { throw FormProblem.passwordsDiffer }
            try await call.library.signIn.changePassword(from: form["old"], to: form["new"], by: viewer)
        }
    }

    static func removeCode(_ call: Call) async throws -> Response {
        try await change(call) { form, viewer in
            try await call.library.signIn.removeCode(password: form["old"], by: viewer)
        }
    }

    private static func change(_ call: Call, _ body: (FormBody, Viewer) async throws -> Void) async throws -> Response {
        guard let viewer = try await viewer(call) else { return .seeOther("/signin?next=/signin/account") }
        do { try await body(try await SignInForms(call).read(), viewer) } catch let problem as any Problem {
            return try await show(call, problem: problem)
        }
        return .seeOther("/signin/account")
    }

    static func showCode(_ call: Call, problem: (any Problem)? = nil) async throws -> Response {
        guard let viewer = try await viewer(call) else { return .seeOther("/signin?next=/signin/code/setup") }
        let user = try await call.library.accounts.profile(of: viewer)
        let secret = try await call.library.signIn.prepareCode(by: viewer).base32
        let label = PercentDecoding.encode("Banksia:" + user.email)
        return try await SignInForms(call).answer { hidden in
            WebPage(
                title: "Code from your phone",
                body: """
                    <main><h1>Code from your phone</h1>\(problem.map(SignInPages.notice))
                    <p>Give this key to an authenticator app, by hand or, on the phone itself, by
                    <a href="otpauth://totp/\(label)?secret=\(secret)&amp;issuer=Banksia">this link</a>:</p>
                    <p><code id="secret">\(secret)</code></p>
                    <form method="post" action="/signin/code/setup">\(hidden)\(oldPassword)
                    <label>The code it shows <input name="code" inputmode="numeric" autocomplete="one-time-code" required></label>
                    <button>Switch on</button></form></main>
                    """,
                status: SignInPages.status(problem))
        }
    }

    static func confirmCode(_ call: Call) async throws -> Response {
        guard let viewer = try await viewer(call) else { return .seeOther("/signin?next=/signin/code/setup") }
        do {
            let form = try await SignInForms(call).read()
            try await call.library.signIn.confirmCode(form["code"], password: form["old"], by: viewer)
        } catch let problem as any Problem {
            return try await showCode(call, problem: problem)
        }
        return .seeOther("/signin/account")
    }
}
