import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaLibrary
import BanksiaMedia
import BanksiaTestKit
import Foundation
import Testing

@Suite("Assets") struct AssetTests {
    let world: World
    init() async throws { world = try await World() }

    @Test func `an upload is kept, described and counted`() async throws {
        let ana = try await world.user("ana")
        let bytes = TestPicture.png(width: 64, height: 48, seed: 7)

        let asset = try await world.photo(of: ana, named: "../../coast.png", taken: "2024-05-01T12:00:00+02:00", bytes: bytes)

        #expect(asset.originalFileName == "coast.png")
        #expect(asset.mimeType == "image/png")
        #expect(asset.size?.width == 64 && asset.size?.height == 48)
        #expect(asset.localDateTime.description == "2024-05-01T12:00:00+02:00")
        let checksum = try #require(asset.file?.checksum)
        let path = try #require(await world.files.localOriginal(checksum)?.path)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(bytes))
        let library = try await world.library.libraries.list(by: ana)[0]
        #expect(library.assetCount == 1)
        #expect(library.storageUsedBytes == Int64(bytes.count))
        await world.close()
    }

    @Test func `equal files uploaded at once become one asset`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let bytes = TestPicture.png(seed: 99)

        let stored = try await withThrowingTaskGroup(of: Stored<Asset>.self) { group in
            for index in 0..<8 {
                group.addTask {
                    try await world.library.assets.upload(world.upload(bytes, named: "copy-\(index).png"), into: library, by: ana)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(stored.count(where: \.isNew) == 1)
        #expect(Set(stored.map(\.record.id)).count == 1)
        #expect(try await world.library.libraries.list(by: ana)[0].assetCount == 1)
        let staged = try FileManager.default.contentsOfDirectory(atPath: world.folder.appending(path: "files/staging").path)
        #expect(staged.allSatisfy { $0.hasSuffix(".lock") })
        await world.close()
    }

    @Test func `many uploads into one library at once all get in`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 0..<32 {
                group.addTask {
                    let upload = try await world.upload(TestPicture.png(seed: UInt64(1000 + seed)), named: "\(seed).png")
                    #expect(try await world.library.assets.upload(upload, into: library, by: ana).isNew)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await world.library.libraries.list(by: ana)[0].assetCount == 32)
        await world.close()
    }

    @Test(arguments: [("notes.txt", "hello"), ("page.html", "<html>"), ("nothing", "no magic")])
    func `only photos and videos are taken, and nothing is left of the rest`(name: String, text: String) async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)

        let upload = try await world.upload(Array(text.utf8), named: name)
        await #expect(throws: AssetProblem.self) { try await world.library.assets.upload(upload, into: library, by: ana) }

        #expect(!FileManager.default.fileExists(atPath: upload.staged.path))
        #expect(try await world.library.assets.list(AssetQuery(), in: library, by: ana).items.isEmpty)
    }

    @Test func `a file that cannot be decoded is kept, and its tasks say why`() async throws {
        let ana = try await world.user("ana")
        let asset = try await world.photo(of: ana, named: "broken.jpg", bytes: Array("\u{FF}\u{D8} this is no picture".utf8))

        try await world.finishJobs()

        let tasks = try await world.library.tasks.list(ofAsset: "\(asset.id)", by: ana)
        let failed = tasks.filter { $0.status == .failure && $0.errorMessage?.isEmpty == false }
        #expect(failed.count == 4)
        // Only what its siblings are needs no picture.
        #expect(Set(tasks.map(\.kind)).subtracting(failed.map(\.kind)) == [JobKind(rawValue: "burst_detection")])
        let original = try await world.library.renditions.open("original", of: "\(asset.id)", for: .viewer(ana))
        #expect(original.sizeBytes == asset.fileSizeBytes)
        await #expect(throws: AssetProblem.notFound) {
            try await world.library.renditions.open("thumbnail", of: "\(asset.id)", for: .viewer(ana))
        }
        await world.close()
    }

    @Test func `the pipeline makes renditions and a blur`() async throws {
        let ana = try await world.user("ana")
        let asset = try await world.photo(of: ana, bytes: TestPicture.png(width: 1000, height: 500, seed: 3))

        try await world.finishJobs()

        let read = try await world.library.assets.get("\(asset.id)", by: ana)
        #expect(read.thumbHash?.isEmpty == false)
        for variant in [Variant.thumbnail, .small, .preview, .fullsize] {
            let delivery = try await world.library.renditions.open(variant.rawValue, of: "\(asset.id)", for: .viewer(ana))
            #expect(delivery.mimeType == variant.mimeType)
            _ = try await world.files.read(delivery.file, 0..<0)
        }
        await world.close()
    }

    @Test func `nobody sees what is not theirs`() async throws {
        let ana = try await world.user("ana"), ben = try await world.user("ben")
        let photo = try await world.photo(of: ana)
        let library = try await world.libraryID(of: ana)

        await #expect(throws: AssetProblem.notFound) { try await world.library.assets.get("\(photo.id)", by: ben) }
        await #expect(throws: AssetProblem.notFound) { try await world.library.assets.delete("\(photo.id)", by: ben) }
        await #expect(throws: AssetProblem.notFound) {
            try await world.library.renditions.open("original", of: "\(photo.id)", for: .viewer(ben))
        }
        #expect(try await world.library.assets.list(AssetQuery(), in: library, by: ben).items.isEmpty)
        #expect(try await world.library.assets.counts(AssetCountQuery(), in: library, by: ben).items.isEmpty)
        await world.close()
    }

    @Test func `deleting an asset removes its file when it was the last that used it`() async throws {
        let ana = try await world.user("ana"), ben = try await world.user("ben")
        let bytes = TestPicture.png(seed: 5)
        let first = try await world.photo(of: ana, bytes: bytes), second = try await world.photo(of: ben, bytes: bytes)
        let checksum = try #require(first.file?.checksum)
        #expect(checksum == second.file?.checksum)

        try await world.library.assets.delete("\(first.id)", by: ana)
        try await world.finishJobs()
        #expect(try await world.files.originalSize(checksum) != nil)

        try await world.library.assets.delete("\(second.id)", by: ben)
        try await world.finishJobs()
        #expect(try await world.files.originalSize(checksum) == nil)
        #expect(try await world.library.libraries.list(by: ana)[0].storageUsedBytes == 0)
        await world.close()
    }

    @Test func `existence is checked by content, by SHA-1 and by device`() async throws {
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let photo = try await world.photo(of: ana, named: "one.png")
        let file = try #require(photo.file)
        let padded = Data(file.checksum.bytes).base64EncodedString(), sha1 = Data(file.sha1).base64EncodedString()

        for criterion in [
            ExistenceCriterion.checksums([padded, "nonsense"]), .checksums([padded.replacing("=", with: "")]), .sha1s([sha1]),
            .deviceAssets(deviceID: "test", ids: ["one.png", "two.png"]),
        ] {
            #expect(try await world.library.assets.existing(criterion, in: library, by: ana).map(\.id) == [photo.id])
        }
        #expect(
            try await world.library.assets.existing(.deviceAssets(deviceID: "other", ids: ["one.png"]), in: library, by: ana)
                .isEmpty)
        await world.close()
    }
}
