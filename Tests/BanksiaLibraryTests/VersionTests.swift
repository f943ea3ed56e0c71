import BanksiaCore
import BanksiaFiles
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Versions") struct VersionTests {
    let world: World
    let ana: Viewer

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
    }

    private func new(_ bytes: [UInt8], params: String = "{}") async throws -> NewVersion {
        let staged = try await world.upload(bytes, named: "edited").staged
        return NewVersion(staged: staged, kind: try NewVersion.Kind("edit"), params: params, declaredType: nil)
    }

    private func append(_ seed: UInt64, to asset: Asset) async throws -> Stored<AssetVersions> {
        try await world.library.versions.append(
            new(TestPicture.png(width: 20, height: 30, seed: seed)), to: asset.id.description, by: ana)
    }

    private var originals: Set<ContentDigest> {
        get async throws {
            var met: Set<ContentDigest> = []
            try await world.files.forEachBatchOfOriginals { met.formUnion($0.map(\.digest)) }
            return met
        }
    }

    private var staged: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: world.folder.appending(path: "files/staging").path).filter {
                !$0.hasSuffix(".lock")
            }
        }
    }

    @Test func `equal renderings sent at once become one version`() async throws {
        let asset = try await world.photo(of: ana)
        let stored = try await withThrowingTaskGroup(of: Stored<AssetVersions>.self) { group in
            for _ in 0..<4 { group.addTask { try await append(7, to: asset) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(stored.count(where: \.isNew) == 1)
        #expect(Set(stored.map { $0.record.versions[0].id }).count == 1)
        #expect(try staged.isEmpty)
        await world.close()
    }

    @Test func `what was replaced goes, and what has taken its place stays`() async throws {
        let asset = try await world.photo(of: ana)
        let upload = try #require(asset.file?.checksum)
        let first = try await append(1, to: asset).record.versions[0]
        let second = try await world.library.versions.replace(
            first.id.description, of: asset.id.description, with: new(TestPicture.png(seed: 2)), by: ana
        ).record.versions[0]
        try await world.finishJobs()
        #expect(try await originals == [upload, second.checksum])

        _ = try await world.library.versions.revert(
            to: asset.currentVersionID.description, of: asset.id.description, expecting: nil, by: ana)
        try await world.finishJobs()
        #expect(try await originals == [upload])
        await world.close()
    }

    @Test func `a deleted asset takes its versions along`() async throws {
        let asset = try await world.photo(of: ana)
        _ = try await append(1, to: asset)
        try await world.library.assets.delete(asset.id.description, by: ana)
        try await world.finishJobs()
        #expect(try await originals.isEmpty)
        #expect(try await world.library.libraries.list(by: ana)[0].storageUsedBytes == 0)
        await world.close()
    }

    @Test func `a rendering that finds no room is refused and leaves nothing behind`() async throws {
        let asset = try await world.photo(of: ana)
        try await world.database.write { [user = ana.user] tx in
            try tx.execute("UPDATE \"user\" SET storage_limit_bytes = \(asset.fileSizeBytes + 10) WHERE id = \(user)")
        }
        await #expect(throws: AssetProblem.quotaExceeded) { try await append(1, to: asset) }
        #expect(try await world.library.assets.get(asset.id.description, by: ana).kind == "original")
        #expect(try staged.isEmpty)
        await world.close()
    }

    @Test func `a rendering that cannot be decoded leaves nothing behind`() async throws {
        let asset = try await world.photo(of: ana)
        let torn = Array(TestPicture.png(seed: 1).dropLast(100))
        await #expect(throws: VersionProblem.self) {
            try await world.library.versions.append(new(torn), to: asset.id.description, by: ana)
        }
        #expect(try staged.isEmpty)
        #expect(try await originals.count == 1)
        await world.close()
    }

    @Test(arguments: ["original", "", "Edit", "external:", "external:a/b", "external:" + String(repeating: "x", count: 201)])
    func `kinds that nobody makes are refused`(text: String) {
        #expect(throws: VersionProblem.unknownKind) { try NewVersion.Kind(text) }
    }
}
