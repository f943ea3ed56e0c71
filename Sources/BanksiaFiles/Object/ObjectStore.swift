import AsyncHTTPClient
public import BanksiaCore
public import Foundation
public import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Originals and renditions in a bucket of an S3-compatible store, which any number of machines may share.
///
/// ```
/// <prefix>originals/ab/cd/<sha-256 in hex>      written once, never changed
/// <prefix>renditions/ab/cd/<version>/<name>     can be deleted and made again
/// <prefix>staging/<seconds>-<random>            large uploads on their way in
/// ```
/// A small upload is received into a local file and sent when it is placed. A large one is sent in parts while it arrives
/// and gets its lasting name by a copy inside the store, since that name is known only at its end. Of a large file this
/// machine keeps the beginning and the end, see `SpoolWindow`; so `StagedFile.path` serves programs that read there.
public final class ObjectStore: FileStore {
    let client: S3Client
    let pool: BlockingPool
    let limits: Limits
    let clock: any WallClock
    let cache: LocalCache
    private let staging: StagingFolder
    private let fetched: StagingFolder
    private let http: HTTPClient
    private let isClosed = Atomic(false)

    /// Sizes that tests make smaller.
    struct Limits: Sendable {
        /// Larger files are sent in parts of this size. S3 takes 5 MiB at least, and 10,000 parts (Amazon S3 user guide,
        /// "Multipart upload limits"), so the largest file has 156 GiB.
        var part: Int64 = 16 << 20
        /// Of a file that is sent in parts, so much of each end is kept here.
        var keptEnd: Int64 = 32 << 20
        /// Larger objects are copied inside the store in pieces.
        var copyPiece: Int64 = 1 << 30
        var backoff = Backoff()
    }

    /// A store over a bucket. Nothing is sent yet; see `check`.
    ///
    /// - Parameters:
    ///   - localFolder: for uploads on their way, scratch folders and fetched originals; made when it is not there. Several
    ///     processes of a machine may share it.
    ///   - cacheBytes: how much room originals that were fetched may take here.
    public convenience init(
        _ settings: S3Settings, localFolder: String, cacheBytes: Int64 = 2 << 30, pool: BlockingPool, clock: any WallClock,
        logger: Logger
    ) throws(FileProblem) {
        try self.init(
            settings, localFolder: localFolder, cacheBytes: cacheBytes, pool: pool, clock: clock, logger: logger, limits: Limits()
        )
    }

    init(
        _ settings: S3Settings, localFolder: String, cacheBytes: Int64, pool: BlockingPool, clock: any WallClock, logger: Logger,
        limits: Limits
    ) throws(FileProblem) {
        // Not `originals`: a folder may have held an installation before it had a bucket, and what is swept here is deleted.
        for folder in ["staging", "fetched"] { try Folder.make("\(localFolder)/\(folder)") }
        staging = try StagingFolder("\(localFolder)/staging")
        fetched = try StagingFolder("\(localFolder)/fetched")
        self.pool = pool
        self.clock = clock
        self.limits = limits
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration)
        client = S3Client(settings, http: http, backoff: limits.backoff, clock: clock, logger: logger)
        cache = LocalCache(limit: cacheBytes)
    }

    /// Connecting takes a round trip or three; a connection on which nothing has moved for a minute is given up, which also
    /// lets go of readers that do not read. More connections than 64 make no single machine faster.
    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5), read: .seconds(60), write: .seconds(60)))
        configuration.httpVersion = .http1Only  // one slow body must not hold up the others
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.connectionPool.retryConnectionEstablishment = false  // we do so ourselves
        return configuration
    }

    // A client must not be let go while it runs; whoever forgets to close the store has no connection to wait for.
    deinit { if !isClosed.load(ordering: .relaxed) { http.shutdown { _ in } } }

    public func close() async {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        try? await http.shutdown()  // what fails is closed all the same
    }

    /// Looks whether the bucket can be listed, written and cleared, as a start should before it serves anyone.
    ///
    /// - Throws: `FileProblem`, whose `advice` says what to change.
    public func check() async throws {
        _ = try await client.tree(
            S3Request(method: .GET, query: [("list-type", "2"), ("max-keys", "1"), ("prefix", client.settings.prefix)]))
        let key = newStagingKey()
        try await client.put(key, bytes: Array("banksia".utf8))
        try await client.delete(key)
    }

    // MARK: Staging

    /// A path of this machine that nothing lies at.
    func newLocalPath() -> String { staging.newPath() }
    /// The same for an original that is kept here for a while.
    func newCachePath() -> String { fetched.newPath() }
    func newStagingKey() -> String { "staging/\(clock.now.microseconds / 1_000_000)-\(UUID().uuidString.lowercased())" }

    /// When an upload began, by its key: not all stores tell it of one that has not ended.
    private static func beginning(of stagingKey: String) -> Instant? {
        let name = stagingKey.dropFirst("staging/".count)
        return Int64(name.prefix { $0 != "-" }).flatMap { $0 < 1 << 40 ? Instant(microseconds: $0 * 1_000_000) : nil }
    }

    public func beginStaging() async throws -> any StagedUpload {
        try await pool.run { [self] in try ObjectUpload(IncomingFile(path: newLocalPath(), pool: pool), into: self) }
    }

    public func discard(_ staged: StagedFile) async {
        unlink(staged.path)
        guard let key = staged.stagingKey else { return }
        await unstoppable { [client] in try await client.delete(key) }
    }

    public func temporaryFolder() throws -> TemporaryFolder { try TemporaryFolder(path: newLocalPath()) }

    /// Removes what processes of this machine that no longer run left in the local folder, and what uploads of any machine
    /// left in the bucket a day ago.
    public func sweepStaging() async throws -> Int {
        try await pool.run { [staging, fetched] in staging.sweep() + fetched.sweep() } + sweepBucket(asOf: clock.now)
    }

    func sweepBucket(asOf now: Instant) async throws -> Int {
        var removed = 0
        func isOld(_ key: String) -> Bool { Self.beginning(of: key).map { now.since($0) > .seconds(86_400) } ?? false }
        for upload in try await client.uploads(below: "staging/") where isOld(upload.key) {
            try await client.abort(upload)
            removed += 1
        }
        try await client.forEachPage(below: "staging/") { entries in
            for entry in entries where isOld(entry.key) {
                try await client.delete(entry.key)
                removed += 1
            }
        }
        return removed
    }

    // MARK: Renditions

    public func keepRendition(at temporaryPath: String, as key: RenditionKey) async throws -> (size: Int64, digest: ContentDigest)
    {
        guard let size = Folder.size(of: temporaryPath) else { throw FileProblem.missing }
        let part = try await S3Request.FilePart(temporaryPath, 0..<size, pool: pool)
        try await client.put(key.path, part)
        return (part.size, part.sha256)
    }

    public func renditionSize(_ key: RenditionKey) async throws -> Int64? { try await client.size(of: key.path) }

    public func removeRenditions(of version: UUID) async throws {
        try await client.forEachPage(below: RenditionKey.folder(of: version) + "/") { entries in
            for entry in entries { try await client.delete(entry.key) }
        }
    }

    public func removeRendition(_ key: RenditionKey) async throws { try await client.delete(key.path) }

    // MARK: Reading

    public func read(_ file: StoredFile, _ range: Range<Int64>) async throws -> FileBytes {
        if range.isEmpty {
            guard try await client.size(of: file.path) != nil else { throw FileProblem.missing }
            return FileBytes { NoBytes() }
        }
        let object = ObjectBytes(client: client, key: file.path, range: range)
        try await object.open()
        return FileBytes { object.reader() }
    }

    /// A store of objects grows as long as it is paid for.
    public func volume() async throws -> (free: Int64, total: Int64)? { nil }
}

private struct NoBytes: FileBytes.Reader {
    mutating func next() async throws -> [UInt8]? { nil }
}

/// Runs to its end although the caller's task is cancelled. What fails is left to the sweep.
func unstoppable(_ body: @escaping @Sendable () async throws -> Void) async {
    // Ends by itself, as each request has a bound.
    await Task { try? await body() }.value
}
