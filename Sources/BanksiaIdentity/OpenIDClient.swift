public import BanksiaCore
import Foundation
import JWTKit

/// Signs people in at an OpenID provider elsewhere.
///
/// Everything the provider sends is bounded in size and time; its document and keys are kept for a while, and keys are
/// fetched anew when a token names one that is not among them.
public actor OpenIDClient: IdentityProvider {
    /// How this server is known at the provider.
    public struct Registration: Sendable, Equatable {
        /// Its address, as it writes it into its tokens.
        public let issuer: String
        public let clientID: String
        /// Empty for a public client.
        public let clientSecret: String

        public init(issuer: String, clientID: String, clientSecret: String) {
            self.issuer = issuer
            self.clientID = clientID
            self.clientSecret = clientSecret
        }
    }

    private let registration: Registration
    private let clock: any WallClock
    private let http: ProviderHTTP
    private var document: (ProviderDocument, fetchedAt: Instant)?
    private var keys: (ProviderKeys, fetchedAt: Instant)?

    /// Providers announce changes days ahead; an hour is what their own caching headers usually say.
    private static let freshness = Duration.seconds(3600)
    /// Unknown keys make us ask again, but not more often than this, whatever tokens somebody makes up.
    private static let keyPause = Duration.seconds(30)

    public init(_ registration: Registration, clock: any WallClock) {
        self.registration = registration
        self.clock = clock
        http = ProviderHTTP()
    }

    public func authorizationURL(for request: AuthorizationRequest, origin _: String) async throws -> String {
        let parameters = [
            ("response_type", "code"), ("client_id", registration.clientID), ("redirect_uri", request.redirectURI),
            ("scope", "openid email profile"), ("state", request.state), ("nonce", request.nonce),
            ("code_challenge", request.challenge), ("code_challenge_method", "S256"),
        ]
        let endpoint = try await currentDocument().authorizationEndpoint
        return endpoint + (endpoint.contains("?") ? "&" : "?") + FormEncoding.encode(parameters)
    }

    public func logoutURL(origin _: String) async throws -> String? { try await currentDocument().endSessionEndpoint }

    public func redeem(_ code: String, redirectURI: String, verifier: String?, nonce: String) async throws -> Identity {
        let document = try await currentDocument()
        let token = try await idToken(for: code, redirectURI, verifier, document)
        return try await checked(token, nonce: nonce, document)
    }

    private func idToken(for code: String, _ redirectURI: String, _ verifier: String?, _ document: ProviderDocument) async throws
        -> String
    {
        var form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI)]
        if let verifier { form.append(("code_verifier", verifier)) }
        var authorization: String?
        if registration.clientSecret.isEmpty {
            form.append(("client_id", registration.clientID))
        } else if document.wantsSecretInForm {
            form += [("client_id", registration.clientID), ("client_secret", registration.clientSecret)]
        } else {
            let pair = FormEncoding.encode(registration.clientID) + ":" + FormEncoding.encode(registration.clientSecret)
            authorization = "Basic " + Data(pair.utf8).base64EncodedString()
        }
        let answer = try await http.post(document.tokenEndpoint, form: form, authorization: authorization)
        if answer.status == 200, let tokens = try? JSONDecoder().decode(TokenAnswer.self, from: answer.body) {
            return tokens.idToken  // what does not decode is told apart below
        }
        guard (400..<500).contains(answer.status) else { throw IdentityProblem.misbehaved("its token endpoint failed") }
        let refusal = try? JSONDecoder().decode(TokenRefusal.self, from: answer.body)  // a refusal need not say why
        guard refusal?.error == "invalid_grant" else {
            throw IdentityProblem.misbehaved("it does not let this server exchange codes; check the client id and secret")
        }
        throw IdentityProblem.codeRefused
    }

    /// OpenID Connect Core 1.0 §3.1.3.7.
    private func checked(_ text: String, nonce: String, _ document: ProviderDocument) async throws -> Identity {
        let token = try await verified(text, document)
        guard token.iss == document.issuer else { throw IdentityProblem.untrustworthy("it speaks for another issuer") }
        guard token.aud.names.contains(registration.clientID), token.azp == nil || token.azp == registration.clientID,
            token.aud.names.count == 1 || token.azp != nil
        else { throw IdentityProblem.untrustworthy("it is meant for another program") }
        let now = clock.now.secondsSinceEpoch
        // Clocks of two machines are rarely further apart.
        guard token.exp > now - 60 else { throw IdentityProblem.untrustworthy("it has expired") }
        guard token.iat < now + 300 else { throw IdentityProblem.untrustworthy("it was made in the future") }
        guard token.nonce == nonce else { throw IdentityProblem.untrustworthy("it belongs to another sign-in") }
        guard !token.sub.isEmpty, token.sub.utf8.count <= 255 else { throw IdentityProblem.untrustworthy("it names nobody") }
        return Identity(
            issuer: token.iss, subject: token.sub, email: token.email, isEmailVerified: token.emailVerified?.isTrue ?? false,
            givenName: token.givenName ?? token.name, familyName: token.familyName)
    }

    private func verified(_ text: String, _ document: ProviderDocument) async throws -> IDToken {
        guard let header = TokenHeader(of: text) else { throw IdentityProblem.untrustworthy("it is no signed token") }
        var keys = try await currentKeys(document, olderThan: Self.freshness)
        if !keys.contains(header.kid) { keys = try await currentKeys(document, olderThan: Self.keyPause) }
        guard keys.contains(header.kid) else { throw IdentityProblem.untrustworthy("it is signed with an unknown key") }
        guard let token = await keys.verify(text, header) else {
            throw IdentityProblem.untrustworthy("its signature does not hold")
        }
        return token
    }

    private func currentDocument() async throws -> ProviderDocument {
        if let (document, fetchedAt) = document, clock.now.since(fetchedAt) < Self.freshness { return document }
        let answer = try await http.get(ProviderDocument.url(of: registration.issuer))
        guard answer.status == 200, let fresh = try? JSONDecoder().decode(ProviderDocument.self, from: answer.body) else {
            throw IdentityProblem.misbehaved("it does not describe itself")
        }
        guard Self.sameIssuer(fresh.issuer, registration.issuer) else {
            throw IdentityProblem.misbehaved("it calls itself by another name than the setting `oidc-issuer`")
        }
        document = (fresh, clock.now)
        return fresh
    }

    private func currentKeys(_ document: ProviderDocument, olderThan age: Duration) async throws -> ProviderKeys {
        if let (keys, fetchedAt) = keys, clock.now.since(fetchedAt) < age { return keys }
        let answer = try await http.get(document.keysURL)
        guard answer.status == 200, let fresh = ProviderKeys(answer.body) else {
            throw IdentityProblem.misbehaved("it does not publish its keys")
        }
        keys = (fresh, clock.now)
        return fresh
    }

    /// A slash at the end is easily forgotten or added in a setting.
    private static func sameIssuer(_ left: String, _ right: String) -> Bool {
        left == right || left + "/" == right || left == right + "/"
    }

    /// Ends the connections.
    public func close() async { await http.close() }

    private struct TokenAnswer: Decodable {
        let idToken: String
        enum CodingKeys: String, CodingKey { case idToken = "id_token" }
    }

    private struct TokenRefusal: Decodable { let error: String }
}
