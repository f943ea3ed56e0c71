public import JWTKit

/// What a provider says about a person who signed in (OpenID Connect Core 1.0 §2 and §5.1).
public struct IDToken: JWTPayload, Equatable {
    public var iss: String
    public var sub: String
    public var aud: Audience
    public var azp: String?
    public var exp: Double
    public var iat: Double
    public var authTime: Double?
    public var nonce: String?
    public var email: String?
    public var emailVerified: Truth?
    public var name: String?
    public var givenName: String?
    public var familyName: String?

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, azp, exp, iat, nonce, email, name
        case authTime = "auth_time"
        case emailVerified = "email_verified"
        case givenName = "given_name"
        case familyName = "family_name"
    }

    public init(iss: String, sub: String, aud: String, exp: Double, iat: Double) {
        self.iss = iss
        self.sub = sub
        self.aud = Audience(names: [aud])
        self.exp = exp
        self.iat = iat
    }

    /// Signature and form are all that is asked here; `OpenIDClient` checks the rest.
    public func verify(using _: some JWTAlgorithm) {}

    /// One name or several.
    public struct Audience: Codable, Sendable, Equatable {
        public let names: [String]

        init(names: [String]) { self.names = names }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) {  // it may be a list instead, which the next line reads
                names = [one]
            } else {
                names = try container.decode([String].self)
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if names.count == 1 { try container.encode(names[0]) } else { try container.encode(names) }
        }
    }

    /// True or false; some providers write it as text.
    public struct Truth: Codable, Sendable, Equatable {
        public let isTrue: Bool

        public init(_ isTrue: Bool) { self.isTrue = isTrue }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {  // it may be text instead, which the next line reads
                isTrue = flag
            } else {
                isTrue = try container.decode(String.self).lowercased() == "true"
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(isTrue)
        }
    }
}
