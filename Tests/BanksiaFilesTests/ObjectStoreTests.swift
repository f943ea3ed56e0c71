import BanksiaCore
import BanksiaTestKit
import Foundation
import NIOHTTP1
import Testing

@testable import BanksiaFiles

/// What only a store of objects can show, on a real one.
@Suite("The object store", .enabled(if: S3Scratch.current != nil)) struct ObjectStoreTests {
    let test: StoreUnderTest
    init() throws { test = try StoreUnderTest(.objects) }

    /// Larger than a part, than what is kept of both ends, and than one piece of a copy; no multiple of any.
    private static let large = [UInt8].noise((27 << 20) + 12_345)

    @Test func `a bucket that works passes the check and is left as it was`() async throws {
        try await test.objects.check()
        #expect(try await test.stagedObjects.isEmpty)
        #expect(try await test.store.volume() == nil)
    }

    @Test func `a large file goes in parts and comes back whole`() async throws {
        let staged = try await test.stage(Self.large, pieces: 40)
        #expect(staged.stagingKey != nil)
        #expect(try await test.stagedObjects.count == 1)
        try await test.store.place(staged)
        try await test.store.place(staged)
        await test.store.discard(staged)

        #expect(try await test.store.originalSize(staged.sha256) == Int64(Self.large.count))
        #expect(try await test.store.verifyOriginal(staged.sha256))
        #expect(
            try await test.bytes(.original(staged.sha256), 20_000_000..<20_000_010) == Array(Self.large[20_000_000..<20_000_010]))
        let local = try #require(await test.store.localOriginal(staged.sha256))
        #expect(try Data(contentsOf: URL(filePath: local.path)) == Data(Self.large))
        #expect(try await test.stagedObjects.isEmpty)
    }

    @Test func `of a large file the ends stay here, and the middle takes no room`() async throws {
        let staged = try await test.stage(Self.large, pieces: 40)
        let kept = Int(ObjectStore.Limits.small.keptEnd)
        let here = try Data(contentsOf: URL(filePath: staged.path))
        #expect(here.count == Self.large.count)
        #expect(here.prefix(kept) == Data(Self.large.prefix(kept)))
        #expect(here.suffix(kept) == Data(Self.large.suffix(kept)))
        // What is left is the two ends and what was under way when the file ended. (Without holes, as on some file systems,
        // it is all there.)
        let zeros = here.dropFirst(kept).prefix(Self.large.count - 2 * kept).count { $0 == 0 }
        #expect(try room(of: staged.path) <= Self.large.count - zeros + (1 << 20))
        #expect(zeros > 4 << 20 || here == Data(Self.large))
        await test.store.discard(staged)
        #expect(try test.stagedNames.isEmpty)
        #expect(try await test.stagedObjects.isEmpty)
    }

    /// What a file takes up on its disk, in bytes.
    private func room(of path: String) throws -> Int {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return Int(status.st_blocks) * 512
    }

    @Test(arguments: [5 << 20, (5 << 20) + 1, 10 << 20]) func `files around the size of a part are whole`(size: Int) async throws
    {
        let bytes = [UInt8].noise(size)
        let digest = try await test.keep(bytes)
        #expect(try await test.store.verifyOriginal(digest))
        #expect(try await test.stagedObjects.isEmpty)
    }

    @Test func `an upload that is abandoned in the middle leaves no parts`() async throws {
        let upload = try await test.store.beginStaging()
        for start in stride(from: 0, to: Self.large.count, by: 4 << 20) {
            try await upload.append([Array(Self.large[start..<min(start + (4 << 20), Self.large.count)])])
        }
        #expect(try await test.stagedObjects.count == 1)
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await upload.abandon()
        }.value
        #expect(try await test.stagedObjects.isEmpty)
        #expect(try test.stagedNames.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `an upload that is let go in the middle leaves no parts`() async throws {
        do {
            let forgotten = try await test.store.beginStaging()
            try await forgotten.append([Array(Self.large.prefix(12 << 20))])
        }
        while try await !test.stagedObjects.isEmpty { await Task.yield() }
    }

    @Test func `an original that was just placed is not fetched again`() async throws {
        let bytes = [UInt8].noise(50_000)
        let digest = try await test.keep(bytes)
        // Gone from the store, still here: so it was not asked.
        try await test.store.removeOriginal(digest)
        #expect(try await test.store.localOriginal(digest) != nil)
    }

    @Test func `equal bytes that are there are not sent again`() async throws {
        let scratch = try #require(S3Scratch.current)
        let proxy = try await HostileServer(before: scratch.endpoint) { _, _ in .pass }
        let test = try StoreUnderTest(.objects, settings: scratch.settings(endpoint: proxy.endpoint), behind: proxy)
        let bytes = [UInt8].noise(1000)
        for _ in 0..<3 { _ = try await test.keep(bytes) }
        #expect(proxy.requests.map(\.method) == [.HEAD, .PUT, .HEAD, .HEAD])
    }

    @Test func `a sweep of the bucket takes what is a day old`() async throws {
        let store = try test.objects
        let upload = try await store.client.begin(store.newStagingKey())
        try await store.client.put(store.newStagingKey(), bytes: [1])
        #expect(try await store.sweepStaging() == 0)

        // A store whose clock differs by a day would refuse us, so only the sweep is told a later time.
        #expect(try await store.sweepBucket(asOf: SystemClock().now.adding(.seconds(86_500))) == 2)

        #expect(try await test.stagedObjects.isEmpty)
        try await store.client.abort(upload)
    }

    @Test func `listings go on over many pages`() async throws {
        let version = UUID()
        let store = try test.objects
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1010 {
                if number >= 16 { try await group.next() }
                group.addTask { try await store.client.put(RenditionKey(version: version, name: "r-\(number)").path, bytes: [1]) }
            }
            try await group.waitForAll()
        }
        var pages: [Int] = []
        try await store.client.forEachPage(below: RenditionKey.folder(of: version)) { pages.append($0.count) }
        #expect(pages.reduce(0, +) == 1010)
        #expect(pages.count >= 2)
    }

    @Test func `two stores over one bucket see the same`() async throws {
        let other = try StoreUnderTest(.objects, settings: test.objects.client.settings)
        let digest = try await test.keep([1, 2, 3])
        #expect(try await other.bytes(.original(digest), 0..<3) == [1, 2, 3])
        try await other.store.removeOriginal(digest)
        #expect(try await test.store.originalSize(digest) == nil)
    }

    @Test func `a store that was closed can be let go, one that was not too`() async throws {
        await test.store.close()
        await test.store.close()
        await #expect(throws: (any Error).self) { try await test.store.originalSize(test.stage([1]).sha256) }
    }
}
