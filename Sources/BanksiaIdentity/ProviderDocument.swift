import Foundation

/// What a provider tells about itself (OpenID Connect Discovery 1.0 §3), as far as a client needs it.
struct ProviderDocument: Codable, Sendable, Equatable {
    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let keysURL: String
    let endSessionEndpoint: String?
    let userInfoEndpoint: String?
    let tokenEndpointMethods: [String]?

    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case keysURL = "jwks_uri"
        case endSessionEndpoint = "end_session_endpoint"
        case userInfoEndpoint = "userinfo_endpoint"
        case tokenEndpointMethods = "token_endpoint_auth_methods_supported"
    }

    /// Where it lies for an issuer.
    static func url(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// Whether its addresses lie on the web, and with TLS wherever the issuer has it: what a provider says must not lead this
    /// server to a socket of its own machine, nor a browser to a script.
    var isUsable: Bool {
        let starts = issuer.hasPrefix("https://") ? ["https://"] : ["https://", "http://"]
        let addresses = [authorizationEndpoint, tokenEndpoint, keysURL, endSessionEndpoint, userInfoEndpoint]
        return addresses.compactMap(\.self).allSatisfy { address in
            starts.contains(where: address.hasPrefix) && address.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
    }

    /// Whether the client's secret goes into the form: only where the provider does not take it in a header, which is the
    /// standard way (RFC 6749 §2.3.1).
    var wantsSecretInForm: Bool {
        guard let methods = tokenEndpointMethods, !methods.isEmpty else { return false }
        return !methods.contains("client_secret_basic") && methods.contains("client_secret_post")
    }
}
