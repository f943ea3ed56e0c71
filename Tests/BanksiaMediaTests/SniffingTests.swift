import Testing

@testable import BanksiaMedia

@Suite("Telling formats apart") struct SniffingTests {
    private static func box(_ brand: String, _ others: String...) -> [UInt8] {
        let bytes = [UInt8](("ftyp\(brand)\0\0\0\0" + others.joined()).utf8)
        let size: [UInt8] = [0, 0, 0, UInt8(bytes.count + 4)]
        return size + bytes + [UInt8]("avifheicfree".utf8)  // beyond the box, so no brands
    }

    @Test(
        arguments: [
            (box("heic", "mif1", "heic"), MediaFormat.heic), (box("mif1", "mif1", "heic"), .heic),
            (box("mif1", "mif1", "avif", "miaf"), .avif),
            (box("avif", "mif1"), .avif), (box("mif1", "mif1"), .heif), (box("msf1", "hevc"), .heic), (box("qt  "), .mov),
            (box("isom", "avc1"), .mp4),
            (box("3gp4"), .threeGP), (box("crx "), .cr3), (box("M4V "), .mp4),
            ([0, 0, 0, 8] + Array("wide".utf8) + [0, 0, 0, 0], .mov), ([0, 0, 16, 0] + Array("moov".utf8) + [0, 0, 0, 0], .mov),
            ([0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84] + Array("webm".utf8), .webm),
            ([0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x88] + Array("matroska".utf8), .mkv),
            (Array("II*\0".utf8) + [16, 0, 0, 0] + Array("CR\u{2}\0".utf8), .cr2), (Array("FUJIFILMCCD-RAW 0201".utf8), .raf),
            (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), .webp), (Array("RIFF\0\0\0\0AVI LIST".utf8), .avi),
            (Array("II*\0".utf8) + [8, 0, 0, 0], .tiff),
            (Array("MM\0*".utf8) + [0, 0, 0, 8], .tiff), ([0xFF, 0x0A, 1], .jxl),
            ([0x47] + [UInt8](repeating: 0, count: 187) + [0x47] + [UInt8](repeating: 0, count: 187) + [0x47], .mts),
        ] as [([UInt8], MediaFormat)])
    func `the first bytes tell`(head: [UInt8], format: MediaFormat) { #expect(MediaFormat.sniff(head) == format) }

    @Test(
        arguments: [
            [], [0], Array("BM".utf8), Array("BMW is a maker of cars.".utf8), Array("RIFF\0\0\0\0WAVEfmt ".utf8),
            Array("hello".utf8), Array("<svg".utf8),
            Array("GIF90a".utf8), [0xFF, 0xD8], [0, 0, 0, 12], Array("\0\0\0\u{8}ftyp".utf8), Array("IIRX".utf8),
            Array("%PDF".utf8),
        ] as [[UInt8]])
    func `what is of no known kind stays so`(head: [UInt8]) { #expect(MediaFormat.sniff(head) == nil) }

    /// A little-endian TIFF with one directory of short or long values.
    private static func tiff(_ entries: [(tag: UInt16, type: UInt16, value: UInt32)]) -> [UInt8] {
        func little(_ value: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
        }
        return Array("II*\0".utf8) + little(8, 4) + little(UInt32(entries.count), 2)
            + entries.flatMap { little(UInt32($0.tag), 2) + little(UInt32($0.type), 2) + little(1, 4) + little($0.value, 4) }
            + little(0, 4)
    }

    @Test(
        arguments: [
            (tiff([(262, 3, 2)]), MediaFormat.tiff), (tiff([(259, 3, 5), (262, 3, 2)]), .tiff), (tiff([(50706, 1, 1)]), .dng),
            (tiff([(262, 3, 32803)]), .raw),
            (tiff([(259, 3, 34713)]), .raw), (tiff([(254, 4, 1), (330, 4, 8)]), .raw), (tiff([(254, 4, 1)]), .tiff),
            (tiff([(330, 4, 8)]), .tiff),
            (tiff([(330, 4, 0xFFFF_FFFF)]), .tiff),
        ] as [([UInt8], MediaFormat)])
    func `a camera's raw picture is told from an ordinary TIFF`(file: [UInt8], format: MediaFormat) {
        #expect(MediaFormat.sniff(file) == format)
    }

    @Test(
        arguments: [
            ("a.jpg", "image/jpeg"), ("A.JPEG", "image/jpeg"), ("x.y.HEIC", "image/heic"), ("a.dng", "image/x-adobe-dng"),
            ("a.CR2", "image/x-canon-cr2"),
            ("a.nef", "image/x-nikon-nef"), ("a.mov", "video/quicktime"), ("a.mts", "video/mp2t"), ("a.pdf", "application/pdf"),
            ("a.svg", "application/svg+xml"),
            ("a", nil), (".jpg", nil), ("a.", nil), ("a.unknown", nil), ("", nil),
        ] as [(String, String?)])
    func `a name is a hint`(name: String, type: String?) { #expect(MediaFormat.mimeType(forFileName: name) == type) }

    @Test func `every format has its own type and class`() {
        #expect(Set(MediaFormat.allCases.map(\.mimeType)).count == MediaFormat.allCases.count)
        for format in MediaFormat.allCases { #expect(format.mimeType.hasPrefix(format.mediaClass.rawValue + "/")) }
    }
}
