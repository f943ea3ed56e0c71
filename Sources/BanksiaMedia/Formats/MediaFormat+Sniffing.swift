extension MediaFormat {
    /// How many bytes `sniff` makes use of.
    public static let sniffLength = 4096

    /// The format of a file by its first bytes, `nil` when they are of none of these. Names and declared types play no part.
    ///
    /// Signatures: JPEG ITU-T T.81 §B.1.1.3; PNG ISO/IEC 15948 §5.2; GIF89a §17; RIFF as in RFC 9649 §2 (WebP) and
    /// Microsoft's AVI reference; TIFF 6.0 §2 and BigTIFF; JPEG XL ISO/IEC 18181-2 §9.1; JPEG 2000 ISO/IEC 15444-1 §I.5.1
    /// and §A.4.1; ISO base media ISO/IEC 14496-12 §4.3 with the brands of ISO/IEC 23008-12 §10 (HEIF) and AV1-ISOBMFF
    /// AVIF §6; Matroska RFC 8794 §8; MPEG ISO/IEC 13818-1 §2.4.3; ASF §3.1; the camera formats by their makers' files.
    public static func sniff(_ head: [UInt8]) -> MediaFormat? {
        if let format = signatures.first(where: { $0.matches(head) })?.format { return format }
        if isBitmap(head) { return .bmp }
        if isTransportStream(head) { return .mts }
        if let format = isoMedia(head) { return format }
        if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return matroska(head) }
        return tiff(head)
    }

    private struct Signature: Sendable {
        let format: MediaFormat
        let parts: [(offset: Int, bytes: [UInt8])]

        init(_ format: MediaFormat, _ bytes: [UInt8], and more: (offset: Int, text: String)? = nil) {
            self.format = format
            parts = [(0, bytes)] + (more.map { [($0.offset, Array($0.text.utf8))] } ?? [])
        }

        init(_ format: MediaFormat, _ text: String, and more: (offset: Int, text: String)? = nil) {
            self.init(format, Array(text.utf8), and: more)
        }

        func matches(_ head: [UInt8]) -> Bool { parts.allSatisfy { head.dropFirst($0.offset).starts(with: $0.bytes) } }
    }

    private static let signatures = [
        Signature(.jpeg, [0xFF, 0xD8, 0xFF]),
        Signature(.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        Signature(.gif, "GIF87a"), Signature(.gif, "GIF89a"),
        Signature(.webp, "RIFF", and: (8, "WEBP")), Signature(.avi, "RIFF", and: (8, "AVI ")),
        Signature(.jxl, [0xFF, 0x0A]), Signature(.jxl, [0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        Signature(.jp2, [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        Signature(.jp2, [0xFF, 0x4F, 0xFF, 0x51]),
        Signature(.cr2, [0x49, 0x49, 0x2A, 0x00], and: (8, "CR\u{2}")),
        Signature(.crw, [0x49, 0x49, 0x1A, 0x00], and: (6, "HEAPCCDR")),
        Signature(.raf, "FUJIFILMCCD-RAW"), Signature(.orf, "IIRO"), Signature(.orf, "IIRS"), Signature(.orf, "MMOR"),
        Signature(.rw2, "IIU\0"), Signature(.x3f, "FOVb"), Signature(.mrw, "\0MRM"),
        Signature(.mpeg, [0, 0, 1, 0xBA]), Signature(.mpeg, [0, 0, 1, 0xB3]),
        Signature(.wmv, [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]), Signature(.flv, "FLV\u{1}"),
    ]

    /// Two letters alone would take in many a text, so the size of the header that follows has to be one of those there are.
    private static func isBitmap(_ head: [UInt8]) -> Bool {
        head.starts(with: [0x42, 0x4D]) && head.count >= 18 && [12, 40, 52, 56, 64, 108, 124].contains(head[14])
            && head[15...17].allSatisfy { $0 == 0 }
    }

    /// Packets of 188 bytes start with a sync byte; Blu-ray's have a time of four bytes before each.
    private static func isTransportStream(_ head: [UInt8]) -> Bool {
        [(0, 188), (4, 192)].contains { first, stride in
            (0..<3).allSatisfy { head.count > first + $0 * stride && head[first + $0 * stride] == 0x47 }
        }
    }

    private static func matroska(_ head: [UInt8]) -> MediaFormat {
        // The document type is a short text near the start: an element 0x4282 of one-byte length.
        let isWebM = head.prefix(256).indices.contains { index in
            head[index...].starts(with: [0x42, 0x82, 0x84]) && head[(index + 3)...].starts(with: Array("webm".utf8))
        }
        return isWebM ? .webm : .mkv
    }

    private static func tiff(_ head: [UInt8]) -> MediaFormat? {
        let isTIFF = [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B]]
            .contains { head.starts(with: $0) }
        guard isTIFF else { return nil }
        return TIFFStructure.rawFormat(of: head) ?? .tiff
    }

    /// ISO base media: HEIF, AVIF, MP4, QuickTime, 3GPP and Canon's CR3, by their brands.
    private static func isoMedia(_ head: [UInt8]) -> MediaFormat? {
        guard head.count >= 12, let kind = fourCharacters(head, at: 4) else { return nil }
        // QuickTime files older than brands start with one of these atoms (QuickTime File Format, "Overview of QTFF").
        guard kind == "ftyp" else { return ["moov", "mdat", "wide", "pnot"].contains(kind) ? .mov : nil }
        let boxLength = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let ends = min(head.count, boxLength)
        let compatible = stride(from: 16, to: ends - 3, by: 4).compactMap { fourCharacters(head, at: $0) }
        guard let major = fourCharacters(head, at: 8) else { return nil }
        switch major {
        case "qt  ": return .mov
        case "crx ": return .cr3
        case "mif1", "msf1", "miaf": return (compatible.lazy.compactMap(pictureBrand).first { $0 != .heif }) ?? .heif
        case let brand where brand.hasPrefix("3g"): return .threeGP
        default: return pictureBrand(major) ?? .mp4
        }
    }

    private static func pictureBrand(_ brand: String) -> MediaFormat? {
        switch brand {
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs": .heic
        case "avif", "avis": .avif
        case "mif1", "msf1", "miaf": .heif
        default: nil
        }
    }

    private static func fourCharacters(_ bytes: [UInt8], at offset: Int) -> String? {
        guard bytes.count >= offset + 4 else { return nil }
        return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
}
