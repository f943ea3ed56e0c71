/// The little that has to be known of an ICC profile (ICC.1:2010): whether going through it would change nothing.
enum ICCProfile {
    /// Whether the profile calls itself sRGB, which holds for most files that are not from a phone. Skipping the way through
    /// the profile connection space then saves about a third of the time of a rendition.
    static func isSRGB(_ profile: [UInt8]) -> Bool {
        guard profile.count > 132, text(profile[16..<20]) == "RGB " else { return false }  // §7.2.6: data colour space
        return description(of: profile)?.hasPrefix("sRGB") == true
    }

    private static let tagLimit = 100

    /// The `desc` tag (§9.2.41), as version 2 (`desc`, ASCII) or version 4 (`mluc`, §10.13, UTF-16) writes it.
    private static func description(of profile: [UInt8]) -> String? {
        let count = min(number(profile, at: 128) ?? 0, tagLimit)
        for entry in (0..<count).map({ 132 + 12 * $0 }) {
            guard let name = bytes(profile, at: entry, 4), text(name) == "desc" else { continue }
            guard let offset = number(profile, at: entry + 4), let kind = bytes(profile, at: offset, 4) else { return nil }
            switch text(kind) {
            case "desc": return bytes(profile, at: offset + 12, 4).map(text)
            case "mluc":
                guard let start = number(profile, at: offset + 24), let wide = bytes(profile, at: offset + start, 8) else {
                    return nil
                }
                return text(wide.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)[...])
            default: return nil
            }
        }
        return nil
    }

    private static func bytes(_ profile: [UInt8], at offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, offset <= profile.count - count else { return nil }
        return profile[offset..<offset + count]
    }

    private static func number(_ profile: [UInt8], at offset: Int) -> Int? {
        bytes(profile, at: offset, 4)?.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
