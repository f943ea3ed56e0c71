import BanksiaCore
import HTTPTypes
import Hummingbird
import NIOCore

/// A page for people, as our own sign-in and the reference are made of: no scripts, one style sheet of ours.
struct WebPage {
    var title: String
    var body: HTML
    var status: HTTPResponse.Status = .ok
    /// Where a form of the page may lead in the end, besides this server: browsers check every hop of a redirect.
    var formTargets: [String] = []
    /// Whether the page is the same for everybody, so that it may be kept.
    var isPublic = false

    /// The page as an answer, with everything forbidden that it does not need.
    func response() -> Response {
        let document: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>\(title) · Banksia</title>
            <link rel="stylesheet" href="/pages/style.css">
            </head>
            <body>
            \(body)
            </body>
            </html>

            """
        let targets = (["'self'"] + formTargets).joined(separator: " ")
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8",
            .contentSecurityPolicy:
                "default-src 'none'; style-src 'self'; form-action \(targets); frame-ancestors 'none'; base-uri 'none'",
            .xContentTypeOptions: "nosniff",
            // Addresses of these pages hold states and links that are nobody else's business.
            .referrerPolicy: "no-referrer",
            .cacheControl: isPublic ? "no-cache" : "no-store",
        ]
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: document.source)))
    }

    /// An error as a page, with the status and headers that the envelope would have.
    static func problem(_ error: any Error, _ envelope: Response) -> Response {
        let text =
            (error as? any Problem)?.detail ?? "Something went wrong here. The person who runs this server finds it in the log."
        let body: HTML =
            "<main><h1>That did not work</h1><p class=\"problem\">\(text)</p><p><a href=\"/signin\">Sign in</a></p></main>"
        var response = WebPage(title: "Not possible", body: body, status: envelope.status).response()
        for name in [HTTPField.Name.retryAfter, .shouldRetry] { response.headers[name] = envelope.headers[name] }
        return response
    }
}

extension Response {
    /// Sends a browser on. The address is asked for with GET, whatever led here.
    static func seeOther(_ address: String) -> Response {
        Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!  // a constant token
}
