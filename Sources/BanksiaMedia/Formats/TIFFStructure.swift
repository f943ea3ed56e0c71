/// Looks into the directories of a TIFF file just far enough to tell a picture from a camera's unprocessed one.
///
/// It matters because a TIFF reader opens a RAW file without complaint and returns the thumbnail it begins with.
/// Tags and values: TIFF 6.0 §2 and §8, TIFF/EP (ISO 12234-2), DNG 1.6 chapter 4; compression numbers of makers as LibTIFF
/// lists them.
struct TIFFStructure {
    /// Bytes of the file: fewer than asked for at its end, empty beyond it.
    typealias Reading = (_ offset: Int, _ count: Int) -> [UInt8]

    private enum Tag {
        static let newSubfileType = 254
        static let compression = 259
        static let photometric = 262
        static let subDirectories = 330
        static let dngVersion = 50706
    }

    /// A colour filter array, and values of a sensor without one.
    private static let sensorPhotometrics: Set = [32803, 34892]
    /// Nikon, Sony, Samsung, Pentax, Kodak.
    private static let makersCompressions: Set = [34713, 32767, 32769, 32770, 32772, 65535, 65000, 262]
    private static let directoryLimit = 8
    private static let entryLimit = 512

    private let read: Reading
    private let isLittleEndian: Bool

    /// `.dng` or `.raw` when the bytes are those of one, `nil` for an ordinary TIFF or when they end too early to tell.
    static func rawFormat(of head: [UInt8]) -> MediaFormat? {
        rawFormat { offset, count in offset < head.count ? Array(head[offset..<min(head.count, offset + count)]) : [] }
    }

    static func rawFormat(_ read: @escaping Reading) -> MediaFormat? {
        let start = read(0, 8)
        guard start.count == 8, start[0] == start[1] else { return nil }
        let structure = TIFFStructure(read: read, isLittleEndian: start[0] == 0x49)
        return structure.rawFormat(firstDirectory: structure.number(start[4..<8]))
    }

    private func rawFormat(firstDirectory: Int) -> MediaFormat? {
        let first = directory(at: firstDirectory)
        if first[Tag.dngVersion] != nil { return .dng }
        var all = [first]
        for offset in first[Tag.subDirectories]?.prefix(Self.directoryLimit) ?? [] { all.append(directory(at: offset)) }
        let isRaw = all.contains { directory in
            Self.sensorPhotometrics.contains(directory[Tag.photometric]?.first ?? 0)
                || Self.makersCompressions.contains(directory[Tag.compression]?.first ?? 0)
        }
        // A file that begins with a reduced picture and keeps the full one aside is a camera's way, not an editor's.
        let startsReduced = (first[Tag.newSubfileType]?.first ?? 0) & 1 == 1
        return isRaw || (startsReduced && all.count > 1) ? .raw : nil
    }

    /// The few tags asked for above, as numbers.
    private func directory(at offset: Int) -> [Int: [Int]] {
        guard offset >= 8 else { return [:] }
        let count = min(number(read(offset, 2)[...]), Self.entryLimit)
        let entries = read(offset + 2, count * 12)
        var tags: [Int: [Int]] = [:]
        for start in stride(from: 0, to: entries.count - 11, by: 12) {
            let entry = entries[start..<start + 12]
            let tag = number(entry.prefix(2))
            guard [Tag.newSubfileType, Tag.compression, Tag.photometric, Tag.subDirectories, Tag.dngVersion].contains(tag) else {
                continue
            }
            tags[tag] = values(of: entry)
        }
        return tags
    }

    private func values(of entry: ArraySlice<UInt8>) -> [Int] {
        let width = [1: 1, 3: 2, 4: 4, 13: 4][number(entry.dropFirst(2).prefix(2))] ?? 1
        let count = min(number(entry.dropFirst(4).prefix(4)), Self.directoryLimit)
        let field = entry.suffix(4)
        let bytes = width * count <= 4 ? field.prefix(width * count) : read(number(field), width * count)[...]
        return stride(from: 0, to: bytes.count - width + 1, by: width).map { number(bytes.dropFirst($0).prefix(width)) }
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int {
        isLittleEndian ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
