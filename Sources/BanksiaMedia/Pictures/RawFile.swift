internal import CLibRawShim

/// What a sensor saw, with the picture that its camera made of it.
///
/// Shown is the camera's own picture, which looks as its photographer saw it and takes no time. Where the file has none that is
/// worth showing, the sensor's data are developed at half their size.
@safe final class RawFile {
    /// As the picture lies that `picture` gives.
    let size: PixelSize
    let orientation: Int
    /// What the sensor recorded, without its margins, lying as it does.
    let sensor: PixelSize
    private let handle: OpaquePointer
    private let preview: banksia_raw_picture?

    /// A preview is worth showing when its longer edge has this many pixels: the largest of the small pictures of contract §6.
    private static let worthShowing = 1440

    /// Reads the headers and finds the preview.
    ///
    /// - Throws: `tooManyPixels` before anything is decoded.
    init(_ path: String, maximumPixels: Int) throws(PictureFault) {
        var error: Int32 = 0
        guard let handle = unsafe banksia_raw_open(path, &error) else { throw Self.fault(error) }
        unsafe self.handle = handle
        var header = banksia_raw_header()
        unsafe banksia_raw_header(handle, &header)
        orientation = Int(header.orientation)
        sensor = PixelSize(width: Int(header.width), height: Int(header.height))
        var found = unsafe banksia_raw_picture()
        let hasPreview = unsafe banksia_raw_preview(handle, &found) == 0
        let shown = unsafe PixelSize(width: Int(found.width), height: Int(found.height))
        if hasPreview, shown.longestEdge >= min(Self.worthShowing, sensor.longestEdge / 2), shown.count > 0 {
            unsafe preview = found
            size = shown
        } else {
            unsafe preview = nil
            size = PixelSize(width: (sensor.width + 1) / 2, height: (sensor.height + 1) / 2)
        }
        guard Int(header.pixels) <= maximumPixels, shown.count <= maximumPixels else {
            throw .tooManyPixels(sensor, limit: maximumPixels)
        }
        guard size.count > 0 else { throw .undecodable(reason: "there is no picture in it") }
    }

    deinit { unsafe banksia_raw_close(handle) }

    /// - Parameter shrink: a preview is decoded at 1/2, 1/4 or 1/8 of its size.
    func picture(shrink: Int) throws(PictureFault) -> Picture {
        if let preview = unsafe preview {
            return try unsafe Self.picture(preview, shrink: shrink).oriented(orientation)
        }
        var developed = unsafe banksia_raw_picture()
        let error = unsafe banksia_raw_develop(handle, &developed)
        guard error == 0 else { throw Self.fault(error) }
        return try unsafe Self.picture(developed, shrink: 1).oriented(orientation)
    }

    private static func picture(_ made: banksia_raw_picture, shrink: Int) throws(PictureFault) -> Picture {
        let bytes = unsafe UnsafeRawBufferPointer(start: made.bytes, count: made.length)
        if unsafe made.is_jpeg != 0 { return try unsafe Picture(jpeg: bytes, shrink: shrink) }
        let size = unsafe PixelSize(width: Int(made.width), height: Int(made.height))
        return try unsafe Picture(pixels: [UInt8](bytes), size: size, bands: Int(made.bands))
    }

    private static func fault(_ error: Int32) -> PictureFault {
        if banksia_raw_is_memory_error(error) != 0 { return .outOfMemory }
        return .undecodable(reason: Reason(libraryText: unsafe String(cString: banksia_raw_error_text(error))).text)
    }
}
