import BanksiaCore
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaFiles

/// What every store does.
@Suite("A file store") struct FileStoreTests {
    @Test(arguments: StoreKind.all) func `a file is hashed as it comes`(kind: StoreKind) async throws {
        // FIPS 180-4 examples: the digests of "abc".
        let test = try StoreUnderTest(kind)
        let staged = try await test.stage(Array("abc".utf8))
        #expect(staged.sha256.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(staged.sha1.map { String(format: "%02x", $0) }.joined() == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(staged.size == 3)
        #expect(try staged.head() == Array("abc".utf8))
    }

    @Test(arguments: StoreKind.all) func `the digests are those of other programs`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let staged = try await test.stage(.noise(3_000_000), pieces: 7)
        func digest(_ program: String) throws -> String {
            let output = Pipe()
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [program, staged.path]
            process.standardOutput = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            return String(text.prefix { $0 != " " })
        }
        #expect(try digest("sha256sum") == staged.sha256.hex)
        #expect(try digest("sha1sum") == staged.sha1.map { String(format: "%02x", $0) }.joined())
        await test.store.discard(staged)
    }

    @Test(arguments: StoreKind.all) func `a placed file is there under its content's name, once`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind), store = test.store
        let bytes = [UInt8].noise(100_000)
        let first = try await test.stage(bytes), second = try await test.stage(bytes)
        #expect(try await store.originalSize(first.sha256) == nil)
        #expect(try await store.localOriginal(first.sha256) == nil)
        for staged in [first, second] { try await store.place(staged) }
        for staged in [first, second] { await store.discard(staged) }

        #expect(try await store.originalSize(first.sha256) == 100_000)
        let local = try #require(await store.localOriginal(first.sha256))
        #expect(try Data(contentsOf: URL(filePath: local.path)) == Data(bytes))
        #expect(try await store.verifyOriginal(first.sha256))

        try await store.removeOriginal(first.sha256)
        try await store.removeOriginal(first.sha256)
        #expect(try await store.originalSize(first.sha256) == nil)
        #expect(try await !store.verifyOriginal(first.sha256))
    }

    @Test(arguments: StoreKind.all) func `an empty file is a file`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let staged = try await test.store.beginStaging().finish()
        #expect(staged.size == 0)
        // FIPS 180-4: the digest of nothing.
        #expect(staged.sha256.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        try await test.store.place(staged)
        #expect(try await test.store.originalSize(staged.sha256) == 0)
        #expect(try await test.store.verifyOriginal(staged.sha256))
        #expect(try await test.bytes(.original(staged.sha256), 0..<0).isEmpty)
    }

    @Test(arguments: StoreKind.all) func `placing may be repeated, from several sides at once`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind), store = test.store
        var uploads: [StagedFile] = []
        for _ in 0..<4 { uploads.append(try await test.stage(.noise(10_000))) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for staged in uploads {
                group.addTask { for _ in 0..<3 { try await store.place(staged) } }
            }
            try await group.waitForAll()
        }
        for staged in uploads { await store.discard(staged) }
        // Again after the staged name has gone: there is nothing left to do.
        try await store.place(uploads[0])
        #expect(try await store.verifyOriginal(uploads[0].sha256))
    }

    @Test(arguments: StoreKind.all) func `what is abandoned leaves nothing`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let upload = try await test.store.beginStaging()
        try await upload.append([[1, 2, 3]])
        await upload.abandon()
        await #expect(throws: FileProblem.missing) { try await upload.append([[4]]) }
        await #expect(throws: FileProblem.missing) { try await upload.finish() }
        #expect(try test.stagedNames.isEmpty)
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.all) func `what is let go leaves nothing`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        do {
            let forgotten = try await test.store.beginStaging()
            try await forgotten.append([[1]])
        }
        // The thread that wrote last may still hold it for a moment.
        while try !test.stagedNames.isEmpty { await Task.yield() }
    }

    @Test(arguments: StoreKind.all, [Int64(0)..<10, 5..<6, 0..<700_000, 699_999..<700_000, 300..<300])
    func `any part of a file can be read`(kind: StoreKind, range: Range<Int64>) async throws {
        let test = try StoreUnderTest(kind)
        let bytes = [UInt8].noise(700_000)
        let digest = try await test.keep(bytes)
        #expect(try await test.bytes(.original(digest), range) == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
    }

    @Test(arguments: StoreKind.all) func `bytes may be read by several, and by none`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let bytes = [UInt8].noise(300_000)
        let file = try await test.store.read(.original(test.keep(bytes)), 0..<300_000)
        for _ in 0..<2 {
            var read: [UInt8] = []
            for try await piece in file { read += piece }
            #expect(read == bytes)
        }
        for try await _ in file { break }
    }

    @Test(arguments: StoreKind.all) func `reading past the end is an error, not silence`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let digest = try await test.keep([1, 2, 3])
        for range: Range<Int64> in [0..<4, 3..<4, 10..<20] {
            await #expect(throws: FileProblem.missing, "\(range)") { _ = try await test.bytes(.original(digest), range) }
        }
    }

    @Test(arguments: StoreKind.all, [Int64(0)..<0, 0..<5]) func `what is not there is missing before the first byte`(
        kind: StoreKind, range: Range<Int64>
    ) async throws {
        let test = try StoreUnderTest(kind)
        let digest = try await test.stage([9]).sha256
        for file in [StoredFile.original(digest), .rendition(RenditionKey(version: UUID(), name: "small-1"))] {
            await #expect(throws: FileProblem.missing) { _ = try await test.store.read(file, range) }
        }
    }

    @Test(arguments: StoreKind.all) func `a rendition is kept, replaced and removed with its version`(kind: StoreKind)
        async throws
    {
        let test = try StoreUnderTest(kind), store = test.store
        let key = RenditionKey(version: UUID(), name: "small-1"), other = RenditionKey(version: UUID(), name: "small-1")
        for (key, bytes) in [(key, [UInt8(1)]), (key, [9, 9]), (other, [5])] {
            let folder = try store.temporaryFolder()
            let made = folder.path + "/out"
            try Data(bytes).write(to: URL(filePath: made))
            let kept = try await store.keepRendition(at: made, as: key)
            folder.remove()
            #expect(kept.size == bytes.count)
            #expect(kept.digest == (try await test.stage(bytes)).sha256)
        }
        #expect(try await test.bytes(.rendition(key), 0..<2) == [9, 9])

        try await store.removeRenditions(of: key.version)
        try await store.removeRenditions(of: key.version)

        await #expect(throws: FileProblem.missing) { _ = try await store.read(.rendition(key), 0..<2) }
        #expect(try await test.bytes(.rendition(other), 0..<1) == [5])
        await #expect(throws: FileProblem.missing) { _ = try await store.keepRendition(at: "/nowhere", as: key) }
    }

    @Test(arguments: StoreKind.all) func `all originals can be gone through`(kind: StoreKind) async throws {
        let test = try StoreUnderTest(kind)
        let begin = SystemClock().now
        var placed: [ContentDigest: Int64] = [:]
        for number in 1...20 {
            let bytes = [UInt8](repeating: UInt8(number), count: number)
            placed[try await test.keep(bytes)] = Int64(number)
        }
        var met: [StoredOriginal] = []
        try await test.store.forEachBatchOfOriginals { met += $0 }
        #expect(Dictionary(uniqueKeysWithValues: met.map { ($0.digest, $0.size) }) == placed)
        #expect(met.map(\.digest.hex) == met.map(\.digest.hex).sorted())
        // S3 tells whole seconds, and a clock elsewhere need not agree with ours to the second.
        let (earliest, latest) = (begin.adding(.seconds(-5)), SystemClock().now.adding(.seconds(5)))
        #expect(met.allSatisfy { earliest <= $0.writtenAt && $0.writtenAt <= latest })
    }

    @Test(arguments: StoreKind.all) func `a sweep takes the leftovers of the dead and spares the living`(kind: StoreKind)
        async throws
    {
        let test = try StoreUnderTest(kind)
        let upload = try await test.store.beginStaging()
        try await upload.append([[1]])
        try Data([1]).write(to: URL(filePath: test.root + "/staging/00000000-0000-0000-0000-000000000000-1"))
        try FileManager.default.createDirectory(
            atPath: test.root + "/staging/00000000-0000-0000-0000-000000000000-2/deep", withIntermediateDirectories: true)

        #expect(try await test.store.sweepStaging() == 2)

        #expect(try test.stagedNames.count == 1)
        #expect(try await upload.finish().size == 1)
    }

    @Test func `a digest reads what it writes and nothing else`() throws {
        let digest = try #require(ContentDigest(bytes: Array(0..<32)))
        #expect(ContentDigest(hex: digest.hex) == digest)
        #expect(ContentDigest(hex: digest.hex.uppercased()) == digest)
        for text in ["", "00", String(repeating: "g", count: 64), digest.hex + "0"] { #expect(ContentDigest(hex: text) == nil) }
    }
}
