import BanksiaLibrary
import HTTPTypes
import Hummingbird

/// The forms of our sign-in. Each carries a code that only the browser it was sent to can send back with effect.
struct SignInForms {
    let call: Call
    let browser: Browser

    init(_ call: Call) {
        self.call = call
        browser = Browser(call)
    }

    /// An answer with forms in it.
    ///
    /// - Parameter page: makes the page around the hidden field that each of its forms has to hold.
    func answer(_ page: (_ hidden: HTML) -> WebPage) async throws -> Response {
        let mark = browser.mark ?? SignIn.makeMark()
        let code = try await call.library.signIn.formCode(for: mark)
        var response = page("<input type=\"hidden\" name=\"form\" value=\"\(code)\">").response()
        if browser.mark == nil { browser.keep(mark: mark, in: &response) }
        return response
    }

    /// Reads a form that came back.
    ///
    /// - Throws: `FormProblem.foreign` when it was not sent to this browser by us.
    func read() async throws -> FormBody {
        let form = try await FormBody.read(call.request)
        // Browsers that say where a form comes from say it truly (W3C Fetch Metadata); `none` is a page that was loaded anew.
        if let site = call.request.headers[.secFetchSite], site != "same-origin", site != "none" { throw FormProblem.foreign }
        guard let mark = browser.mark, try await call.library.signIn.isFormCode(form["form"], for: mark) else {
            throw FormProblem.foreign
        }
        return form
    }

    /// Signs the browser in and sends it on.
    func enter(_ session: String, then next: String) -> Response {
        var response = Response.seeOther(Self.local(next))
        browser.keep(session: session, in: &response)
        return response
    }

    /// The address of a page of ours; anything else becomes the account page, so that nobody is sent elsewhere by a link.
    static func local(_ address: String) -> String {
        let isPlain = address.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        return address.hasPrefix("/signin/") && isPlain ? address : "/signin/account"
    }
}
