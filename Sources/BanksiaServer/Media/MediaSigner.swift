import BanksiaCore
import Crypto
import Foundation

/// Signs media addresses, so that they can be fetched without a credential, and stay the same as long as what they name
/// stays the same.
struct MediaSigner: Sendable {
    /// Characters of the signature: 132 bits, beyond guessing, short enough for a list of many addresses.
    private static let length = 22

    /// An authentication code that has taken in the key and nothing else: half of the work of a short text.
    private let keyed: HMAC<SHA256>

    /// - Parameter key: secret bytes of this installation; another key makes all earlier addresses void.
    init(key: [UInt8]) { keyed = HMAC(key: SymmetricKey(data: key)) }

    /// `path?query&sig=…`
    func signed(path: String, query: String) -> String {
        let text = path + "?" + query
        return text + "&sig=" + signature(of: text)
    }

    /// Whether a request's path and query carry the signature that belongs to them. Nil when they carry none.
    ///
    /// The signed text is the path, `?`, and all other query parts in the order given. The comparison takes the same time
    /// wherever two signatures differ.
    func verify(path: Substring, query: Substring) -> Bool? {
        let parts = query.split(separator: "&", omittingEmptySubsequences: false)
        guard let given = parts.first(where: { $0.hasPrefix("sig=") })?.dropFirst(4), !given.isEmpty else { return nil }
        let rest = parts.filter { !$0.hasPrefix("sig=") }.joined(separator: "&")
        return Self.equal(Array(given.utf8), Array(signature(of: path + "?" + rest).utf8))
    }

    private func signature(of text: String) -> String {
        var code = keyed
        var text = text
        text.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
        return Self.base64URL(code.finalize().prefix(17))
    }

    /// The first characters of base64url (RFC 4648 §5). A list carries a hundred signatures, so the bits are taken as they are.
    private static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        var iterator = bytes.makeIterator()
        var bits: UInt32 = 0
        var count = 0
        return String(unsafeUninitializedCapacity: length) { characters in
            for place in 0..<length {
                if count < 6, let byte = iterator.next() {
                    bits = bits << 8 | UInt32(byte)
                    count += 8
                }
                count -= 6
                characters[place] = alphabet[Int(bits >> UInt32(count) & 63)]
            }
            return length
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
