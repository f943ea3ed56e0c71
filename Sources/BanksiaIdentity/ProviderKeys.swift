import Foundation
import JWTKit

/// The keys that a provider has published (RFC 7517).
struct ProviderKeys: Sendable {
    /// More than any provider has at a time.
    private static let most = 64

    private let keys: [JWK]

    /// Reads a set; keys that are for something else, or of a kind that is not known here, are passed over.
    init?(_ json: Data) {
        // What does not decode is no set of keys, whatever else it is.
        guard let set = try? JSONDecoder().decode(KeySet.self, from: json) else { return nil }
        keys = Array(set.keys.compactMap(\.key).prefix(Self.most))
    }

    /// The key that a token names; where it names none, the only one there is.
    private func key(_ name: String?) -> JWK? {
        guard let name else { return keys.count == 1 ? keys[0] : nil }
        return keys.first { $0.keyIdentifier?.string == name }
    }

    func contains(_ name: String?) -> Bool { key(name) != nil }

    /// - Returns: nil when the signature does not hold.
    func verify(_ text: String, _ header: TokenHeader) async -> IDToken? {
        guard var key = key(header.kid) else { return nil }
        key.keyIdentifier = key.keyIdentifier ?? "only"
        // Every failure means the same: not signed by that key.
        guard let collection = try? await JWTKeyCollection().add(jwk: key, isDefault: true) else { return nil }
        return try? await collection.verify(text)
    }

    private struct KeySet: Decodable {
        let keys: [Entry]
    }

    /// A key, or something that is passed over.
    private struct Entry: Decodable {
        let key: JWK?

        private struct Purpose: Decodable { let use: String? }

        init(from decoder: any Decoder) throws {
            let purpose = try? Purpose(from: decoder)  // a key need not say what it is for
            let isForSigning = purpose?.use == nil || purpose?.use == "sig"
            key = isForSigning ? try? JWK(from: decoder) : nil  // of a kind that is not known here
        }
    }
}

/// The first part of a signed token (RFC 7515 §4), read before the signature is checked and only to find the key.
struct TokenHeader: Decodable, Sendable {
    let alg: String
    let kid: String?

    /// Asymmetric algorithms only: with a symmetric one our own secret would do for a signature.
    private static let known: Set<String> = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]

    init?(of token: String) {
        guard token.utf8.count <= 1 << 16, let first = token.split(separator: ".", maxSplits: 1).first,
            let bytes = Data(base64URL: first), let header = try? JSONDecoder().decode(TokenHeader.self, from: bytes),
            Self.known.contains(header.alg)  // what does not decode is no header
        else { return nil }
        self = header
    }
}
