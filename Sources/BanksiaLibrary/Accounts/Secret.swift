import BanksiaCore
import Crypto
import Foundation

/// A bearer credential: `<public id>_<43 base64url characters>`, of which only a hash is kept.
///
/// The secret part holds 256 random bits, so a plain SHA-256 is enough to store it: there is nothing to guess
/// (NIST SP 800-63B §5.1.2.2 asks for slow hashing only below 112 bits).
struct Secret<Subject: IdentifierSubject>: Sendable {
    let id: Identifier<Subject>
    private let random: String

    static var secretLength: Int { 43 }

    /// A new secret for a new record.
    init(for id: Identifier<Subject>) {
        self.id = id
        random = Data(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }).base64URL
    }

    /// Reads a credential as a client sends it.
    init?(_ text: String) {
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let id = Identifier<Subject>("\(parts[0])_\(parts[1])"), parts[2].utf8.count == Self.secretLength
        else { return nil }
        self.id = id
        random = String(parts[2])
    }

    /// What the client keeps; shown once.
    var text: String { "\(id)_\(random)" }

    /// What the database keeps.
    var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }

    /// Compares in time that does not depend on where the hashes differ.
    func matches(_ stored: [UInt8]) -> Bool {
        let mine = hash
        return mine.count == stored.count && zip(mine, stored).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension Data {
    /// Base64 with the alphabet of RFC 4648 §5, without padding.
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The bytes behind such a text; `nil` for anything else.
    init?(base64URL text: String) {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4))
    }
}
