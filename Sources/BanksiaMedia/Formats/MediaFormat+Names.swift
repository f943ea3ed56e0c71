extension MediaFormat {
    /// The content type that a file's extension stands for, in any case of letters; `nil` for none or an unknown one.
    ///
    /// A name is a hint for files whose bytes do not say more: several RAW formats are TIFF inside. Some types that are
    /// neither pictures nor videos are named too, so that a caller can say what it was given.
    public static func mimeType(forFileName name: String) -> String? {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        let suffix = name[name.index(after: dot)...].lowercased()
        return formats[suffix]?.mimeType ?? otherTypes[suffix]
    }

    /// Whether the name is that of a camera's unprocessed picture.
    public static func isRaw(fileName name: String) -> Bool {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        let suffix = name[name.index(after: dot)...].lowercased()
        // All other pictures whose type is no registered one are TIFF inside, as cameras write it.
        return formats[suffix]?.isRaw ?? (otherTypes[suffix]?.hasPrefix("image/x-") == true)
    }

    private static let formats: [String: MediaFormat] = [
        "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg, "mpo": .jpeg, "insp": .jpeg,
        "png": .png, "apng": .png, "gif": .gif, "webp": .webp, "tif": .tiff, "tiff": .tiff, "bmp": .bmp, "dib": .bmp,
        "heic": .heic, "heics": .heic, "hif": .heif, "heif": .heif, "heifs": .heif, "avif": .avif, "avifs": .avif,
        "jxl": .jxl, "jp2": .jp2, "j2k": .jp2, "jpf": .jp2, "jpx": .jp2, "j2c": .jp2, "jpc": .jp2,
        "dng": .dng, "cr2": .cr2, "cr3": .cr3, "crw": .crw, "raf": .raf, "orf": .orf, "ori": .orf, "rw2": .rw2, "x3f": .x3f,
        "mrw": .mrw, "raw": .raw,
        "mp4": .mp4, "m4v": .mp4, "insv": .mp4, "mov": .mov, "qt": .mov, "mkv": .mkv, "webm": .webm, "avi": .avi,
        "3gp": .threeGP, "3g2": .threeGP, "mts": .mts, "m2ts": .mts, "m2t": .mts, "mpg": .mpeg, "mpeg": .mpeg, "mpe": .mpeg,
        "vob": .mpeg, "wmv": .wmv, "asf": .wmv, "flv": .flv,
    ]

    private static let otherTypes: [String: String] = [
        // Cameras whose files are TIFF inside, or rare.
        "nef": "image/x-nikon-nef", "nrw": "image/x-nikon-nrw", "arw": "image/x-sony-arw", "srf": "image/x-sony-srf",
        "sr2": "image/x-sony-sr2", "pef": "image/x-pentax-pef", "srw": "image/x-samsung-srw", "rwl": "image/x-leica-rwl",
        "3fr": "image/x-hasselblad-3fr", "fff": "image/x-hasselblad-fff", "iiq": "image/x-phaseone-iiq",
        "cap": "image/x-phaseone-cap", "mef": "image/x-mamiya-mef", "mos": "image/x-leaf-mos", "kdc": "image/x-kodak-kdc",
        "dcr": "image/x-kodak-dcr", "k25": "image/x-kodak-k25", "erf": "image/x-epson-erf", "gpr": "image/x-gopro-gpr",
        "ari": "image/x-arriflex-ari", "bay": "image/x-casio-bay",
        // Not pictures and not videos.
        "pdf": "application/pdf", "txt": "text/plain", "html": "text/html", "htm": "text/html", "xml": "text/xml",
        "json": "application/json", "csv": "text/csv", "zip": "application/zip", "gz": "application/gzip",
        "tar": "application/x-tar", "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "aac": "audio/aac",
        "flac": "audio/flac", "ogg": "audio/ogg", "doc": "application/msword", "exe": "application/octet-stream",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "xmp": "application/rdf+xml",
        // A program that browsers run, not a photo.
        "svg": "application/svg+xml", "svgz": "application/svg+xml",
    ]
}
