internal import Foundation

/// Where an MP4 or QuickTime film keeps its index.
enum FilmIndex {
    /// More boxes than this before the film begins are no film.
    private static let mostBoxes = 64

    /// Whether the index (`moov`) lies before the pictures (`mdat`), so that a player needs not fetch the end first.
    ///
    /// Boxes begin with their length, of four bytes or, where that is 1, of eight behind the name (ISO/IEC 14496-12 §4.2).
    static func liesInFront(in path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        // Closing a file that was only read cannot lose anything.
        defer { try? file.close() }
        var offset: UInt64 = 0
        for _ in 0..<mostBoxes {
            // Beyond the end there is no index.
            guard (try? file.seek(toOffset: offset)) != nil, let head = try? file.read(upToCount: 16), head.count >= 8 else {
                return false
            }
            let bytes = [UInt8](head)
            switch String(decoding: bytes[4..<8], as: UTF8.self) {
            case "moov": return true
            case "mdat": return false
            default: break
            }
            var length = bytes[..<4].reduce(0) { $0 << 8 | UInt64($1) }
            if length == 1, bytes.count == 16 { length = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) } }
            let (next, overflowed) = offset.addingReportingOverflow(length)
            guard length >= 8, !overflowed else { return false }
            offset = next
        }
        return false
    }
}
