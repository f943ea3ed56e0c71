import BanksiaFiles
import Foundation
import Synchronization

/// A real store, and somebody who comes between its steps.
final class MeddlingStore: FileStore {
    private let inner: any FileStore
    private let afterPlace: @Sendable (_ count: Int) async throws -> Void
    private let beforeRemoval: @Sendable () async throws -> Void
    private let placed = Mutex(0)

    /// - Parameter afterPlace: is told how often something was placed, from 1.
    init(
        _ inner: any FileStore, afterPlace: @escaping @Sendable (Int) async throws -> Void = { _ in },
        beforeRemoval: @escaping @Sendable () async throws -> Void = {}
    ) {
        self.inner = inner
        self.afterPlace = afterPlace
        self.beforeRemoval = beforeRemoval
    }

    /// How often something was placed.
    var placings: Int { placed.withLock { $0 } }

    func place(_ staged: StagedFile) async throws {
        try await inner.place(staged)
        let count = placed.withLock { count in
            count += 1
            return count
        }
        try await afterPlace(count)
    }

    func removeOriginal(_ digest: ContentDigest) async throws {
        try await beforeRemoval()
        try await inner.removeOriginal(digest)
    }

    func beginStaging() async throws -> any StagedUpload { try await inner.beginStaging() }
    func discard(_ staged: StagedFile) async { await inner.discard(staged) }
    func originalSize(_ digest: ContentDigest) async throws -> Int64? { try await inner.originalSize(digest) }
    func verifyOriginal(_ digest: ContentDigest) async throws -> Bool { try await inner.verifyOriginal(digest) }
    func localOriginal(_ digest: ContentDigest) async throws -> LocalFile? { try await inner.localOriginal(digest) }
    func renditionSize(_ key: RenditionKey) async throws -> Int64? { try await inner.renditionSize(key) }
    func removeRendition(_ key: RenditionKey) async throws { try await inner.removeRendition(key) }
    func removeRenditions(of version: UUID) async throws { try await inner.removeRenditions(of: version) }
    func read(_ file: StoredFile, _ range: Range<Int64>) async throws -> FileBytes { try await inner.read(file, range) }
    func temporaryFolder() throws -> TemporaryFolder { try inner.temporaryFolder() }
    func sweepStaging() async throws -> Int { try await inner.sweepStaging() }
    func volume() async throws -> (free: Int64, total: Int64)? { try await inner.volume() }
    func close() async { await inner.close() }
    func forEachBatchOfOriginals(_ body: ([StoredOriginal]) async throws -> Void) async throws {
        try await inner.forEachBatchOfOriginals(body)
    }
    func keepRendition(at path: String, as key: RenditionKey) async throws -> (size: Int64, digest: ContentDigest) {
        try await inner.keepRendition(at: path, as: key)
    }
}
