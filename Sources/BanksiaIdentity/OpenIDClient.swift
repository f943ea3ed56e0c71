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
    private let http = ProviderHTTP()
    private var document: (ProviderDocument, fetchedAt: Instant)?
    /// Under way, so that however many wait for the document, it is asked for once.
    private var fetching: Task<ProviderDocument, any Error>?
    private var keys: (ProviderKeys, fetchedAt: Instant)?

    /// Providers announce changes days ahead; an hour is what their own caching headers usually say.
    private static let freshness = Duration.seconds(3600)
    /// Unknown keys make us ask again, but not more often than this, whatever tokens somebody makes up.
    private static let keyPause = Duration.seconds(30)

    public init(_ registration: Registration, clock: any WallClock) {
        self.registration = registration
        self.clock = clock
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
        let tokens = try await tokens(for: code, redirectURI, verifier, document)
        let identity = try await checked(tokens.idToken, nonce: nonce, document)
        guard identity.email == nil else { return identity }
        return try await completed(identity, tokens, document)
    }

    private func tokens(for code: String, _ redirectURI: String, _ verifier: String?, _ document: ProviderDocument) async throws
        -> TokenAnswer
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
            return tokens  // what does not decode is told apart below
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

    /// Some providers say who somebody is in their tokens, and the rest only where one asks for it (OpenID Connect Core 1.0
    /// §5.3).
    private func completed(_ identity: Identity, _ tokens: TokenAnswer, _ document: ProviderDocument) async throws -> Identity {
        guard let endpoint = document.userInfoEndpoint, let accessToken = tokens.accessToken else { return identity }
        let answer = try await http.get(endpoint, authorization: "Bearer " + accessToken)
        // A provider need not tell, and may tell in a form that is not asked for here.
        guard answer.status == 200, let told = try? JSONDecoder().decode(UserInfo.self, from: answer.body) else {
            return identity
        }
        guard told.sub == identity.subject else { throw IdentityProblem.untrustworthy("it tells about somebody else") }
        var identity = identity
        identity.email = told.email
        identity.isEmailVerified = told.emailVerified?.isTrue ?? false
        identity.givenName = identity.givenName ?? told.givenName ?? told.name
        identity.familyName = identity.familyName ?? told.familyName
        return identity
    }

    private func currentDocument() async throws -> ProviderDocument {
        if let (document, fetchedAt) = document, clock.now.since(fetchedAt) < Self.freshness { return document }
        if let fetching { return try await fetching.value }
        // Ends by itself within the patience for one request; nobody has to cancel it.
        let task = Task { try await freshDocument() }
        fetching = task
        defer { fetching = nil }
        let fresh = try await task.value
        document = (fresh, clock.now)
        return fresh
    }

    private func freshDocument() async throws -> ProviderDocument {
        let answer = try await http.get(ProviderDocument.url(of: registration.issuer))
        guard answer.status == 200, let fresh = try? JSONDecoder().decode(ProviderDocument.self, from: answer.body) else {
            throw IdentityProblem.undescribed("it does not describe itself")
        }
        guard Self.sameIssuer(fresh.issuer, registration.issuer) else {
            throw IdentityProblem.undescribed("it calls itself by another name than the setting `oidc-issuer`")
        }
        guard fresh.isUsable else { throw IdentityProblem.undescribed("it names addresses that are none of the web") }
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
        let accessToken: String?
        enum CodingKeys: String, CodingKey {
            case idToken = "id_token"
            case accessToken = "access_token"
        }
    }

    private struct UserInfo: Decodable {
        let sub: String
        let email: String?
        let emailVerified: IDToken.Truth?
        let name: String?
        let givenName: String?
        let familyName: String?

        enum CodingKeys: String, CodingKey {
            case sub, email, name
            case emailVerified = "email_verified"
            case givenName = "given_name"
            case familyName = "family_name"
        }
    }

    private struct TokenRefusal: Decodable { let error: String }
}
