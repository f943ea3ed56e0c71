import BanksiaCore
import Foundation
import Testing

@testable import BanksiaFiles

/// What only a folder can show.
@Suite("The folder store") struct FolderStoreTests {
    let test: StoreUnderTest
    init() throws { test = try StoreUnderTest(.folder) }

    @Test func `a damaged original is found, and healed by the next upload of the same bytes`() async throws {
        let bytes = [UInt8](repeating: 7, count: 1000)
        let digest = try await test.keep(bytes)
        let path = try #require(await test.store.localOriginal(digest)?.path)
        // What a disk may have left.
        try Data(bytes.prefix(10)).write(to: URL(filePath: path))
        #expect(try await !test.store.verifyOriginal(digest))

        _ = try await test.keep(bytes)

        #expect(try await test.store.verifyOriginal(digest))
        #expect(try test.stagedNames.isEmpty)
    }

    @Test func `files of others among the originals do no harm`() async throws {
        let digest = try await test.keep([1])
        try Data().write(to: URL(filePath: test.root + "/originals/.DS_Store"))
        var met: [ContentDigest] = []
        try await test.store.forEachBatchOfOriginals { met += $0.map(\.digest) }
        #expect(met == [digest])
    }

    @Test func `two stores over one folder place at once`() async throws {
        let other = try FolderStore(root: test.root, pool: test.pool)
        let staged = try await test.stage(.noise(10_000))
        async let first: Void = test.store.place(staged)
        try await other.place(staged)
        try await first
        await other.discard(staged)
        #expect(try await other.verifyOriginal(staged.sha256))
        #expect(try test.stagedNames.isEmpty)
    }

    @Test func `the folders are their owner's alone`() async throws {
        let staged = try await test.stage([1])
        try await test.store.place(staged)
        let original = try #require(await test.store.localOriginal(staged.sha256)?.path)
        for (path, rights) in [
            (test.root + "/originals", 0o700), (test.root + "/staging", 0o700), (staged.path, 0o600), (original, 0o600),
        ] {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == rights)
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible)) func `a full disk is said so, and nothing stays on it`() async throws {
        let disk = try SmallDisk()
        let small = try FolderStore(root: disk.path, pool: test.pool)
        let upload = try await small.beginStaging()
        await #expect(throws: FileProblem.full) {
            for _ in 0..<64 { try await upload.append([[UInt8](repeating: 1, count: 1 << 16)]) }
        }
        await upload.abandon()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: disk.path + "/staging").filter { !$0.hasSuffix(".lock") }.isEmpty)
        #expect(try #require(await small.volume()).free > 500_000)
    }

    @Test func `a place that cannot be a folder is refused`() throws {
        #expect(throws: (any Error).self) { try FolderStore(root: "/dev/null/files", pool: test.pool) }
    }
}
