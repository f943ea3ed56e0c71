import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What programs call when this server is their identity provider (OpenID Connect Core 1.0 and Discovery 1.0).
enum ProviderRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/.well-known/openid-configuration", "openid_configuration", .open, describe),
        Operation(.get, "/signin/keys", "openid_keys", .open, keys),
        Operation(.post, "/signin/token", "openid_token", .open, token),
        Operation(.get, "/signin/userinfo", "openid_user_info", .open, userInfo),
        Operation(.post, "/signin/userinfo", "openid_user_info_post", .open, userInfo),
    ]

    static func describe(_ call: Call) async throws -> Response {
        _ = try call.provider
        return .json(ProviderDescription(origin: call.origin))
    }

    static func keys(_ call: Call) async throws -> Response {
        let keys = try await call.provider.publishedKeys()
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "max-age=300"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: keys)))
    }

    static func token(_ call: Call) async throws -> Response {
        let provider = try call.provider
        let form = try await FormBody.read(call.request)
        do {
            guard form["grant_type"] == "authorization_code" else { throw OwnProviderProblem.unsupportedGrantType }
            let (id, secret) = try clientCredentials(call.request, form)
            let verifier = form["code_verifier"]
            let tokens = try await provider.tokens(
                for: form["code"], redirectURI: form["redirect_uri"], verifier: verifier.isEmpty ? nil : verifier, clientID: id,
                clientSecret: secret, origin: call.origin)
            var response = Response.json(TokenResponse(tokens))
            response.headers[.cacheControl] = "no-store"
            return response
        } catch let problem as OwnProviderProblem {
            var response = Response.json(OAuthErrorResponse(problem), status: ProblemStatus(problem).status)
            response.headers[.cacheControl] = "no-store"
            if problem == .invalidClient { response.headers[.wwwAuthenticate] = "Basic realm=\"Banksia\"" }
            return response
        }
    }

    /// From the header, or else from the form (RFC 6749 §2.3.1).
    private static func clientCredentials(_ request: Request, _ form: FormBody) throws(OwnProviderProblem) -> (String, String) {
        guard let header = request.headers[.authorization], header.lowercased().hasPrefix("basic ") else {
            return (form["client_id"], form["client_secret"])
        }
        guard let bytes = Data(base64Encoded: String(header.dropFirst("basic ".count))),
            let pair = String(validating: bytes, as: UTF8.self)
        else { throw .invalidClient }
        let halves = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let id = PercentDecoding.decode(halves[0], plusIsSpace: true),
            let secret = PercentDecoding.decode(halves[1], plusIsSpace: true)
        else { throw .invalidClient }
        return (id, secret)
    }

    static func userInfo(_ call: Call) async throws -> Response {
        let provider = try call.provider
        let user = try await provider.user(ofAccessToken: Authentication.bearerText(call.request))
        return .json(UserInfoResponse(user))
    }
}

extension Call {
    /// This server as an identity provider.
    ///
    /// - Throws: `OAuthProblem.notConfigured` where it is none.
    var provider: OwnProvider {
        get throws(OAuthProblem) {
            guard let provider = library.provider else { throw .notConfigured }
            return provider
        }
    }
}
