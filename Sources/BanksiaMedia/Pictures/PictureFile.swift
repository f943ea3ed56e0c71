internal import Foundation

/// A file that is taken for a picture, or for a film that has one: identified, measured by its header, then opened at the size that is needed.
struct PictureFile {
    let path: String
    let format: MediaFormat
    /// As the pixels lie in the file.
    let size: PixelSize
    let orientation: Int
    let frames: Int
    private let source: Source

    /// Who reads the pixels.
    private enum Source {
        case vips
        /// The whole file, put right.
        case mended([UInt8])
        case bitmap(Bitmap)
        case raw(RawFile)
        case film(Film)
    }

    /// Reads the header.
    ///
    /// - Throws: `unsupported` for what is no picture here; `tooManyPixels` before anything is decoded.
    init(_ path: String, maximumPixels: Int) throws(PictureFault) {
        try self.init(path, format: Self.identify(path), maximumPixels: maximumPixels)
    }

    init(_ path: String, format: MediaFormat, maximumPixels: Int) throws(PictureFault) {
        self.path = path
        self.format = format
        if format == .bmp {
            let bitmap = try Bitmap(contentsOf: path)
            (size, orientation, frames) = (bitmap.size, 1, 1)
            source = .bitmap(bitmap)
        } else if format.isRaw {
            let raw = try RawFile(path, maximumPixels: maximumPixels)
            (size, orientation, frames) = (raw.size, raw.orientation, 1)
            source = .raw(raw)
        } else if format.mediaClass == .video {
            let film = try Film(path)
            (size, orientation, frames) = (film.displaySize, 1, 1)
            source = .film(film)
        } else if format.isHEIF, let film = Self.sequence(path) {
            (size, orientation, frames) = (film.displaySize, 1, 1)
            source = .film(film)
        } else if format.isHEIF, let bytes = Self.mended(path) {
            let picture = try Picture(bytes, as: format)
            (size, orientation, frames) = (picture.size, picture.orientation, picture.frames)
            source = .mended(bytes)
        } else {
            let picture = try Picture(opening: path, as: format)
            // The pages of JPEG 2000 are its resolutions.
            (size, orientation, frames) = (picture.size, picture.orientation, format == .jp2 ? 1 : picture.frames)
            source = .vips
        }
        guard size.count <= maximumPixels else { throw .tooManyPixels(size, limit: maximumPixels) }
    }

    var displaySize: PixelSize { orientation >= 5 ? size.turned : size }

    /// The film, where it is one.
    var film: Film? { if case .film(let film) = source { film } else { nil } }

    /// What was photographed, as it lies: a camera file shows a smaller picture of what its sensor saw.
    var fullSize: PixelSize { if case .raw(let raw) = source { raw.sensor } else { size } }

    /// The picture, perhaps reduced already as far as still leaves the scale that is wanted.
    ///
    /// - Parameter scale: how much smaller the result will be in each direction, at most 1.
    func open(forScale scale: Double) throws(PictureFault) -> Picture {
        // The scaled inverse cosine transforms of JPEG come in powers of two (ITU-T T.81 decodes blocks of 8 × 8).
        let shrink = [8, 4, 2].first { Double($0) * scale <= 1 } ?? 1
        return switch source {
        case .vips: try Picture(opening: path, as: format, shrink: shrink)
        case .mended(let bytes): try Picture(bytes, as: format)
        case .bitmap(let bitmap): try bitmap.picture()
        case .raw(let raw): try raw.picture(shrink: shrink)
        case .film(let film): try film.still()
        }
    }

    /// A HEIF or AVIF file that is a film and says so first; libheif knows stills only.
    private static func sequence(_ path: String) -> Film? {
        guard let brand = try? head(of: path, 12).suffix(4),
            ["avis", "msf1", "hevc", "hevx"].contains(where: { brand.elementsEqual($0.utf8) })
        else { return nil }
        // What is no film after all may still be a picture.
        return try? Film(path)
    }

    /// The bytes of a file whose structure has to be put right before it can be read; `nil` when it has not.
    private static func mended(_ path: String) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        // Closing a file that was only read cannot lose anything.
        defer { try? file.close() }
        let patch = HEIFStructure.patch { offset, count in
            guard (try? file.seek(toOffset: UInt64(offset))) != nil else { return [] }
            return [UInt8]((try? file.read(upToCount: count)) ?? Data())
        }
        guard let patch, (try? file.seek(toOffset: 0)) != nil, let whole = try? file.read(upToCount: mendedLimit) else {
            return nil
        }
        var bytes = [UInt8](whole)
        guard patch.offset + patch.bytes.count <= bytes.count else { return nil }
        bytes.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
        return bytes
    }

    /// A picture of the largest size decoded takes less.
    private static let mendedLimit = 256 << 20

    private static func head(of path: String, _ count: Int) throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        // Closing a file that was only read cannot lose anything.
        defer { try? file.close() }
        return [UInt8](try file.read(upToCount: count) ?? Data())
    }

    /// - Throws: `storage` when the file cannot be read, `unsupported` when it is of no known format.
    static func identify(_ path: String) throws(PictureFault) -> MediaFormat {
        let file: FileHandle
        do { file = try FileHandle(forReadingFrom: URL(filePath: path)) } catch {
            throw .storage(reason: "the file cannot be opened")
        }
        // Closing a file that was only read cannot lose anything.
        defer { try? file.close() }
        do {
            let head = [UInt8](try file.read(upToCount: MediaFormat.sniffLength) ?? Data())
            guard !head.isEmpty else { throw PictureFault.undecodable(reason: "the file is empty") }
            guard let format = MediaFormat.sniff(head) else { throw PictureFault.unsupported(what: "of an unknown type") }
            guard format == .tiff else { return format }
            return TIFFStructure.rawFormat { offset, count in
                // Beyond the end there is nothing, and a file that cannot be sought is read as if it ended.
                guard (try? file.seek(toOffset: UInt64(offset))) != nil else { return [] }
                return [UInt8]((try? file.read(upToCount: count)) ?? Data())
            } ?? .tiff
        } catch let fault as PictureFault { throw fault } catch { throw .storage(reason: "the file cannot be read") }
    }
}
