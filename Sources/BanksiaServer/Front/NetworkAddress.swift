/// An address of the Internet Protocol as its bytes: 4, or 16 of version 6. An address of version 4 that is written in version 6
/// (RFC 4291 §2.5.5.2) counts as what it is.
struct NetworkAddress: Hashable, Sendable {
    let bytes: [UInt8]

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }  // the longest spelling, with dots at its end
        if let four = Self.four(text) {
            bytes = four
        } else if let all = Self.sixteen(String(text)) {
            bytes = all.starts(with: Self.mappedPrefix) ? Array(all.suffix(4)) : all
        } else {
            return nil
        }
    }

    /// As proxies write it into `X-Forwarded-For`: some add the port, and brackets around version 6.
    init?(hop text: some StringProtocol) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            self.init(text[text.index(after: text.startIndex)..<end])
        } else if text.contains("."), let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon {
            self.init(text[..<colon])
        } else {
            self.init(text)
        }
    }

    /// What one customer of a network gets, as text to count by: the address itself, or the first 64 bits of version 6.
    var network: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        var groups = stride(from: 0, to: 8, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        while groups.last == 0 { groups.removeLast() }
        return groups.map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in part.utf8.allSatisfy { (48...57).contains($0) } ? UInt8(part) : nil }
        return parts.count == 4 && numbers.count == 4 ? numbers : nil
    }

    private static func sixteen(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            let all = groups(text[...])
            return all?.count == 16 ? all : nil
        }
        guard let front = groups(text[..<gap.lowerBound]), let back = groups(text[gap.upperBound...]),
            front.count + back.count <= 14
        else { return nil }
        return front + [UInt8](repeating: 0, count: 16 - front.count - back.count) + back
    }

    /// The bytes of groups of four digits with colons between; the last may be an address of version 4.
    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let four = four(part) {
                bytes += four
            } else if (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit), let number = UInt16(part, radix: 16) {
                bytes += [UInt8(number >> 8), UInt8(number & 0xFF)]
            } else {
                return nil
            }
        }
        return bytes
    }
}

/// Addresses that begin alike, as `10.0.0.0/8` writes them (CIDR, RFC 4632); without a slash one address.
public struct AddressRange: Hashable, Sendable {
    private let start: NetworkAddress
    private let bits: Int

    /// `nil` for anything else.
    public init?(_ text: String) {
        let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let start = NetworkAddress(halves[0]) else { return nil }
        let most = start.bytes.count * 8
        guard let bits = halves.count == 2 ? Int(halves[1]) : most, (0...most).contains(bits) else { return nil }
        self.start = start
        self.bits = bits
    }

    func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == start.bytes.count else { return false }
        return zip(start.bytes, address.bytes).enumerated().allSatisfy { index, pair in
            let shared = min(8, max(0, bits - index * 8))
            return (pair.0 ^ pair.1) >> UInt8(8 - shared) == 0 || shared == 0
        }
    }
}
