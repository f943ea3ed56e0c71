import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Signing people in for other programs, at the identity provider that is set up.
enum OAuthRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/oauth/auth-url", "get_oauth_url", .open, start),
        Operation(.post, "/api/oauth/exchange", "exchange_oauth_code", .open, body: .json, finish),
        Operation(.get, "/api/oauth/logout-endpoint", "get_oauth_logout_endpoint", .open, logout),
    ]

    static func start(_ call: Call) async throws -> Response {
        guard let redirectURI = call.query.raw("redirect_uri") else {
            throw RequestProblem.invalid(field: "redirect_uri", issue: "redirect_uri is missing.")
        }
        let url = try await call.library.oauth.start(
            redirectURI: redirectURI, challenge: call.query.raw("code_challenge"),
            method: call.query.raw("code_challenge_method"), origin: call.origin)
        return .json(AuthURLResponse(url: url))
    }

    static func finish(_ call: Call) async throws -> Response {
        let body = call.body
        let signedIn = try await call.library.oauth.finish(
            code: body.text("code").orNil, state: body.text("state").orNil, error: body.text("error").orNil,
            verifier: body.text("code_verifier").orNil)
        let user = signedIn.user
        return .json(
            ExchangeResponse(
                accessToken: signedIn.token,
                user: ExchangeUserResponse(
                    id: user.id.description, providerUserID: signedIn.subject, email: user.email, firstName: user.firstName,
                    isActive: user.isActive, isVerified: user.isVerified, lastName: user.lastName)))
    }

    static func logout(_ call: Call) async throws -> Response {
        .json(LogoutEndpointResponse(logoutEndpoint: try await call.library.oauth.logoutURL(origin: call.origin)))
    }
}
