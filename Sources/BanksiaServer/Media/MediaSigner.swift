import BanksiaCore
import Crypto
import Foundation

/// Signs media addresses, so that they can be fetched without a credential, and stay the same as long as what they name
/// stays the same.
struct MediaSigner: Sendable {
    /// Characters of the signature: 132 bits, beyond guessing, short enough for a list of many addresses.
    private static let length = 22

    /// HMAC-SHA256 as RFC 2104 §2 defines it, with what the key alone decides worked out once: a list carries a hundred
    /// signatures of short texts, of which that is half the work, and swift-crypto's `HMAC` costs as much again in generic code.
    private let inner: SHA256
    private let outer: SHA256

    /// - Parameter key: secret bytes of this installation, 64 at most; another key makes all earlier addresses void.
    init(key: [UInt8]) {
        precondition(key.count <= SHA256.blockByteCount, "longer keys would have to be hashed first")
        let block = key + Array(repeating: 0, count: SHA256.blockByteCount - key.count)
        inner = Self.hash(block.map { $0 ^ 0x36 })
        outer = Self.hash(block.map { $0 ^ 0x5C })
    }

    private static func hash(_ block: [UInt8]) -> SHA256 {
        var hash = SHA256()
        hash.update(data: block)
        return hash
    }

    /// `path?query&sig=…` behind an origin that is not signed, as the same server is known by several.
    func signed(origin: String = "", path: String, query: String) -> String {
        let longest = origin.utf8.count + path.utf8.count + query.utf8.count + "?&sig=".utf8.count + Self.length
        return String(unsafeUninitializedCapacity: longest) { target in
            var end = 0
            func append(_ text: String) {
                var text = text
                text.withUTF8 { bytes in
                    _ = UnsafeMutableBufferPointer(rebasing: target[end...]).update(fromContentsOf: bytes)
                    end += bytes.count
                }
            }
            append(origin)
            append(path)
            append("?")
            append(query)
            let code = self.code(of: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(target)[origin.utf8.count..<end]))
            append("&sig=")
            Self.writeSignature(code, into: UnsafeMutableBufferPointer(rebasing: target[end..<longest]))
            return longest
        }
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
        var text = text
        let code = text.withUTF8 { self.code(of: UnsafeRawBufferPointer($0)) }
        return String(unsafeUninitializedCapacity: Self.length) { target in
            Self.writeSignature(code, into: target)
            return Self.length
        }
    }

    private func code(of text: UnsafeRawBufferPointer) -> SHA256.Digest {
        var inner = inner
        inner.update(bufferPointer: text)
        var outer = outer
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize()
    }

    /// The first characters of base64url (RFC 4648 §5).
    private static func writeSignature(_ code: SHA256.Digest, into target: UnsafeMutableBufferPointer<UInt8>) {
        code.withUnsafeBytes { bytes in
            var bits: UInt32 = 0
            var count = 0
            var next = 0
            for place in 0..<length {
                if count < 6 {
                    bits = bits << 8 | UInt32(bytes[next])
                    next += 1
                    count += 8
                }
                count -= 6
                target[place] = alphabet[Int(bits >> UInt32(count) & 63)]
            }
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
