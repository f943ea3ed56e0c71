public import BanksiaCore
public import Foundation

/// Where originals and renditions are kept: a folder of this machine, or a bucket that many machines share.
///
/// An original's address is the digest of its bytes, so it is written once and never changes. Renditions can be deleted
/// and made again. All failures of the store itself are `FileProblem`s; each function may wait for a disk or a network,
/// so none is called inside a transaction.
public protocol FileStore: Sendable {
    // MARK: Receiving

    /// Starts receiving a file.
    func beginStaging() async throws -> any StagedUpload

    /// Gives a received file its lasting place. Does nothing when equal bytes are there already; may be repeated.
    ///
    /// When it returns, the original is durable. Until a row refers to it, it may be removed again: see `Originals` of the
    /// library for the order of things.
    func place(_ staged: StagedFile) async throws

    /// Takes away what was temporary of a received file. Does its work although the caller's task is cancelled.
    func discard(_ staged: StagedFile) async

    // MARK: Originals

    /// The size of an original in bytes; `nil` when there is none.
    func originalSize(_ digest: ContentDigest) async throws -> Int64?

    /// Whether an original is there and its bytes are those of its name. Reads all of them.
    func verifyOriginal(_ digest: ContentDigest) async throws -> Bool

    /// Removes an original; one that is not there is fine. Ends within half a minute, well or with an error.
    func removeOriginal(_ digest: ContentDigest) async throws

    /// Goes through all originals in the order of their digests, at most a few thousand at a time, at the pace of `body`.
    /// Ones that come or go meanwhile may be met or not.
    func forEachBatchOfOriginals(_ body: ([StoredOriginal]) async throws -> Void) async throws

    /// An original as a file of this machine, for programs that need a path; `nil` when there is none.
    func localOriginal(_ digest: ContentDigest) async throws -> LocalFile?

    // MARK: Renditions

    /// Takes over a file that was made in a temporary folder; what the key named before is replaced.
    ///
    /// - Returns: its size in bytes, and its digest.
    func keepRendition(at temporaryPath: String, as key: RenditionKey) async throws -> (size: Int64, digest: ContentDigest)

    /// The size of a rendition in bytes; `nil` when there is none.
    func renditionSize(_ key: RenditionKey) async throws -> Int64?

    /// Removes all renditions of a version.
    func removeRenditions(of version: UUID) async throws

    /// Removes one rendition, if it is there.
    func removeRendition(_ key: RenditionKey) async throws

    // MARK: Reading

    /// A part of a file, at the pace of whoever reads it. An empty range only looks whether the file is there.
    ///
    /// - Throws: `FileProblem.missing` at once when there is no such file; while reading, when it is shorter than the range.
    func read(_ file: StoredFile, _ range: Range<Int64>) async throws -> FileBytes

    // MARK: Room

    /// A new empty folder on this machine, for the files that child processes write.
    func temporaryFolder() throws -> TemporaryFolder

    /// Removes what interrupted uploads left behind.
    ///
    /// - Returns: how many files that were.
    func sweepStaging() async throws -> Int

    /// Room for files, in bytes; `nil` where the store has no bound of its own.
    func volume() async throws -> (free: Int64, total: Int64)?

    /// Lets go of what is held open, such as connections. The store is not used afterwards.
    func close() async
}

/// A file of the store, by its address.
public enum StoredFile: Hashable, Sendable {
    case original(ContentDigest)
    case rendition(RenditionKey)

    /// Where it lies below the root of a store.
    var path: String {
        switch self {
        case .original(let digest): digest.originalPath
        case .rendition(let key): key.path
        }
    }
}

/// Names one rendition of one version.
public struct RenditionKey: Hashable, Sendable {
    /// What was rendered.
    public let version: UUID
    /// Which rendition of it; one path component of letters, digits, `-`, `_` and `.`, not first a dot.
    public let name: String

    /// A key from its parts.
    public init(version: UUID, name: String) {
        precondition(
            !name.isEmpty && !name.hasPrefix(".") && name.utf8.allSatisfy(Self.isPlain),
            "a rendition's name is one path component")
        self.version = version
        self.name = name
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Where a rendition lies below the root of a store.
    var path: String { "\(Self.folder(of: version))/\(name)" }

    /// Where the renditions of a version lie. By the end of its id, which is random; the beginning is its time.
    static func folder(of version: UUID) -> String {
        let name = version.uuidString.lowercased()
        return "renditions/\(name.suffix(2))/\(name.suffix(4).prefix(2))/\(name)"
    }
}

/// An original that lies in a store.
public struct StoredOriginal: Hashable, Sendable {
    /// Its address.
    public let digest: ContentDigest
    /// In bytes.
    public let size: Int64
    /// When it was written, by the clock of the store.
    public let writtenAt: Instant
}

extension ContentDigest {
    /// Where an original lies below the root of a store.
    var originalPath: String {
        let hex = hex
        return "originals/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
    }
}
