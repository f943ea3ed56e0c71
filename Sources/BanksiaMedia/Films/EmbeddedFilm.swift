/// A film that lies in the file of a still, as the motion photos of Google and Samsung carry it.
public struct EmbeddedFilm: Sendable, Hashable, Codable {
    /// Where in the file it begins.
    public var start: Int64
    /// Bytes.
    public var length: Int64
    public var mimeType: String

    /// A film from its place.
    public init(start: Int64, length: Int64, mimeType: String) {
        self.start = start
        self.length = length
        self.mimeType = mimeType
    }
}

extension EmbeddedFilm {
    /// The film in a still's file; `nil` when there is none, or none that is whole.
    ///
    /// Everything that might say where it is gets asked; what counts is whether a film is there. Only the headers of a few
    /// boxes are read, and the small directory at the end of Samsung's files.
    static func find(in path: String, format: MediaFormat, tags: Tags?) -> EmbeddedFilm? {
        guard format == .jpeg || format == .heic || format == .heif || format == .avif, let file = SeekableFile(path) else {
            return nil
        }
        var places = [SamsungTrailer.film(in: file), tags?.filmByDirectory(fileSize: file.size)]
        places.append(tags?.filmByOffset(fileSize: file.size))
        if format != .jpeg { places.append(MovieBoxes.motionPhoto(in: file)) }
        return places.lazy.compactMap { $0 }.compactMap { MovieBoxes.film(at: $0, in: file) }.first
    }
}

extension Tags {
    static let wantedOfFilms = directories + ["MicroVideoOffset"]

    /// exiftool calls a namespace that it does not know by the file's own prefix for it.
    private static let directories = ["XMP-GContainer:Directory", "XMP-Container:Directory"]

    /// By the list of what the file holds, one behind the other up to its end (Android's "Motion Photo format 1.0", Container
    /// item elements).
    fileprivate func filmByDirectory(fileSize: Int64) -> Range<Int64>? {
        let items = Self.directories.lazy.compactMap { self[$0]?.elements }.first?.compactMap { $0["Item"] ?? $0 } ?? []
        guard let place = items.firstIndex(where: { $0["Semantic"]?.text == "MotionPhoto" }) else { return nil }
        func bytes(_ item: TagValue, _ name: String) -> Int64? { item[name]?.number.flatMap { Int64(exactly: $0) } }
        guard let length = bytes(items[place], "Length") else { return nil }
        // Negative or huge numbers end in a place outside of the file.
        let behind = items[(place + 1)...].reduce(Int64(0)) { sum, item in
            sum &+ (bytes(item, "Length") ?? 0) &+ (bytes(item, "Padding") ?? 0)
        }
        return Self.place(endingAt: fileSize &- behind, length: length, fileSize: fileSize)
    }

    /// The form before that: how far from the end the film begins ("MicroVideo", version 1).
    fileprivate func filmByOffset(fileSize: Int64) -> Range<Int64>? {
        guard let length = number("XMP-GCamera:MicroVideoOffset").flatMap({ Int64(exactly: $0) }) else { return nil }
        return Self.place(endingAt: fileSize, length: length, fileSize: fileSize)
    }

    private static func place(endingAt end: Int64, length: Int64, fileSize: Int64) -> Range<Int64>? {
        guard length > 0, end <= fileSize, length < end else { return nil }
        return end - length..<end
    }
}

/// The directory at the end of Samsung's JPEG files: `SEFH`, entries, its length, `SEFT`; all numbers little-endian. The
/// layout is the one that exiftool's module Samsung.pm documents.
private enum SamsungTrailer {
    private static let film = 0x0A30
    private static let entryBytes = 12
    /// Files have a dozen.
    private static let entryLimit = 256

    static func film(in file: SeekableFile) -> Range<Int64>? {
        let tail = file.bytes(at: file.size - 8, 8)
        guard tail.count == 8, tail[4...].elementsEqual("SEFT".utf8) else { return nil }
        let length = number(tail[..<4])
        let start = file.size - 8 - Int64(length)
        guard (12...12 + entryLimit * entryBytes).contains(length), start > 0 else { return nil }
        let directory = file.bytes(at: start, length)
        guard directory.count == length, directory.starts(with: "SEFH".utf8) else { return nil }
        for entry in stride(from: 12, through: length - entryBytes, by: entryBytes)
        where number(directory[entry + 2..<entry + 4]) == film {
            let first = start - Int64(number(directory[entry + 4..<entry + 8]))
            let end = first + Int64(number(directory[entry + 8..<entry + 12]))
            // The kind again, and a name with its length, come before the bytes themselves.
            let head = file.bytes(at: first, 8)
            guard first > 0, head.count == 8 else { return nil }
            let body = first + 8 + Int64(number(head[4..<8]))
            return body < end && end <= start ? body..<end : nil
        }
        return nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
}

/// The outermost boxes of MP4, QuickTime and HEIF (ISO/IEC 14496-12 §4.2): a length, a kind, a body.
private enum MovieBoxes {
    /// Far more than real files have at this level.
    private static let limit = 64

    private struct Box {
        var kind: String
        var body: Range<Int64>
    }

    /// The film that begins and ends at a place; `nil` when what is there is none.
    static func film(at place: Range<Int64>, in file: SeekableFile) -> EmbeddedFilm? {
        let boxes = boxes(of: place, in: file)
        guard let first = boxes.first, first.kind == "ftyp", boxes.contains(where: { $0.kind == "moov" }),
            let end = boxes.last?.body.upperBound
        else { return nil }
        let isQuickTime = file.bytes(at: first.body.lowerBound, 4).elementsEqual("qt  ".utf8)
        return EmbeddedFilm(
            start: place.lowerBound, length: end - place.lowerBound, mimeType: (isQuickTime ? MediaFormat.mov : .mp4).mimeType)
    }

    /// The box in which a HEIF file carries its film (Android's "Motion Photo format 1.0", ISOBMFF container).
    static func motionPhoto(in file: SeekableFile) -> Range<Int64>? {
        boxes(of: 0..<file.size, in: file).first { $0.kind == "mpvd" }?.body
    }

    /// Up to where they stop making sense.
    private static func boxes(of place: Range<Int64>, in file: SeekableFile) -> [Box] {
        var boxes: [Box] = []
        var position = place.lowerBound
        while boxes.count < limit, position < place.upperBound, let box = box(at: position, upTo: place.upperBound, in: file) {
            boxes.append(box)
            position = box.body.upperBound
        }
        return boxes
    }

    private static func box(at position: Int64, upTo end: Int64, in file: SeekableFile) -> Box? {
        let head = file.bytes(at: position, 16)
        guard head.count >= 8, head[4..<8].allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        var (headBytes, length) = (Int64(8), number(head[..<4]))
        switch length {
        case 0: length = UInt64(end - position)
        case 1 where head.count == 16: (headBytes, length) = (16, number(head[8...]))
        default: break
        }
        guard length >= UInt64(headBytes), length <= UInt64(end - position) else { return nil }
        return Box(
            kind: String(decoding: head[4..<8], as: UTF8.self), body: position + headBytes..<position + Int64(length))
    }
}
