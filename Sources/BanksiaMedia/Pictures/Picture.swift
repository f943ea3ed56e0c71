internal import CVipsShim

/// A picture in the hands of libvips, owned by exactly one variable and freed when that goes away.
///
/// Most operations only plan; the work, and with it the discovery that a file is damaged, happens in `inMemory`.
@safe struct Picture: ~Copyable {
    private let handle: OpaquePointer

    private init(owning handle: OpaquePointer?) throws(PictureFault) {
        guard let handle = unsafe handle else { throw Vips.takeFault() }
        unsafe self.handle = handle
    }

    deinit { unsafe banksia_picture_free(handle) }

    /// A file, opened with the one loader for its format; libvips is not left to guess.
    ///
    /// - Parameter shrink: JPEG only: decode at 1/2, 1/4 or 1/8 of the size, which is much quicker.
    init(opening path: String, as format: MediaFormat, shrink: Int = 1) throws(PictureFault) {
        guard let loader = Self.loader(of: format) else { throw .unsupported(what: format.displayName) }
        let option = shrink > 1 && format == .jpeg ? "shrink" : nil
        try unsafe self.init(owning: banksia_picture_open(path, loader, option, Int32(shrink)))
    }

    /// A whole file in memory.
    init(_ bytes: [UInt8], as format: MediaFormat) throws(PictureFault) {
        guard let loader = Self.loader(of: format) else { throw .unsupported(what: format.displayName) }
        try unsafe self.init(owning: banksia_picture_open_bytes(bytes, bytes.count, loader))
    }

    /// A JPEG in memory.
    init(jpeg bytes: UnsafeRawBufferPointer, shrink: Int) throws(PictureFault) {
        try unsafe self.init(owning: banksia_picture_open_jpeg(bytes.baseAddress, bytes.count, Int32(shrink)))
    }

    /// Interleaved 8-bit pixels of one (grey), three (RGB) or four (RGBA) bands.
    init(pixels: [UInt8], size: PixelSize, bands: Int) throws(PictureFault) {
        precondition(pixels.count == size.count * bands)
        try unsafe self.init(owning: banksia_picture_from_pixels(pixels, Int32(size.width), Int32(size.height), Int32(bands)))
    }

    private static func loader(of format: MediaFormat) -> String? {
        switch format {
        case .jpeg: "VipsForeignLoadJpeg"
        case .png: "VipsForeignLoadPng"
        case .gif: "VipsForeignLoadNsgif"
        case .webp: "VipsForeignLoadWebp"
        case .tiff: "VipsForeignLoadTiff"
        case .heic, .heif, .avif: "VipsForeignLoadHeif"
        case .jxl: "VipsForeignLoadJxl"
        case .jp2: "VipsForeignLoadJp2k"
        default: nil
        }
    }

    /// As the pixels lie, before the orientation is applied.
    var size: PixelSize {
        let header = self.header
        return PixelSize(width: Int(header.width), height: Int(header.height))
    }

    var frames: Int { Int(header.frames) }
    var orientation: Int { Int(header.orientation) }
    var hasAlpha: Bool { unsafe banksia_picture_has_alpha(handle) != 0 }

    private var header: banksia_header {
        var header = banksia_header()
        unsafe banksia_picture_header(handle, &header)
        return header
    }

    /// The embedded ICC profile.
    var profile: [UInt8]? {
        var length = 0
        guard let bytes = unsafe banksia_picture_profile(handle, &length) else { return nil }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: length))
    }

    /// Scaled in each direction; at least one pixel stays. A model's input may be larger than a small picture, a rendition
    /// never is.
    borrowing func scaled(by horizontal: Double, _ vertical: Double) throws(PictureFault) -> Picture {
        let size = self.size
        let across = max(horizontal, 1 / Double(size.width))
        let down = max(vertical, 1 / Double(size.height))
        return try unsafe Picture(owning: banksia_picture_resize(handle, across, down))
    }

    /// Whether its profile has colours that sRGB has not.
    var isWide: Bool { profile.map(ICCProfile.isWide) ?? false }

    /// In 8 bits of a colour space, through its profile unless that is sRGB anyway; a damaged profile counts as none. What is
    /// not wide comes out in sRGB.
    borrowing func converted(to gamut: RenditionRecipe.Gamut) throws(PictureFault) -> Picture {
        if let profile, !ICCProfile.isSRGB(profile) {
            let target = gamut == .wide && ICCProfile.isWide(profile) ? "p3" : "srgb"
            if let made = unsafe banksia_picture_converted(handle, target) { return try unsafe Picture(owning: made) }
            _ = Vips.takeErrorText()
        }
        return try unsafe Picture(owning: banksia_picture_converted(handle, nil))
    }

    /// With its pixels decoded.
    consuming func inMemory() throws(PictureFault) -> Picture { try unsafe Picture(owning: banksia_picture_in_memory(handle)) }

    /// With another orientation than its file says.
    borrowing func oriented(_ orientation: Int) throws(PictureFault) -> Picture {
        try unsafe Picture(owning: banksia_picture_oriented(handle, Int32(orientation)))
    }

    /// Turned as its orientation says. Pixels are read in any order, so it takes a picture in memory.
    consuming func upright() throws(PictureFault) -> Picture {
        if orientation == 1 { return self }
        return try Picture(turning: self).inMemory()
    }

    private init(turning picture: borrowing Picture) throws(PictureFault) {
        try unsafe self.init(owning: banksia_picture_upright(picture.handle))
    }

    /// The same picture in sRGB.
    borrowing func standard() throws(PictureFault) -> Picture {
        if isWide { return try converted(to: .standard).inMemory() }
        return try shared()
    }

    /// The same pixels under another owner.
    borrowing func shared() throws(PictureFault) -> Picture { try oriented(1) }

    /// With transparent parts made white, and no alpha band.
    borrowing func overWhite() throws(PictureFault) -> Picture { try unsafe Picture(owning: banksia_picture_over_white(handle)) }

    /// With an alpha band, opaque if there was none.
    consuming func withAlpha() throws(PictureFault) -> Picture { try unsafe Picture(owning: banksia_picture_with_alpha(handle)) }

    /// The middle.
    consuming func centre(_ wanted: PixelSize) throws(PictureFault) -> Picture {
        let size = self.size
        let left = (size.width - wanted.width) / 2
        let top = (size.height - wanted.height) / 2
        return try cut(PictureArea(x: left, y: top, width: wanted.width, height: wanted.height))
    }

    /// A part, which must lie within the picture.
    borrowing func cut(_ area: PictureArea) throws(PictureFault) -> Picture {
        try unsafe Picture(
            owning: banksia_picture_crop(handle, Int32(area.x), Int32(area.y), Int32(area.width), Int32(area.height)))
    }

    /// All pixels, row by row, bands interleaved.
    consuming func pixels(bands: Int) throws(PictureFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size.count * bands)
        guard unsafe banksia_picture_copy_pixels(handle, &bytes, bytes.count) == 0 else { throw Vips.takeFault() }
        return bytes
    }

    /// Writes a file without metadata, and with a profile only if its colours are more than sRGB's.
    borrowing func write(_ path: String, as format: RenditionRecipe.Format) throws(PictureFault) {
        let profile = isWide ? "p3" : nil
        let result =
            switch format {
            case .jpeg(let quality): unsafe banksia_picture_write_jpeg(handle, path, profile, Int32(quality))
            case .webp(let quality, let effort):
                unsafe banksia_picture_write_webp(handle, path, profile, Int32(quality), Int32(effort))
            }
        guard result == 0 else { throw Vips.takeStorageFault() }
    }
}
