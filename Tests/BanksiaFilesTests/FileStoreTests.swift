import BanksiaCore
import BanksiaFiles
import Foundation
import Testing

@Suite("The file store") final class FileStoreTests {
    let root = FileManager.default.temporaryDirectory.appending(path: "banksia-files-\(UUID())").path
    let pool = BlockingPool(width: 4)
    let store: FolderStore

    init() throws { store = try FolderStore(root: root, pool: pool) }
    deinit { try? FileManager.default.removeItem(atPath: root) }  // a leftover in the temporary folder does no harm

    private func stage(_ bytes: [UInt8], pieces: Int = 3) async throws -> StagedFile {
        let upload = try await store.beginStaging()
        let step = max(1, bytes.count / pieces)
        for start in stride(from: 0, to: bytes.count, by: step) {
            try await upload.append([Array(bytes[start..<min(start + step, bytes.count)])])
        }
        return try await upload.finish()
    }

    private func bytes(_ file: StoredFile, _ range: Range<Int64>) async throws -> [UInt8] {
        var read: [UInt8] = []
        for try await piece in try await store.read(file, range) { read += piece }
        return read
    }

    private var stagedNames: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: root + "/staging").filter { !$0.hasSuffix(".lock") } }
    }

    @Test func `a file is hashed as it comes`() async throws {
        // FIPS 180-4 examples: the digests of "abc".
        let staged = try await stage(Array("abc".utf8))
        #expect(staged.sha256.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(staged.sha1.map { String(format: "%02x", $0) }.joined() == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(staged.size == 3)
        #expect(try staged.head() == Array("abc".utf8))
    }

    @Test func `a placed file is there under its content's name, once`() async throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let first = try await stage(bytes), second = try await stage(bytes)
        try await store.place(first)
        try await store.place(second)
        await store.discard(first)
        await store.discard(second)

        let original = try #require(await store.localOriginal(first.sha256))
        #expect(try await store.originalSize(first.sha256) == 100_000)
        #expect(try Data(contentsOf: URL(filePath: original.path)) == Data(bytes))
        #expect(try stagedNames.isEmpty)

        try await store.removeOriginal(first.sha256)
        try await store.removeOriginal(first.sha256)
        #expect(try await store.originalSize(first.sha256) == nil)
    }

    @Test func `what is abandoned leaves nothing`() async throws {
        let upload = try await store.beginStaging()
        try await upload.append([[1, 2, 3]])
        await upload.abandon()
        await #expect(throws: FileProblem.missing) { try await upload.append([[4]]) }
        #expect(try stagedNames.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `what is let go leaves nothing`() async throws {
        do {
            let forgotten = try await store.beginStaging()
            try await forgotten.append([[1]])
        }
        // The thread that wrote last may still hold it for a moment.
        while try !stagedNames.isEmpty { await Task.yield() }
    }

    @Test func `a sweep takes the leftovers of the dead and spares the living`() async throws {
        let living = try FolderStore(root: root, pool: pool)
        let upload = try await living.beginStaging()
        try await upload.append([[1]])
        try Data([1]).write(to: URL(filePath: root + "/staging/00000000-0000-0000-0000-000000000000-1"))
        try FileManager.default.createDirectory(
            atPath: root + "/staging/00000000-0000-0000-0000-000000000000-2/deep", withIntermediateDirectories: true)

        #expect(try await store.sweepStaging() == 2)

        #expect(try stagedNames.count == 1)
        #expect(try await upload.finish().size == 1)
    }

    @Test(arguments: [Int64(0)..<10, 5..<6, 0..<700_000, 699_999..<700_000, 300..<300])
    func `any part of a file can be read`(range: Range<Int64>) async throws {
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let staged = try await stage(bytes)
        try await store.place(staged)
        #expect(
            try await self.bytes(.original(staged.sha256), range) == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
    }

    @Test func `reading past the end is an error, not silence`() async throws {
        let staged = try await stage([1, 2, 3])
        try await store.place(staged)
        await #expect(throws: FileProblem.missing) {
            for try await _ in try await self.store.read(.original(staged.sha256), 0..<4) {}
        }
    }

    @Test func `a rendition is kept, found and removed with its version`() async throws {
        let folder = try store.temporaryFolder()
        let made = folder.path + "/out"
        try Data([9, 9]).write(to: URL(filePath: made))
        let key = RenditionKey(version: UUID(), name: "small-1")

        let kept = try await store.keepRendition(at: made, as: key)
        folder.remove()

        #expect(kept.size == 2)
        #expect(try await bytes(.rendition(key), 0..<2) == [9, 9])
        try await store.removeRenditions(of: key.version)
        await #expect(throws: FileProblem.missing) { try await self.store.read(.rendition(key), 0..<0) }
        #expect(try stagedNames.isEmpty)
    }

    @Test func `the digests are those of other programs`() async throws {
        let bytes = (0..<3_000_000).map { _ in UInt8.random(in: 0...255) }
        let staged = try await stage(bytes, pieces: 7)
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
    }

    @Test func `an empty file is a file`() async throws {
        let staged = try await store.beginStaging().finish()
        #expect(staged.size == 0)
        // FIPS 180-4: the digest of nothing.
        #expect(staged.sha256.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        try await store.place(staged)
        #expect(try await store.originalSize(staged.sha256) == 0)
    }

    @Test func `placing may be repeated, from several sides at once`() async throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        let other = try FolderStore(root: root, pool: pool)
        var uploads: [StagedFile] = []
        for _ in 0..<4 { uploads.append(try await stage(bytes)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, staged) in uploads.enumerated() {
                group.addTask { [store] in
                    for _ in 0..<5 { try await (number % 2 == 0 ? store : other).place(staged) }
                }
            }
            try await group.waitForAll()
        }
        for staged in uploads { await store.discard(staged) }
        // Again after the staged name has gone, as a transaction that is run once more would.
        try await store.place(uploads[0])
        #expect(try await store.verifyOriginal(uploads[0].sha256))
        #expect(try stagedNames.isEmpty)
    }

    @Test func `a damaged original is found, and healed by the next upload of the same bytes`() async throws {
        let bytes = [UInt8](repeating: 7, count: 1000)
        let first = try await stage(bytes)
        try await store.place(first)
        let path = try #require(await store.localOriginal(first.sha256)?.path)
        // What a disk may have left; the staged name is another name of the same file, so it goes first.
        await store.discard(first)
        try Data(bytes.prefix(10)).write(to: URL(filePath: path))
        #expect(try await !store.verifyOriginal(first.sha256))

        let second = try await stage(bytes)
        try await store.place(second)
        await store.discard(second)

        #expect(try await store.verifyOriginal(first.sha256))
        #expect(try stagedNames.isEmpty)
        try await store.removeOriginal(first.sha256)
        #expect(try await !store.verifyOriginal(first.sha256))
    }

    @Test func `all originals can be gone through`() async throws {
        var placed: Set<ContentDigest> = []
        for number in 0..<20 {
            let staged = try await stage([UInt8(number)])
            try await store.place(staged)
            await store.discard(staged)
            placed.insert(staged.sha256)
        }
        try Data().write(to: URL(filePath: root + "/originals/.DS_Store"))
        var met: [ContentDigest] = []
        try await store.forEachBatchOfOriginals { met += $0.map(\.digest) }
        #expect(Set(met) == placed && met.count == placed.count)
        #expect(met.map(\.hex) == met.map(\.hex).sorted())
    }

    @Test func `the folders are their owner's alone`() async throws {
        let staged = try await stage([1])
        try await store.place(staged)
        let original = try #require(await store.localOriginal(staged.sha256)?.path)
        for (path, rights) in [(root + "/originals", 0o700), (root + "/staging", 0o700), (staged.path, 0o600), (original, 0o600)]
        {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == rights)
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible)) func `a full disk is said so, and nothing stays on it`() async throws {
        let disk = try SmallDisk()
        let small = try FolderStore(root: disk.path, pool: pool)
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
        #expect(throws: (any Error).self) { try FolderStore(root: "/dev/null/files", pool: self.pool) }
    }

    @Test func `a digest reads what it writes and nothing else`() throws {
        let digest = try #require(ContentDigest(bytes: Array(0..<32)))
        #expect(ContentDigest(hex: digest.hex) == digest)
        #expect(ContentDigest(hex: digest.hex.uppercased()) == digest)
        for text in ["", "00", String(repeating: "g", count: 64), digest.hex + "0"] { #expect(ContentDigest(hex: text) == nil) }
    }
}
