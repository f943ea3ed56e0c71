public import Foundation

/// Says which prefix the public form of an id carries, so that each kind of id is a type of its own.
public protocol IdentifierSubject {
    /// The fixed start of the public form, with its underscore, for example `asset_`.
    static var idPrefix: String { get }
}

/// The id of one `Subject`: a UUID, printed as a prefix and a 22-character short UUID.
///
/// New ids are time-ordered (UUID version 7, RFC 9562 §5.7), so rows inserted together lie together in an index.
/// The short form is the 128-bit number in base 57, most significant digit first, padded with `2` to 22 characters
/// (the encoding of the `shortuuid` package, which clients decode).
public struct Identifier<Subject: IdentifierSubject>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 128 bits behind the public form.
    public let uuid: UUID

    /// Wraps a UUID that is already known, for example one read from the database.
    public init(uuid: UUID) { self.uuid = uuid }

    /// Reads the public form; `nil` for anything else. A caller treats `nil` exactly like an id that does not exist.
    public init?(_ text: some StringProtocol) {
        guard text.hasPrefix(Subject.idPrefix), let uuid = ShortUUID.decode(text.dropFirst(Subject.idPrefix.count)) else {
            return nil
        }
        self.uuid = uuid
    }

    /// The public form, for example `asset_5G2oMtuqbFCkXr8Qec6Wwf`.
    public var description: String { Subject.idPrefix + ShortUUID.encode(uuid) }

    /// Byte order, which for time-ordered ids is the order of creation.
    public static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}

/// Makes new ids. Handed in through initialisers so that a test can fix them.
public struct IdentifierSource: Sendable {
    private let next: @Sendable () -> UUID

    /// A source that calls `next` for each id.
    public init(_ next: @escaping @Sendable () -> UUID) { self.next = next }

    /// UUID version 7: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562 §5.7).
    public static let timeOrdered = IdentifierSource {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(max(0, SystemClock().now.microseconds / 1000))
        let high = (milliseconds << 16) | 0x7000 | UInt64.random(in: 0...0xFFF, using: &random)
        let low = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3FFF_FFFF_FFFF_FFFF, using: &random)
        return UUID(high: high, low: low)
    }

    /// A new id of the kind the context asks for.
    public func make<Subject>(_: Identifier<Subject>.Type = Identifier<Subject>.self) -> Identifier<Subject> {
        Identifier(uuid: next())
    }
}

/// The base-57 text form of a UUID, as the Python package `shortuuid` writes it.
public enum ShortUUID {
    /// Digits by value; `0 1 I O l` are left out because people confuse them.
    private static let alphabet = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: .max, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()
    /// 57²² is the first power of 57 above 2¹²⁸.
    private static let length = 22

    /// 57¹⁰: two divisions by it leave numbers of 64 bits, whose digits come cheaper than those of 128 bits.
    private static let chunk: UInt128 = 362_033_331_456_891_249

    /// Exactly 22 characters.
    public static func encode(_ uuid: UUID) -> String {
        let (upper, last) = ((UInt128(uuid.high) << 64) | UInt128(uuid.low)).quotientAndRemainder(dividingBy: chunk)
        let (first, middle) = upper.quotientAndRemainder(dividingBy: chunk)
        return String(unsafeUninitializedCapacity: length) { buffer in
            write(UInt64(first), into: buffer, 0..<2)
            write(UInt64(middle), into: buffer, 2..<12)
            write(UInt64(last), into: buffer, 12..<22)
            return length
        }
    }

    private static func write(_ number: UInt64, into buffer: UnsafeMutableBufferPointer<UInt8>, _ places: Range<Int>) {
        var number = number
        for place in places.reversed() {
            buffer[place] = alphabet[Int(number % 57)]
            number /= 57
        }
    }

    /// `nil` unless `text` is 22 characters of the alphabet that fit in 128 bits.
    public static func decode(_ text: some StringProtocol) -> UUID? {
        let digits = text.utf8
        guard digits.count == length else { return nil }
        var number: UInt128 = 0
        for digit in digits {
            let value = values[Int(digit)]
            guard value != .max else { return nil }
            let (scaled, overflowed) = number.multipliedReportingOverflow(by: 57)
            let (sum, carried) = scaled.addingReportingOverflow(UInt128(value))
            guard !overflowed, !carried else { return nil }
            number = sum
        }
        return UUID(high: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number))
    }
}

extension UUID {
    /// A UUID from its two big-endian halves.
    public init(high: UInt64, low: UInt64) {
        func byte(_ half: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: half >> (56 - 8 * index)) }
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6),
                byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }

    /// The first eight bytes as a big-endian number.
    public var high: UInt64 {
        withUnsafeBytes(of: uuid) { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    /// The last eight bytes as a big-endian number.
    public var low: UInt64 {
        withUnsafeBytes(of: uuid) { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) }
    }
}
