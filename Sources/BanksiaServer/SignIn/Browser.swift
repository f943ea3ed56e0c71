import BanksiaLibrary
import HTTPTypes
import Hummingbird

/// What our pages keep in a browser: who is signed in, and a mark by which a form is known to come back from where it was sent.
///
/// Cookies are out of reach for scripts, go to this server alone, and come along from other sites only when somebody follows a
/// link. Over HTTPS their names say that nothing but HTTPS set them (RFC 6265bis §4.1.3).
struct Browser {
    private let request: Request
    private let isSecure: Bool

    init(_ call: Call) { self.init(call.request, origin: call.origin) }

    /// - Parameter origin: where the browser reaches this server.
    init(_ request: Request, origin: String) {
        self.request = request
        isSecure = origin.hasPrefix("https:")
    }

    /// The session token, if there is one.
    var session: String? { Cookies.value(sessionName, in: request) }
    /// What this browser is told by.
    var mark: String? { Cookies.value(formName, in: request).flatMap { $0.utf8.count <= 128 ? $0 : nil } }

    private var sessionName: String { isSecure ? "__Host-banksia-session" : "banksia-session" }
    private var formName: String { isSecure ? "__Host-banksia-form" : "banksia-form" }

    func keep(session: String, in response: inout Response) {
        set(sessionName, session, maximumAge: Accounts.sessionLife.components.seconds, &response)
    }

    func forgetSession(in response: inout Response) { set(sessionName, "", maximumAge: 0, &response) }

    func keep(mark: String, in response: inout Response) { set(formName, mark, maximumAge: 86_400, &response) }

    private func set(_ name: String, _ value: String, maximumAge: Int64, _ response: inout Response) {
        let cookie =
            "\(name)=\(value); Path=/; Max-Age=\(maximumAge); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
        response.headers.append(HTTPField(name: .setCookie, value: cookie))
    }

    /// Who is signed in in this browser; `nil` when nobody is.
    func viewer(_ library: PhotoLibrary) async throws -> Viewer? {
        guard let session else { return nil }
        do {
            let viewer = try await library.accounts.viewer(bearer: session)
            return viewer.isFirstParty ? viewer : nil
        } catch is AccountProblem { return nil }
    }
}

/// Reads the header that browsers send cookies in.
enum Cookies {
    /// The token of whoever is signed in, for calls that a page of this very server makes. The browser vouches for that
    /// (W3C Fetch Metadata): a page of another site cannot say so.
    static func ownSession(in request: Request, origin: String) -> String? {
        guard request.headers[.secFetchSite] == "same-origin" else { return nil }
        return Browser(request, origin: origin).session
    }

    static func value(_ name: String, in request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let halves = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if halves.count == 2, halves[0] == name, !halves[1].isEmpty { return String(halves[1]) }
            }
        }
        return nil
    }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!  // a constant token
}
