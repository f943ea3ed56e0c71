import Crypto
import CryptoExtras
import Foundation

/// What is kept of a password: scrypt of it (RFC 7914), with the salt and the cost beside it, so that old hashes stay readable
/// when new ones cost more.
public struct PasswordHash: Sendable, Equatable {
    /// How much work one guess is.
    public struct Cost: Sendable, Equatable {
        /// Memory and time; a power of two.
        public let rounds: Int
        public let blockSize: Int
        public let parallelism: Int

        public init(rounds: Int, blockSize: Int, parallelism: Int) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 32 MiB and a quarter of a second of one core: the OWASP Password Storage Cheat Sheet names 2¹⁵, 8, 3 as equal to
        /// its first choice, which would take four times the memory.
        public static let standard = Cost(rounds: 1 << 15, blockSize: 8, parallelism: 3)
    }

    public let cost: Cost
    private let salt: [UInt8]
    private let key: [UInt8]

    private static let saltLength = 16
    private static let keyLength = 32

    /// Hashes a new password. It blocks for as long as `cost` says: call it on a `BlockingPool`.
    public init(of password: String, cost: Cost) throws {
        self.cost = cost
        salt = SymmetricKey(size: SymmetricKeySize(bitCount: 8 * Self.saltLength)).withUnsafeBytes { Array($0) }
        key = try Self.derive(password, salt, cost)
    }

    /// Reads the stored form; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Data(base64URL: parts[4]), let key = Data(base64URL: parts[5]),
            key.count == Self.keyLength
        else { return nil }
        cost = Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        self.salt = Array(salt)
        self.key = Array(key)
    }

    /// The stored form.
    public var text: String {
        "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$\(Data(salt).base64URL)$\(Data(key).base64URL)"
    }

    /// Whether this is the hash of a password. It blocks like `init(of:cost:)`.
    public func matches(_ password: String) throws -> Bool {
        let other = try Self.derive(password, salt, cost)
        return zip(other, key).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Two keyboards may spell one letter in two ways, so passwords are compared in one form (RFC 8265 §4.2: NFC).
    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
        let bytes = Data(password.precomposedStringWithCanonicalMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: keyLength, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism
        ).withUnsafeBytes { Array($0) }
    }
}
