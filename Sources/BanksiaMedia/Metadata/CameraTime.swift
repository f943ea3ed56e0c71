internal import BanksiaCore

/// Reads times as cameras and editing programs write them.
enum CameraTime {
    /// EXIF's `2024:05:01 12:30:00`, also with a fraction or an offset behind it, also as a bare date.
    ///
    /// All zeros and blanks stand for "not known" (CIPA DC-008 §4.6.5) and are `nil`, like anything that is no date.
    static func read(_ text: String, fraction: String? = nil, offset: String? = nil) -> CaptureTime? {
        // Camcorders add a word about daylight saving to an offset that includes it.
        var characters = Array(text.hasSuffix(" DST") ? text.dropLast(4) : text[...])
        guard characters.count >= 10, characters[4] == ":" || characters[4] == "-" else { return nil }
        characters[4] = "-"
        characters[7] = "-"
        guard let time = CaptureTime(String(characters).trimmingSuffix(" ")), year(of: time) > 0 else { return nil }
        let hasFraction = time.wallMicroseconds % 1_000_000 != 0
        return CaptureTime(
            wallMicroseconds: time.wallMicroseconds + (hasFraction ? 0 : fraction.flatMap(microseconds) ?? 0),
            offsetSeconds: time.offsetSeconds ?? offset.flatMap(seconds))
    }

    private static func year(of time: CaptureTime) -> Int { CivilTime(microseconds: time.wallMicroseconds).year }

    /// The digits behind the decimal point, as many as the camera wrote (tag 0x9291).
    private static func microseconds(_ digits: String) -> Int64? {
        let digits = digits.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        return Int64((digits + "000000").prefix(6))
    }

    /// `+02:00` or `Z` (tag 0x9011). What does not fit, such as blanks for "not known", is `nil`.
    private static func seconds(_ offset: String) -> Int? { CaptureTime("2000-01-01T00:00:00\(offset)")?.offsetSeconds }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        guard let last = lastIndex(where: { $0 != character }) else { return "" }
        return self[...last]
    }
}
