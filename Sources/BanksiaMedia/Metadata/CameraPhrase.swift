/// Words that cameras and apps write into the fields for people's words.
enum CameraPhrase {
    /// Whether the text is one that nobody wrote.
    static func isMeaningless(_ text: String) -> Bool {
        let lowered = text.lowercased()
        return phrases.contains(lowered) || starts.contains { lowered.hasPrefix($0) }
    }

    /// Seen in files of Olympus, Sony, Minolta, Pentax, Samsung, Kodak, Huawei and others, in lower case.
    private static let phrases: Set = [
        "olympus digital camera", "sony dsc", "minolta digital camera", "konica minolta digital camera", "pentax digital camera",
        "kodak digital still camera", "digital camera", "digital still camera", "samsung camera pictures", "samsung",
        "exif_jpeg_picture", "jpeg picture", "picture", "dcim", "default", "untitled", "ascii", "unicode", "charset=ascii",
        "created by imlib", "created with gimp", "screenshot", "asci", "cof", "oznor", "oznorho", "sdr", "hdr", "hdrpl", "rhdr",
        "dav",
        "davl", "mde", "btf", "fbt", "ptr", "edf", "nor", "norvo",
        "vid", "none", "null",
    ]

    /// Settings of phone cameras, as key and value or as JSON.
    private static let starts = [
        "{\"", "filter:", "dcim\\", "<digimax", "<kenox", "<samsung", "lavc", "processed with vsco", "aperture:",
    ]
}
