import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Originals") struct OriginalsTests {
    let world: World
    let ana: Viewer
    let library: LibraryID
    let digest: ContentDigest

    private static let bytes = TestPicture.png(seed: 4711)

    /// Bytes that were uploaded once and whose asset was deleted; nothing has been cleaned up yet.
    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
        let photo = try await world.photo(of: ana, bytes: Self.bytes)
        digest = try #require(photo.file?.checksum)
        try await world.library.assets.delete("\(photo.id)", by: ana)
    }

    private var originals: Originals { world.library.originals }
    private var isThere: Bool { get async throws { try await world.files.originalSize(digest) != nil } }
    private var removal: OriginalRemoval {
        get async throws { try await world.database.read { [digest] tx in try OriginalStore.removal(of: digest, tx) } }
    }

    /// What a process leaves that dies in the middle of a removal.
    private func beginRemoval() async throws -> Int64 {
        try await world.database.write { [digest, now = world.clock.now] tx in
            try OriginalStore.count(of: digest, isUnderWay: true, at: now, tx)
        }
    }

    /// Uploads the bytes, without patience for removals.
    private func upload(_ attempts: Int = 2) async throws -> Stored<Asset> {
        var assets = world.library.assets
        assets.originals.patience = (attempts, .milliseconds(1))
        return try await assets.upload(world.upload(Self.bytes, named: "again.png"), into: library, by: ana)
    }

    @Test func `a removal is counted and leaves no mark`() async throws {
        #expect(try await originals.remove(digest))
        #expect(try await !isThere)
        #expect(try await removal.count == 1)
        #expect(try await !removal.isUnderWay)
        #expect(try await originals.remove(digest))
        #expect(try await removal.count == 2)
        await world.close()
    }

    @Test func `what a row refers to is not removed`() async throws {
        _ = try await upload()
        #expect(try await !originals.remove(digest))
        #expect(try await isThere)
        #expect(try await removal == OriginalRemoval())
        await world.close()
    }

    @Test func `a removal between the file and its row makes the upload place the file again`() async throws {
        let staged = try await world.upload(Self.bytes, named: "again.png").staged
        let seen = try await removal
        #expect(try await originals.remove(digest))
        // What it saw before no longer holds when it comes to its transaction.
        try await originals.keep(staged, seen: seen, in: library) { _ in }
        #expect(try await isThere)
        await world.files.discard(staged)
        await world.close()
    }

    @Test func `a removal between placing and committing is seen`() async throws {
        let removals = originals
        let store = MeddlingStore(
            world.files, afterPlace: { [digest] count in if count < 3 { try await removals.remove(digest) } })
        let meddled = Originals(database: world.database, files: store, clock: world.clock)
        let staged = try await world.upload(Self.bytes, named: "again.png").staged

        try await meddled.keep(staged, seen: removal, in: library) { _ in }

        #expect(store.placings == 3)
        #expect(try await isThere)
        await world.files.discard(staged)
        await world.close()
    }

    @Test func `a removal that fails keeps uploads away until it is sure to be over`() async throws {
        let store = MeddlingStore(world.files, beforeRemoval: { throw FileProblem.unreachable })
        let meddled = Originals(database: world.database, files: store, clock: world.clock)
        await #expect(throws: FileProblem.unreachable) { try await meddled.remove(digest) }
        #expect(try await removal.isUnderWay)
        await #expect(throws: AssetProblem.busy) { try await upload() }
        world.clock.advance(by: Originals.takeoverAfter)
        #expect(try await upload().isNew)
        await world.close()
    }

    @Test func `an upload waits for a removal under way, up to a bound`() async throws {
        _ = try await beginRemoval()
        await #expect(throws: AssetProblem.busy) { try await upload() }
        #expect(try await world.library.assets.list(AssetQuery(), in: library, by: ana).items.isEmpty)
        await world.close()
    }

    @Test func `an upload goes on when the removal has ended`() async throws {
        let number = try await beginRemoval()
        async let stored = upload(10_000)
        try await world.files.removeOriginal(digest)
        try await world.database.write { [digest, now = world.clock.now] tx in
            try OriginalStore.end(digest, number: number, at: now, tx)
        }
        #expect(try await stored.isNew)
        #expect(try await isThere)
        await world.close()
    }

    @Test func `an upload sets aside a removal whose process has died`() async throws {
        let number = try await beginRemoval()
        world.clock.advance(by: .seconds(120))
        #expect(try await upload().isNew)
        #expect(try await isThere)
        #expect(try await removal.count == number + 1)
        // The dead come back: their end changes nothing, and a new removal sees the row.
        try await world.database.write { [digest, now = world.clock.now] tx in
            try OriginalStore.end(digest, number: number, at: now, tx)
        }
        #expect(try await removal.count == number + 1)
        #expect(try await !originals.remove(digest))
        await world.close()
    }

    @Test func `a removal that was interrupted is finished by its job, and not before its process must be gone`() async throws {
        _ = try await beginRemoval()
        await #expect(throws: AssetProblem.busy) { try await originals.remove(digest) }
        #expect(try await isThere)
        world.clock.advance(by: .seconds(120))
        #expect(try await originals.remove(digest))
        #expect(try await !isThere)
        #expect(try await !removal.isUnderWay)
        await world.close()
    }

    @Test(.timeLimit(.minutes(2))) func `no row is ever without its file, whoever comes between`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try await originals.remove(digest)
                    // With pauses of all lengths, so that it meets every step of an upload; without any, none would get through.
                    try? await Task.sleep(for: .microseconds(Int.random(in: 0...30_000)))  // cancelled at the end
                }
            }
            for _ in 0..<40 {
                let stored = try await upload(10_000)
                #expect(stored.isNew)
                #expect(try await world.files.verifyOriginal(digest))
                try await world.library.assets.delete("\(stored.record.id)", by: ana)
            }
            group.cancelAll()
        }
        await world.close()
    }

    @Test func `counts of long ago are forgotten, marks are not`() async throws {
        #expect(try await originals.remove(digest))
        world.clock.advance(by: .seconds(86_399))
        try await world.library.maintain()
        #expect(try await removal.count == 1)
        world.clock.advance(by: .seconds(2))
        try await world.library.maintain()
        #expect(try await removal == OriginalRemoval())
        _ = try await beginRemoval()
        world.clock.advance(by: .seconds(200_000))
        try await world.library.maintain()
        #expect(try await removal.isUnderWay)
        await world.close()
    }

    @Test func `a sweep takes what nothing refers to and nobody is about to`() async throws {
        let kept = try #require(try await world.photo(of: ana).file?.checksum)
        #expect(try await world.library.sweepOriginals() == 0, "all files are new")

        moveClockToMorrow()
        #expect(try await world.library.sweepOriginals() == 1)

        #expect(try await !isThere)
        #expect(try await world.files.originalSize(kept) != nil)
        await world.close()
    }

    @Test func `a sweep runs once a day, whoever looks after the library`() async throws {
        let sweep = Pipeline.originalSweep
        for _ in 0..<3 { try await world.library.maintain() }
        try await world.finishJobs()
        try await world.library.maintain()
        #expect(try await world.database.read { tx in try world.jobs.list(scopes: nil, kinds: [sweep], limit: 9, tx) }.count == 1)

        world.clock.advance(by: .seconds(86_400))
        for _ in 0..<3 { try await world.library.maintain() }
        try await world.finishJobs()

        let jobs = try await world.database.read { tx in try world.jobs.list(scopes: nil, kinds: [sweep], limit: 9, tx) }
        #expect(jobs.map(\.status) == [.success, .success])
        await world.close()
    }

    /// The files were written by the machine's clock, which the library's is far behind.
    private func moveClockToMorrow() {
        world.clock.advance(by: SystemClock().now.since(world.clock.now) + .seconds(86_500))
    }
}
