internal import Foundation

/// A file that is looked into here and there.
struct SeekableFile {
    let size: Int64
    private let handle: FileHandle

    /// - Returns: `nil` when it cannot be opened.
    init?(_ path: String) {
        // Whether and why it cannot be read has been told by whoever identified it.
        guard let handle = try? FileHandle(forReadingFrom: URL(filePath: path)), let end = try? handle.seekToEnd() else {
            return nil
        }
        self.handle = handle
        size = Int64(end)
    }

    /// Fewer bytes than asked for at the end, none beyond it or where the file cannot be read.
    func bytes(at offset: Int64, _ count: Int) -> [UInt8] {
        guard offset >= 0, offset < size, (try? handle.seek(toOffset: UInt64(offset))) != nil else { return [] }
        return [UInt8]((try? handle.read(upToCount: count)) ?? Data())
    }
}
