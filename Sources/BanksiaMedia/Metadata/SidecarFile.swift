internal import Foundation

/// An XMP file (ISO 16684-1) beside a picture or film.
struct SidecarFile {
    private let path: String

    init(_ path: String) { self.path = path }

    /// exiftool goes down into elements by recursion, and takes minutes for what is nested a hundred thousand deep. XMP as
    /// programs write it is no deeper than 30, and the largest seen has 20,000 elements.
    private static let deepest = 200
    private static let mostElements = 100_000

    /// What it says. What is cut off or damaged says what could be read of it.
    func metadata(_ exifTool: ExifTool) throws(PictureFault) -> EmbeddedMetadata {
        guard let bytes = FileManager.default.contents(atPath: path) else { throw .storage(reason: "the sidecar cannot be read") }
        guard Self.isReasonable(bytes) else { throw .unsupported(what: "XML that is nested too deeply") }
        let tags: Tags
        do throws(ExifTool.Failure) { tags = try exifTool.tags(of: path) } catch {
            throw error.isOfTheMachine ? .metadata(reason: error.reason) : .unsupported(what: "XML that no reader gets through")
        }
        guard tags.text("File:FileType") == "XMP" else { throw .unsupported(what: "no XMP") }
        return EmbeddedMetadata(tags)
    }

    /// Counts tags without understanding them: bytes of UTF-16 between make no difference.
    static func isReasonable(_ bytes: Data) -> Bool {
        let (open, close, slash, blank) = (UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(0))
        var (depth, count) = (0, 0)
        var last = blank
        for byte in bytes where byte != blank {
            if last == open {
                switch byte {
                case slash: depth = max(depth - 1, 0)
                case UInt8(ascii: "?"), UInt8(ascii: "!"): break
                default:
                    depth += 1
                    count += 1
                }
            } else if byte == close, last == slash {
                depth -= 1
            }
            guard depth <= deepest, count <= mostElements else { return false }
            last = byte
        }
        return true
    }
}
