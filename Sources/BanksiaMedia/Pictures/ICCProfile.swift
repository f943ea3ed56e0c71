/// The little that has to be known of an ICC profile (ICC.1:2010): whether going through it would change nothing.
enum ICCProfile {
    /// Whether the profile calls itself sRGB, which holds for most files that are not from a phone. Skipping the way through
    /// the profile connection space then saves about a third of the time of a rendition.
    static func isSRGB(_ profile: [UInt8]) -> Bool {
        guard profile.count > 132, text(profile[16..<20]) == "RGB " else { return false }  // §7.2.6: data colour space
        return description(of: profile)?.hasPrefix("sRGB") == true
    }

    /// Whether a screen's profile has notably more colours than sRGB: by the area between its three primaries (§9.2.44, `rXYZ`
    /// and so on). A printer's has other colours rather than more.
    static func isWide(_ profile: [UInt8]) -> Bool {
        guard profile.count > 132, text(profile[16..<20]) == "RGB " else { return false }
        let primaries = ["rXYZ", "gXYZ", "bXYZ"].compactMap { chromaticity($0, of: profile) }
        guard primaries.count == 3 else { return false }
        let (red, green, blue) = (primaries[0], primaries[1], primaries[2])
        let area = abs((green.x - red.x) * (blue.y - red.y) - (blue.x - red.x) * (green.y - red.y)) / 2
        return area > 1.05 * standardArea
    }

    /// Of sRGB, with its white moved to the profiles' D50 (IEC 61966-2-1, ICC.1:2010 annex E): some sRGB profiles differ in the
    /// third digit.
    private static let standardArea = 0.1091

    /// A tag of the type `XYZ ` (§10.31), three numbers with 16 bits behind the point.
    private static func chromaticity(_ name: String, of profile: [UInt8]) -> (x: Double, y: Double)? {
        guard let start = offset(of: name, in: profile), let kind = bytes(profile, at: start, 4), text(kind) == "XYZ " else {
            return nil
        }
        let numbers = [8, 12, 16].compactMap { number(profile, at: start + $0) }
            .map { Double(Int32(truncatingIfNeeded: $0)) / 65536 }
        let sum = numbers.reduce(0, +)
        return numbers.count == 3 && sum > 0 ? (numbers[0] / sum, numbers[1] / sum) : nil
    }

    private static let tagLimit = 100

    private static func offset(of name: String, in profile: [UInt8]) -> Int? {
        let count = min(number(profile, at: 128) ?? 0, tagLimit)
        let entry = (0..<count).map { 132 + 12 * $0 }.first { bytes(profile, at: $0, 4).map(text) == name }
        return entry.flatMap { number(profile, at: $0 + 4) }
    }

    /// The `desc` tag (§9.2.41), as version 2 (`desc`, ASCII) or version 4 (`mluc`, §10.13, UTF-16) writes it.
    private static func description(of profile: [UInt8]) -> String? {
        guard let offset = offset(of: "desc", in: profile), let kind = bytes(profile, at: offset, 4) else { return nil }
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

    private static func bytes(_ profile: [UInt8], at offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, offset <= profile.count - count else { return nil }
        return profile[offset..<offset + count]
    }

    private static func number(_ profile: [UInt8], at offset: Int) -> Int? {
        bytes(profile, at: offset, 4)?.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
