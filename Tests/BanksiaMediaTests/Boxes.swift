// Boxes of ISO base media files (ISO/IEC 14496-12 §4.2), for tests that write such files or take them apart.

func box(_ kind: String, _ content: [UInt8]) -> [UInt8] { big(content.count + 8) + Array(kind.utf8) + content }

/// A box with a version and flags.
func fullBox(_ kind: String, version: Int = 0, flags: Int = 0, _ content: [UInt8]) -> [UInt8] {
    box(kind, big(version << 24 | flags) + content)
}

/// A number, its greatest byte first.
func big(_ number: Int, bytes: Int = 4) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * (bytes - 1 - $0))) }
}

/// The first box of a kind among those that lie in a row, whole.
func firstBox(_ kind: String, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var rest = bytes
    while rest.count >= 8 {
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length >= 8, length <= rest.count else { return nil }
        if rest.dropFirst(4).prefix(4).elementsEqual(kind.utf8) { return rest.prefix(length) }
        rest = rest.dropFirst(length)
    }
    return nil
}
