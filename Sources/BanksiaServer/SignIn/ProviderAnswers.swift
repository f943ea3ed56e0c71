import BanksiaAPI
import BanksiaCore
import BanksiaLibrary

// Answers of this server as an identity provider. They are OpenID's, not the contract's, so they stand here.

/// What this server tells about itself (OpenID Connect Discovery 1.0 §3).
struct ProviderDescription: JSONWritable {
    let origin: String

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("issuer", origin)
            $0.field("authorization_endpoint", origin + OwnProvider.authorizationPath)
            $0.field("token_endpoint", origin + "/signin/token")
            $0.field("userinfo_endpoint", origin + "/signin/userinfo")
            $0.field("jwks_uri", origin + "/signin/keys")
            $0.field("end_session_endpoint", origin + OwnProvider.endSessionPath)
            for (name, values) in Self.supported {
                $0.key(dynamic: name)
                $0.array(values) { writer, value in writer.string(value) }
            }
        }
    }

    private static let supported: [(String, [String])] = [
        ("response_types_supported", ["code"]), ("response_modes_supported", ["query"]),
        ("grant_types_supported", ["authorization_code"]), ("subject_types_supported", ["public"]),
        ("id_token_signing_alg_values_supported", ["RS256"]), ("scopes_supported", ["openid", "email", "profile"]),
        ("token_endpoint_auth_methods_supported", ["client_secret_basic", "client_secret_post"]),
        ("code_challenge_methods_supported", ["S256"]),
        (
            "claims_supported",
            [
                "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "email", "email_verified", "name", "given_name",
                "family_name",
            ]
        ),
    ]
}

/// RFC 6749 §5.1.
struct TokenResponse: JSONWritable {
    let tokens: OwnProvider.Tokens

    init(_ tokens: OwnProvider.Tokens) { self.tokens = tokens }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("access_token", tokens.accessToken)
            $0.field("token_type", "Bearer")
            $0.field("expires_in", Int64(tokens.life))
            $0.field("id_token", tokens.idToken)
        }
    }
}

/// RFC 6749 §5.2.
struct OAuthErrorResponse: JSONWritable {
    let problem: OwnProviderProblem

    init(_ problem: OwnProviderProblem) { self.problem = problem }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("error", problem.oauthError)
            $0.field("error_description", problem.detail)
        }
    }
}

/// OpenID Connect Core 1.0 §5.3.2.
struct UserInfoResponse: JSONWritable {
    let user: User

    init(_ user: User) { self.user = user }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("sub", user.id.description)
            $0.field("email", user.email)
            $0.field("email_verified", user.isVerified)
            if let name = user.firstName { $0.field("given_name", name) }
            if let name = user.lastName { $0.field("family_name", name) }
        }
    }
}
