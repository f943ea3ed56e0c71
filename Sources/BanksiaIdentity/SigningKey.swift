import Crypto
import CryptoExtras
import Foundation
import JWTKit

/// The key with which this server, as an identity provider, signs what it says about people: RSA with 2048 bits, because RS256
/// is the one algorithm that every client has to know (OpenID Connect Core 1.0 §15.1).
public struct SigningKey: Sendable {
    private let key: JWTKit.Insecure.RSA.PrivateKey
    /// Its name in headers and in the published set: the thumbprint (RFC 7638).
    public let id: String
    private let modulus: String
    private let exponent: String

    /// A new key. It takes up to seconds: call it on a `BlockingPool`.
    ///
    /// - Returns: the form to store.
    public static func make() throws -> [UInt8] { Array(try _RSA.Signing.PrivateKey(keySize: .bits2048).derRepresentation) }

    /// - Parameter stored: what `make` returned.
    public init(stored: [UInt8]) throws {
        key = try JWTKit.Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(derRepresentation: Data(stored)))
        let parts = try key.publicKey.getKeyPrimitives()
        modulus = parts.modulus.base64URL
        exponent = parts.publicExponent.base64URL
        id = Data(SHA256.hash(data: Data(#"{"e":"\#(exponent)","kty":"RSA","n":"\#(modulus)"}"#.utf8))).base64URL
    }

    /// The published set with the public half (RFC 7517 §5).
    public var publishedSet: String {
        #"{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"\#(id)","n":"\#(modulus)","e":"\#(exponent)"}]}"#
    }

    /// A signed statement about a person.
    public func sign(_ token: IDToken) async throws -> String {
        let name = JWKIdentifier(string: id)
        return try await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256, kid: name).sign(token, kid: name)
    }
}
