import BanksiaCore
import Crypto
import Foundation

/// What the link of an invitation proves: 256 random bits, as 43 characters of base64url.
///
/// The database keeps it encrypted instead of hashed, because its owner may see the link again. It is bound to its invitation,
/// so that a row's secret cannot be put into another row.
struct InvitationSecret: Sendable {
    let text: String

    /// Names the server's key in the database.
    static let keyPurpose = "invitation-secret"

    /// A new one.
    init() { text = Data(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }).base64URL }

    /// - Throws: `CryptoKitError` when the bytes are damaged, or belong to another key or invitation.
    init(opening sealed: [UInt8], of invitation: InvitationID, key: [UInt8]) throws {
        let box = try AES.GCM.SealedBox(combined: sealed)
        let bytes = try AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: Data(invitation.description.utf8))
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// As the database keeps it: nonce, ciphertext, tag.
    func sealed(for invitation: InvitationID, key: [UInt8]) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            Data(text.utf8), using: SymmetricKey(data: key), authenticating: Data(invitation.description.utf8))
        guard let combined = box.combined else { preconditionFailure("a box with a nonce of the usual size has this form") }
        return Array(combined)
    }

    /// Compares digests, byte for byte to the end, so that the time tells nothing of where they differ.
    func matches(_ shown: String) -> Bool {
        let mine = SHA256.hash(data: Data(text.utf8)), theirs = SHA256.hash(data: Data(shown.utf8))
        return zip(mine, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
