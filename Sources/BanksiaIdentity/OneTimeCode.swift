public import BanksiaCore
import Crypto
import Foundation

/// A secret shared with somebody's phone, from which both work out the same short-lived codes (TOTP, RFC 6238, with the values
/// that every app knows: SHA-1, six digits, thirty seconds).
public struct OneTimeSecret: Sendable, Equatable {
    /// 160 bits, as RFC 4226 §4 recommends.
    public let bytes: [UInt8]

    private static let period: Int64 = 30
    /// Steps that a phone's clock may be off, to either side.
    private static let tolerance: Int64 = 1

    /// A new secret.
    public init() { bytes = SymmetricKey(size: SymmetricKeySize(bitCount: 160)).withUnsafeBytes { Array($0) } }

    /// A stored one.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// For typing: Base32 (RFC 4648 §6), without padding.
    public var base32: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int(bits >> count & 31)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << (5 - count) & 31)]) }
        return text
    }

    /// The step that a code belongs to, if it is good now and later than the last one used: a code is good once.
    public func step(of code: String, at now: Instant, after lastStep: Int64) -> Int64? {
        let digits = code.filter { $0 != " " }
        guard digits.utf8.count == 6 else { return nil }
        let current = now.microseconds / 1_000_000 / Self.period
        return ((current - Self.tolerance)...(current + Self.tolerance)).first { step in
            step > lastStep && Self.equal(self.code(at: step), digits)
        }
    }

    /// The code of a step (RFC 4226 §5.3).
    func code(at step: Int64) -> String {
        let message = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let code = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: bytes)))
        let offset = Int(code[19] & 15)
        let number = code[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func equal(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
