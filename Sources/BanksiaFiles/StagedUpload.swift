#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file on its way in: hashed piece by piece, never held in memory.
///
/// Batches must be appended one after the other. When it is let go unfinished, what came of it goes too.
public protocol StagedUpload: AnyObject, Sendable {
    /// Takes one batch. Returns when there is room for the next.
    func append(_ batch: [some ByteChunk]) async throws

    /// Ends the file. The caller owns it from here on: it is placed, and discarded in any case.
    func finish() async throws -> StagedFile

    /// Drops what came so far. Does nothing once the file is finished.
    func abandon() async
}

/// A file that was received whole and lies under a temporary name.
public struct StagedFile: Sendable {
    /// A file of this machine with these bytes, until it is discarded. See the store for what it may lack in the middle.
    public let path: String
    /// The digest of its bytes, and its address once it is placed.
    public let sha256: ContentDigest
    /// The SHA-1 of its bytes, 20 bytes; clients compare by it.
    public let sha1: [UInt8]
    /// In bytes.
    public let size: Int64
    /// The name of an object with these bytes, where the store has one already.
    let stagingKey: String?

    init(path: String, _ whole: IncomingFile.Whole, stagingKey: String? = nil) {
        self.path = path
        sha256 = whole.sha256
        sha1 = whole.sha1
        size = whole.size
        self.stagingKey = stagingKey
    }

    /// The first bytes, at most `count`, for telling what kind of file it is.
    public func head(_ count: Int = 4096) throws(FileProblem) -> [UInt8] {
        let descriptor = try system { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try system { bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, count, 0) } }
        return Array(bytes.prefix(read))
    }
}
