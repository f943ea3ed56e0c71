import Crypto
import Foundation

/// Proof that who redeems a code is who asked for it (PKCE, RFC 7636), by the method S256 only.
public enum ProofKey {
    /// A new verifier: 256 random bits in 43 characters.
    public static func makeVerifier() -> String { Data(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }).base64URL }

    /// The challenge that belongs to a verifier.
    public static func challenge(for verifier: String) -> String { Data(SHA256.hash(data: Data(verifier.utf8))).base64URL }

    /// Whether a text can be a verifier: 43 to 128 unreserved characters (RFC 7636 §4.1).
    public static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count) && text.utf8.allSatisfy(isUnreserved)
    }

    /// Whether a text can be a challenge by S256, which is a SHA-256 in base64url.
    public static func isChallenge(_ text: String) -> Bool {
        text.utf8.count == 43 && text.utf8.allSatisfy { isUnreserved($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "~") }
    }

    /// Whether a verifier is the one behind a challenge; none is not.
    public static func proves(_ verifier: String?, _ challenge: String) -> Bool {
        guard let verifier, isVerifier(verifier) else { return false }
        return Self.challenge(for: verifier) == challenge
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || "-._~".utf8.contains(byte)
    }
}

extension Data {
    /// Base64 with the alphabet of RFC 4648 §5, without padding.
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The bytes behind such a text; `nil` for anything else.
    init?(base64URL text: some StringProtocol) {
        let standard = String(text).replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
    }
}
