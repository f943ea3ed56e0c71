internal import Foundation

/// A picture that was given the metadata of another.
public struct DressedPicture: Sendable, Hashable, Codable {
    public var format: MediaFormat
    /// As it lies in the file, which is how it is shown.
    public var size: PixelSize
}

extension PictureFile {
    /// Decodes the whole file, at a small scale, to find damage that its header does not show.
    func proveWhole() throws(PictureFault) { _ = try thumbHash() }
}

extension ExifTool {
    /// Writes a copy of a picture with the metadata of another, standing upright.
    ///
    /// What describes the other file's pixels and not the photo stays behind: its small pictures, which would show what was
    /// cut off; sizes; marked regions; the recipe of a RAW developer, which would be applied twice; and a maker's notes, whose
    /// inner structure no copy keeps (exiftool's documentation, "MakerNotes").
    ///
    /// - Returns: whether a copy was written; not when the picture's structure leaves no room for metadata.
    func copyMetadata(from original: String, to picture: String, as output: String) throws(Failure) -> Bool {
        guard [original, picture, output].allSatisfy({ $0.hasPrefix("/") && !$0.contains(where: \.isNewline) }) else {
            throw Failure(reason: "The file's name cannot be passed on.")
        }
        _ = try run(["-tagsFromFile", original, "-all:all"] + Self.leftBehind + Self.upright + ["-m", "-o", output, picture])
        return FileManager.default.fileExists(atPath: output)
    }

    private static let upright = ["-IFD0:Orientation#=1", "-XMP-tiff:Orientation="]
    private static let leftBehind = [
        "--IFD1:all", "--ThumbnailImage", "--PreviewImage", "--JpgFromRaw", "--OtherImage", "--MakerNotes", "--ImageWidth",
        "--ImageHeight", "--ExifImageWidth", "--ExifImageHeight", "--XMP-tiff:Orientation", "--XMP-mwg-rs:all", "--XMP-crs:all",
    ]
}
