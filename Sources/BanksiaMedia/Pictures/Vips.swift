internal import CVipsShim
internal import Foundation
internal import Synchronization

/// libvips as a whole: started once per process, in children only.
enum Vips {
    private static let started = Mutex<Bool?>(nil)

    /// Starts libvips on first use. False when it cannot run.
    static func start() -> Bool {
        started.withLock { started in
            if started == nil { started = unsafe banksia_vips_start("banksia") == 0 }
            return started == true
        }
    }

    static var version: String { unsafe String(cString: banksia_vips_version()) }

    /// Takes what libvips says went wrong with the file since last asked.
    static func takeFault() -> PictureFault { fault { .undecodable(reason: $0) } }

    /// Takes what went wrong while a result was written.
    static func takeStorageFault() -> PictureFault { fault { .storage(reason: $0) } }

    private static func fault(_ make: (String) -> PictureFault) -> PictureFault {
        let text = takeErrorText()
        return speaksOfMemory(text) ? .outOfMemory : make(Reason(libraryText: text).text)
    }

    /// The ways in which libvips, libjpeg, libpng, libheif and the system say so. libheif also says it of what it never decodes.
    private static func speaksOfMemory(_ text: String) -> Bool {
        let text = text.lowercased()
        guard !text.contains("security limit exceeded") else { return false }
        return ["out of memory", "insufficient memory", "cannot allocate memory", "memory allocation", "malloc fail"].contains {
            text.contains($0)
        }
    }

    static func takeErrorText() -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        unsafe banksia_vips_take_error(&buffer, buffer.count)
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A library's complaint, made fit for a person: the first line that tells something, without the library's own name and
/// without paths.
struct Reason {
    let text: String
    private static let limit = 160

    init(libraryText: String) {
        let lines = libraryText.split(whereSeparator: \.isNewline).map { String($0) }
        // The seek beyond the end is how the HEIF reader learns where the end is.
        let line = lines.first { !$0.contains("bad seek") }.map(Self.withoutDomain) ?? ""
        let words = line.split(separator: " ").filter { !$0.contains("/") }
        let clean = words.joined(separator: " ").prefix(Self.limit).trimmingCharacters(in: [".", " ", ":"])
        text = clean.isEmpty ? "the file is damaged" : clean
    }

    /// `VipsJpeg: Premature end` and `pngload: …` begin with who complains.
    private static func withoutDomain(_ line: String) -> String {
        guard let colon = line.range(of: ": "), !line[..<colon.lowerBound].contains(" ") else { return line }
        return String(line[colon.upperBound...])
    }
}
