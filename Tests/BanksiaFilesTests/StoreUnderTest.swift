import BanksiaCore
import BanksiaTestKit
import Foundation
import Logging
import Testing

@testable import BanksiaFiles

/// The stores that every test of the face runs on.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case folder, objects

    /// Those that can be had here: object storage only where `BANKSIA_TEST_S3_URL` names one.
    static var all: [StoreKind] { S3Scratch.current == nil ? [.folder] : allCases }

    var testDescription: String { rawValue }
}

/// A store in a temporary folder or below a prefix of its own, which goes away with it.
final class StoreUnderTest: Sendable {
    let kind: StoreKind
    let root = FileManager.default.temporaryDirectory.appending(path: "banksia-files-\(UUID())").path
    let pool = BlockingPool(width: 4)
    let store: any FileStore
    /// What stands between, if anything.
    let server: HostileServer?

    /// - Parameter limits: sizes of a store of objects. Parts of 5 MiB are the smallest that S3 takes.
    init(
        _ kind: StoreKind, settings: S3Settings? = nil, cacheBytes: Int64 = 1 << 30, logger: Logger = .silent,
        limits: ObjectStore.Limits = .small, behind server: HostileServer? = nil
    ) throws {
        self.kind = kind
        self.server = server
        switch kind {
        case .folder: store = try FolderStore(root: root, pool: pool)
        case .objects:
            store = try ObjectStore(
                settings ?? #require(S3Scratch.current).settings(), localFolder: root, cacheBytes: cacheBytes,
                pool: pool, clock: SystemClock(), logger: logger, limits: limits)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }  // a leftover in the temporary folder does no harm

    /// The store, where it is known to be one of objects.
    var objects: ObjectStore { get throws { try #require(store as? ObjectStore) } }

    func stage(_ bytes: [UInt8], pieces: Int = 3) async throws -> StagedFile {
        let upload = try await store.beginStaging()
        let step = max(1, bytes.count / pieces)
        for start in stride(from: 0, to: bytes.count, by: step) {
            try await upload.append([Array(bytes[start..<min(start + step, bytes.count)])])
        }
        return try await upload.finish()
    }

    /// Stages, places and discards.
    func keep(_ bytes: [UInt8]) async throws -> ContentDigest {
        let staged = try await stage(bytes)
        try await store.place(staged)
        await store.discard(staged)
        return staged.sha256
    }

    func bytes(_ file: StoredFile, _ range: Range<Int64>) async throws -> [UInt8] {
        var read: [UInt8] = []
        for try await piece in try await store.read(file, range) { read += piece }
        return read
    }

    /// What lies in the local staging folder, without locks.
    var stagedNames: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: root + "/staging").filter { !$0.hasSuffix(".lock") } }
    }

    /// What lies in the bucket's staging area, unfinished uploads included.
    var stagedObjects: [String] {
        get async throws {
            guard let store = store as? ObjectStore else { return [] }
            var keys = try await store.client.uploads(below: "staging/").map(\.key)
            try await store.client.forEachPage(below: "staging/") { keys += $0.map(\.key) }
            return keys
        }
    }
}

extension ObjectStore.Limits {
    /// So that files of a few dozen megabytes take all the ways of large ones, and failures do not wait long.
    static var small: Self {
        Self(
            part: 5 << 20, keptEnd: 6 << 20, copyPiece: 12 << 20, backoff: Backoff(attempts: 4, first: .milliseconds(5)))
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension [UInt8] {
    /// Bytes that look random and are the same each time.
    static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            // xorshift64 (Marsaglia 2003)
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            Swift.withUnsafeBytes(of: state) { bytes += $0 }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
