import BanksiaCore
import BanksiaFiles
import Foundation
import Testing

@Suite("The file store") final class FileStoreTests {
    let root = FileManager.default.temporaryDirectory.appending(path: "banksia-files-\(UUID())").path
    let pool = BlockingPool(width: 4)
    let store: FileStore

    init() throws { store = try FileStore(root: root, pool: pool) }
    deinit { try? FileManager.default.removeItem(atPath: root) }  // a leftover in the temporary folder does no harm

    private func stage(_ bytes: [UInt8], pieces: Int = 3) async throws -> StagedFile {
        let upload = try await store.beginStaging()
        let step = max(1, bytes.count / pieces)
        for start in stride(from: 0, to: bytes.count, by: step) {
            try await upload.append([Array(bytes[start..<min(start + step, bytes.count)])])
        }
        return try await upload.finish()
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
        try store.place(first)
        try store.place(second)
        store.discard(first)
        store.discard(second)

        let original = try #require(store.original(first.sha256))
        #expect(original.size == 100_000)
        #expect(try Data(contentsOf: URL(filePath: original.path)) == Data(bytes))
        #expect(try stagedNames.isEmpty)

        try store.removeOriginal(first.sha256)
        try store.removeOriginal(first.sha256)
        #expect(store.original(first.sha256) == nil)
    }

    @Test func `what is abandoned or let go leaves nothing`() async throws {
        let upload = try await store.beginStaging()
        try await upload.append([[1, 2, 3]])
        upload.abandon()
        await #expect(throws: FileProblem.missing) { try await upload.append([[4]]) }
        do {
            let forgotten = try await store.beginStaging()
            try await forgotten.append([[1]])
        }
        #expect(try stagedNames.isEmpty)
    }

    @Test func `a sweep takes the leftovers of the dead and spares the living`() async throws {
        let living = try FileStore(root: root, pool: pool)
        let upload = try await living.beginStaging()
        try await upload.append([[1]])
        _ = FileManager.default.createFile(atPath: root + "/staging/00000000-0000-0000-0000-000000000000-1", contents: Data([1]))
        try FileManager.default.createDirectory(
            atPath: root + "/staging/00000000-0000-0000-0000-000000000000-2/deep", withIntermediateDirectories: true)

        #expect(try store.sweepStaging() == 2)

        #expect(try stagedNames.count == 1)
        #expect(try await upload.finish().size == 1)
    }

    @Test(arguments: [Int64(0)..<10, 5..<6, 0..<700_000, 699_999..<700_000, 300..<300])
    func `any part of a file can be read`(range: Range<Int64>) async throws {
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let staged = try await stage(bytes)
        var read: [UInt8] = []
        for try await piece in try store.read(staged.path, range) { read += piece }
        #expect(read == Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
    }

    @Test func `reading past the end is an error, not silence`() async throws {
        let staged = try await stage([1, 2, 3])
        await #expect(throws: FileProblem.missing) { for try await _ in try self.store.read(staged.path, 0..<4) {} }
    }

    @Test func `a rendition is kept, found and removed with its version`() async throws {
        let folder = try store.temporaryFolder()
        let made = folder.path + "/out"
        try Data([9, 9]).write(to: URL(filePath: made))
        let key = RenditionKey(version: UUID(), name: "small-1")

        let kept = try await store.keepRendition(at: made, as: key)
        folder.remove()

        #expect(kept.size == 2)
        #expect(store.rendition(key) != nil)
        store.removeRenditions(of: key.version)
        #expect(store.rendition(key) == nil)
        #expect(try stagedNames.isEmpty)
    }

    @Test func `a digest reads what it writes and nothing else`() throws {
        let digest = try #require(ContentDigest(bytes: Array(0..<32)))
        #expect(ContentDigest(hex: digest.hex) == digest)
        #expect(ContentDigest(hex: digest.hex.uppercased()) == digest)
        for text in ["", "00", String(repeating: "g", count: 64), digest.hex + "0"] { #expect(ContentDigest(hex: text) == nil) }
    }
}
